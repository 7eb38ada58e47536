"""The texts of contracts: clauses, drafts from a template, the signed scan, the filing."""
