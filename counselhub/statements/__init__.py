"""The subsidy statement: one firm, one street, one calendar month."""
