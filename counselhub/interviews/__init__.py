"""约谈: what the office talked over with a firm, what was agreed, and until when."""
