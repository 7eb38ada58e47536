"""A lawyer comes in place of another: what is handed over, to whom it was promised, and when."""
