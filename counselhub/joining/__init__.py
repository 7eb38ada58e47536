"""How a law firm, an office and a bureau come to the platform: sign-up, terms, invitations."""
