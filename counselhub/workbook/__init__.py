"""Import and export of a firm's workbook."""
