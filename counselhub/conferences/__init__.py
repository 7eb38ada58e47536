"""会商: lawyers confer on a hard case, each with an opinion of his own, and keep minutes."""
