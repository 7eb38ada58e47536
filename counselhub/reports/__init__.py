"""The month's picture, the sign-in sheet, and planned duty as the street publishes it."""
