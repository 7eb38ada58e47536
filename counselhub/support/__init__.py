"""支持访问: a place lets the platform's operator look in, under one of its accounts, for hours."""
