"""The words that a package shows on screen, in both languages, from the YAML file beside its code."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from haidang.facts.reader import Reader
from haidang.facts.yaml import parse_yaml


@cache
def wordbook(package: str, name: str = "words.yaml") -> Mapping[str, Mapping[str, str]]:
    """The words of a package, by key and language.

    Args:
        package: its dotted name.
        name: the file among its modules.

    Raises:
        YamlError: the file has a mistake, which is a defect of the program.
    """
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    top = Reader(parse_yaml(text, name), name)
    return {key: top.title(key) for key in top.keys}
