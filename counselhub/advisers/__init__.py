"""The lawyers of a firm who advise communities."""
