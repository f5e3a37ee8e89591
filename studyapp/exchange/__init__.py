"""Bringing decks and history in from other programs, and taking them out."""
