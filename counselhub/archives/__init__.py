"""Everything that a street's office may see, in one file to keep: asked for, made, fetched."""
