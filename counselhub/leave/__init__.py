"""Leave of lawyers: asked for, decided, and who is away when."""
