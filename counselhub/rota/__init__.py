"""Online duty by turns: who answers when, handed over by a tap, with the gaps to come."""
