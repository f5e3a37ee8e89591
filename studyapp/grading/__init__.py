"""From a card to a question with fresh numbers, and from what was typed to a verdict that says why."""
