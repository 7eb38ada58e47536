"""The monthly subsidy statement and its review."""
