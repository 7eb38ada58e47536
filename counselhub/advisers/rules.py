"""How what the roll says of an adviser is written: pure, for pages and programs alike."""

LICENCE = r"^[0-9A-Za-z()（）-]+$"
"""执业证号: letters and digits only, as on the licence."""
PHONE = r"^[0-9+ -]{5,20}$"
"""Digits, with an area code's signs."""
EMAIL = r"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$"
"""One address."""
NAME_LENGTH, LICENCE_LENGTH, EMAIL_LENGTH = 50, 40, 254
