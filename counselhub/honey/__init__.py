"""Honey rows: marked rows that nobody reads but a leak (docs/threat-model.md)."""
