"""What was done on the site, by whom and when: a log that only grows, each entry sealing the one before."""

SITE = "site"
"""Who did it, where the site did it itself."""
