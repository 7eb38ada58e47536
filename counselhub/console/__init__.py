"""运营: what the platform's operator sees of firms, offices and bureaus; never case content."""
