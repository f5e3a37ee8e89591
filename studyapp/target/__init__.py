"""Targets: to know something on a date. What was chosen, which cards it asks today, whether it will be reached."""
