"""Two ledgers: the office's Excel held against the statements, settled line by line, confirmed."""
