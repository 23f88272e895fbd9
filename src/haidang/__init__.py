"""Haidang: a policy laboratory for cities."""

__version__ = "0.1.0"
