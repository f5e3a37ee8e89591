"""Cards with gaps to fill."""
