"""Where duty is done: the point of each community, positions of taps, the community's code."""
