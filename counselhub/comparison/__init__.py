"""What the firms of a street, or of a district street by street, did and claimed, side by side."""
