"""What the street's justice office does with a submitted statement."""
