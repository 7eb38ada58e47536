"""转介: a service that one lawyer cannot finish alone goes to a team, and comes back answered."""
