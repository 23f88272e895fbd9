"""The models of the pack."""
