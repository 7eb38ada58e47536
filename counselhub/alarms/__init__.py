"""Isolation alarms: what another tenant reached, and who answered for it."""
