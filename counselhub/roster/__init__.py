"""Duty as it is planned: working days, what contracts ask for, the month's slots, the feed."""
