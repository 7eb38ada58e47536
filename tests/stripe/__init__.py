"""A Stripe of our own, shaped as the version of the API that the pinned library names."""
