"""Frameworks: maturity scales, assessments under them, what they say."""
