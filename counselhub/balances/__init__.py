"""Statement of account between a firm and a street: any period, confirmed by both."""
