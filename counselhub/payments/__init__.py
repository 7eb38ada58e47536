"""Payment lists: what a street's finance pays, gathered, sent, paid or taken apart."""
