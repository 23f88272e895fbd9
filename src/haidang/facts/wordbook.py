"""The words that a package shows on screen, in both languages, from the YAML files beside its code."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, cast

from ruamel.yaml import YAML

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


def read_words(place: Traversable) -> Mapping[str, object]:
    """A file of words as it is written, by the parser in C: every process that begins reads a quarter of a megabyte.

    Raises:
        YAMLError: the file has a mistake, which is a defect of the program.
    """
    yaml: Any = YAML(typ="safe", pure=False)
    return cast("Mapping[str, object]", yaml.load(place.read_text(encoding="utf-8")))


def by_points(node: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    """Nested keys joined by points."""
    found: dict[str, str] = {}
    for key, value in node.items():
        if isinstance(value, dict):
            found |= by_points(cast("dict[str, object]", value), f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = str(value)
    return found
