"""两步验证: one-time codes, recovery codes, passkeys, and who must have them."""
