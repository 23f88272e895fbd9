"""The id that a design has in files and runs."""

from __future__ import annotations

import re
import unicodedata


def slug_of(name: str, number: int) -> str:
    """An id in small letters without marks, ending in a number: `vay-re-hon-7`."""
    plain = unicodedata.normalize("NFKD", name.replace("đ", "d").replace("Đ", "D"))
    head = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower())[:60].lstrip("0123456789-")
    parts = [part for part in head.split("-") if part] or ["design"]
    return "-".join((*parts, str(number)))
