"""The languages in which the app speaks about a card: English where it is said, Chinese in ``chinese``."""
