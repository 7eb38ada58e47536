"""Proof that money is conserved, whatever firm, office and jobs do, in whatever order."""
