"""One file a screen. A screen's module is imported when the screen is first opened."""
