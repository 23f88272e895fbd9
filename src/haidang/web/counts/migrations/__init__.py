"""The tables of the interface, step by step."""
