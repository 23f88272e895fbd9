"""The words of workbooks and tables in both languages, read from `words.yaml` and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from unicodedata import normalize

from haidang.facts import Reader, parse_yaml

Words = Mapping[str, Mapping[str, str]]


@cache
def words(group: str) -> Words:
    """The words of one group (`headings`, `sheets`, `answers`, `statuses`...): by key, by language."""
    text = files("haidang.frameworks").joinpath("words.yaml").read_text(encoding="utf-8")
    around = Reader(parse_yaml(text, "words.yaml"), "words.yaml").child(group)
    return {key: around.title(key) for key in around.keys}


def word(group: str, key: str, language: str) -> str:
    """How a key of a group is written in a language; the key itself where it has no words."""
    found = words(group).get(key)
    return key if found is None else found[language]


@cache
def meanings(group: str) -> Mapping[str, str]:
    """For every way in which a key of a group may be written, the key: itself and either language, case apart."""
    return {folded(text): key for key, texts in words(group).items() for text in (*texts.values(), key)}


def folded(text: str) -> str:
    """A text as it is compared: composed letters, one space between words, case apart."""
    return " ".join(normalize("NFC", text).split()).casefold()
