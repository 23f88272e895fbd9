"""The tables of the pilots, step by step."""
