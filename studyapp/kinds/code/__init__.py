"""Functions to write in Python."""
