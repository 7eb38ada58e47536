"""A statement as a document that both sides hold: one sheet, written as PDF and as Excel."""
