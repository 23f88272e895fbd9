"""The administration: accounts, organisations, the log of what was done, health."""
