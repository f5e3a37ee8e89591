"""One file a thing on the screen."""
