"""What contracts are paid by instalments: plans, conditions, invoices, payments."""
