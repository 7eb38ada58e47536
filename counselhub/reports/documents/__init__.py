"""Papers: the sign-in sheet and the notice of a community, as PDF and Excel; always in Chinese."""
