"""Party-building pairings (党建结对共建)."""
