"""One history on all machines: segments of the log in a store that the user names, read as strangers' data."""
