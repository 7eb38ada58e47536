"""抽查: which planned duty the office looks at, what it found there, what the firm says to it."""
