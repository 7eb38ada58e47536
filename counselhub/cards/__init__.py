"""The public card of a community (公示卡): who advises it, how to reach them, which studio."""
