"""Exercises with fresh numbers."""
