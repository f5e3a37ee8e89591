"""What all kinds of card are made of, and how decks write it."""
