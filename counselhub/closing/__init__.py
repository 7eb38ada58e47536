"""Months that a submitted statement has closed."""
