"""How a firm pays: plans by seats, by Stripe or by bank transfer in one subscription."""
