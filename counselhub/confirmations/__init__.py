"""The community's word on a session, given by a link without an account."""
