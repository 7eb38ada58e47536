"""Whether the books of money agree with themselves: each night, and when somebody asks."""
