"""Firms, offices, persons, their memberships and sign-in."""
