"""The question bank: deck files read, checked, indexed and searched.

Decks are YAML files that people write; everything here turns them into the frozen values of ``card`` and
says, with file, line and column, what is wrong with the rest. Nothing here knows when a card is due.
"""
