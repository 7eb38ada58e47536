"""A frozen difference sheet as a paper that both sides hold: one content, as PDF and as Excel."""
