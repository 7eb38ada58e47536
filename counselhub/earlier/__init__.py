"""以前月份: what a settled month lacked, entered late, proven, agreed to and then settled."""
