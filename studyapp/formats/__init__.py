"""Decks and history of other programs: one module a format, listed in `table`."""
