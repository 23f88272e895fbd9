"""Looking for names as people type them: without capitals and accents, on every database alike.

SQLite folds the case of ASCII letters alone, and PostgreSQL folds as the language of its database says. So names are
held against what is looked for here; of ten thousand, that takes some hundredths of a second.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from django.db.models import QuerySet

_MARKS = dict.fromkeys((mark for mark in range(0x300, 0x370)), None) | {ord("đ"): "d"}
"""Accents that stand for themselves, and the one letter of Vietnamese that is no letter with an accent."""


def folded(text: str) -> str:
    """A text without capitals and accents, each gap one blank: `Đông  Á` as `dong a`, in NFC and NFD alike."""
    plain = text.lower()
    if not text.isascii():
        plain = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).casefold()).translate(_MARKS)
    return " ".join(plain.split())


def holding(rows: QuerySet[Any], wanted: str, *fields: str) -> list[int]:
    """The numbers of the rows that hold a text in one of these fields, which may be those of other tables.

    They come in the order of the rows; one that several rows of another table belong to comes as often.
    """
    sought = folded(wanted)
    told = rows.values_list("pk", *fields)
    return [number for number, *texts in told if any(sought in folded(text or "") for text in texts)]
