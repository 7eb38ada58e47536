"""What the office does with a ledger and both sides with its differences."""
