"""A firm's data in and out: one Excel workbook."""
