"""What a pilot's screens and reports say, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

from haidang.facts import Reader, parse_yaml

Language = Literal["vi", "en"]


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    written = files("haidang.learn.pilot").joinpath("words.yaml").read_text(encoding="utf-8")
    reader = Reader(parse_yaml(written, "words.yaml"), "words.yaml")
    return {key: reader.title(key) for key in reader.keys}


def text(key: str, language: str, **values: str) -> str:
    """The words of a key, its blanks filled in.

    Raises:
        KeyError: there are no such words, which is a defect of the program.
    """
    return _words()[key][language].format(**values)


def known(key: str) -> bool:
    """Whether there are words for a key."""
    return key in _words()
