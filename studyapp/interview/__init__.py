"""A mock interview without any screen: its course, its clock, its report, and what becomes of its answers."""
