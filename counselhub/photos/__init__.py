"""Photos of a session: what a camera saw on site, and whether its own time agrees."""
