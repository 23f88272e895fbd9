"""Tax codes of Vietnamese enterprises: ten digits, of which the tenth checks the others; three more for a branch."""

from __future__ import annotations

WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
"""Of the first nine digits; the tenth is ten less their weighted sum modulo eleven."""


class TaxCodeError(ValueError):
    """What is no tax code; its text is a key of `factories.mistake` in the catalogue."""


def tax_code(text: str) -> str:
    """The digits of a tax code.

    Raises:
        TaxCodeError: there are too few or too many, or the tenth does not fit.
    """
    digits = text.replace(" ", "").replace("-", "").replace(".", "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) not in {10, 13}:
        raise TaxCodeError("tax_digits")
    if int(digits[9]) != check_digit(digits):
        raise TaxCodeError("tax_check")
    return digits


def check_digit(digits: str) -> int:
    """The tenth digit that belongs to the first nine; ten where there is none, and nobody has such a code."""
    return 10 - sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=False)) % 11
