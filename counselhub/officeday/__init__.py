"""The street office's own day: what waits, what is due, what it has spent and will have spent."""
