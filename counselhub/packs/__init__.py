"""补贴办法: rule packs of a bureau or a street office, which firms adopt for their schemes."""
