"""How long each kind of data is kept, and what becomes of it afterwards."""
