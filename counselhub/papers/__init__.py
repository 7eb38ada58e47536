"""Anybody who holds a sealed paper asks whether it is true, and still the newest."""
