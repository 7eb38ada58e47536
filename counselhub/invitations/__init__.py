"""Invitations: a firm's people, an office, a bureau; they expire, are withdrawn, accepted once."""
