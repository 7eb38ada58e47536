"""Differences to months that were settled: each waits for the next open statement (M10)."""
