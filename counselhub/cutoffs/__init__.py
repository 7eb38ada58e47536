"""What a street's office asks of the time of a settlement: cut-off, late entries, their cap."""
