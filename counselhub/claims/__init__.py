"""Case subsidy claims (以案定补)."""
