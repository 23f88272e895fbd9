"""What can be wrong with data or a description from which choices are to be estimated."""

from __future__ import annotations

from haidang.errors import HaidangError


class FitError(HaidangError):
    """Data that cannot tell the coefficients asked for, or a description that does not fit the data."""
