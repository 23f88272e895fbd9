"""The words of fits, from the catalogue beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from haidang.facts import Reader, read_yaml

_FILE = Path(__file__).with_suffix(".yaml")


@cache
def _catalogue() -> Mapping[str, Mapping[str, str]]:
    reader = Reader(read_yaml(_FILE), _FILE)
    languages = {lang: reader.child(lang) for lang in ("vi", "en")}
    return {lang: {key: words.text(key) for key in words.keys} for lang, words in languages.items()}


def say(lang: str, key: str, **values: object) -> str:
    """The catalogue's words for a key, with values in their places."""
    return _catalogue()[lang][key].format(**values)
