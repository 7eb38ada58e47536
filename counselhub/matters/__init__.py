"""Matters of the firm, their parties, and whether it may act for them."""
