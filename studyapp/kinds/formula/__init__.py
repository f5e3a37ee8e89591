"""Formulas and derivations."""
