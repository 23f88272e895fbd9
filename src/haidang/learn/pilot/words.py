"""What a pilot's screens and reports say, in both languages."""

from __future__ import annotations

from typing import Literal

from haidang.facts import wordbook

Language = Literal["vi", "en"]


def text(key: str, language: str, **values: str) -> str:
    """The words of a key, its blanks filled in.

    Raises:
        KeyError: there are no such words, which is a defect of the program.
    """
    return wordbook("haidang.learn.pilot")[key][language].format(**values)


def known(key: str) -> bool:
    """Whether there are words for a key."""
    return key in wordbook("haidang.learn.pilot")
