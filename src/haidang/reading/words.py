"""The words of the room on a screen, in both languages, read from `words.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from haidang.facts import Reader, parse_yaml

__all__ = ["word", "words"]


@cache
def words(group: str) -> Mapping[str, Mapping[str, str]]:
    """The words of one group: by key, by language."""
    text = files("haidang.reading").joinpath("words.yaml").read_text(encoding="utf-8")
    around = Reader(parse_yaml(text, "words.yaml"), "words.yaml").child(group)
    return {key: around.title(key) for key in around.keys}


def word(group: str, key: str, language: str) -> str:
    """How a key of a group is said in a language; the key itself where it has no words."""
    found = words(group).get(key)
    return key if found is None else found[language]
