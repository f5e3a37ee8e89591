"""Curves of losses: what is plotted, and the plots."""
