"""What arrives at the firm's bank, and which statements it settles."""
