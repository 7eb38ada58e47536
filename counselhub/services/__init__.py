"""Service records."""
