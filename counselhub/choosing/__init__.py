"""Two-way choice: lawyers and communities state their wishes, the firm matches them."""
