"""What everybody may see of the city."""
