"""Who leads and who backs up in which community, and the coverage matrix."""
