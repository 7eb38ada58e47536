"""逾期补交: months that a street's cut-off has closed, and how they are handed in all the same."""
