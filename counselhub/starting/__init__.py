"""A firm's first path: its streets, its workbook, its people; what is left is shown until done."""
