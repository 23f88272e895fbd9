"""Chance that anyone can repeat: a number for each unit from the declaration's hash, a public salt and the unit's id.

SHA-256 of the four texts, joined by line feeds, in UTF-8; its first eight bytes, read as a whole number with the most
significant byte first. A unit's number does not depend on the order of the rows nor on who else takes part.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Chance = Callable[[str, Sequence[str]], Keys]
"""For a purpose and some names, a number for each name (uint64, names)."""

RECIPE = "SHA-256(declaration hash, salt, purpose, id; joined by line feeds), first 8 bytes, big-endian"


def public_chance(declaration_hash: str, salt: str) -> Chance:
    """The numbers that follow from a frozen declaration and a public salt."""
    head = f"{declaration_hash}\n{salt}\n"

    def numbers(purpose: str, names: Sequence[str]) -> Keys:
        begun = hashlib.sha256(f"{head}{purpose}\n".encode())
        found = np.empty(len(names), np.uint64)
        for place, name in enumerate(names):
            one = begun.copy()
            one.update(name.encode())
            found[place] = int.from_bytes(one.digest()[:8], "big")
        return found

    return numbers


def drawn_chance(generator: np.random.Generator) -> Chance:
    """Numbers of a generator: the same rule drawn anew, as randomisation inference repeats it."""

    def numbers(purpose: str, names: Sequence[str]) -> Keys:
        del purpose
        return generator.integers(0, np.iinfo(np.uint64).max, len(names), np.uint64, endpoint=True)

    return numbers
