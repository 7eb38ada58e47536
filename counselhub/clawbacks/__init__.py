"""追回: what the office takes back of a paid line, by a later statement."""
