"""一村一卷: everything of one community and year, as an indexed PDF and a ZIP of originals."""
