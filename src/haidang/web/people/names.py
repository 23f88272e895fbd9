"""Names of organisations: how they are kept, and when two are one. Accents count: `Bình` is not `Bính`."""

from __future__ import annotations

import unicodedata


def written(name: str) -> str:
    """A name as it is kept: letters with their accents composed (NFC), one blank in each gap."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def alike(name: str) -> str:
    """What two names share that nobody tells apart: they differ in capitals, in gaps, or in how accents are encoded.

    Databases do not say it: SQLite folds the capitals of ASCII alone, and none knows NFC from NFD.
    """
    return unicodedata.normalize("NFC", written(name).casefold())
