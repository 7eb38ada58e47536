"""On-site sessions and online shifts."""
