"""Who gets what of a statement inside the firm; only the firm's own people ever see it."""
