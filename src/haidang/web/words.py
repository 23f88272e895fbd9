"""The words on screen, in two languages, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal, cast

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    language: Language
    texts: Mapping[str, str]

    def text(self, key: str, **values: object) -> str:
        """A sentence with its values filled in.

        Raises:
            KeyError: the catalogue has no such key, which is a defect of the program.
        """
        return self.texts[key].format(**values)


@lru_cache(maxsize=2)
def words(language: Language) -> Words:
    """The catalogue of a language."""
    from ruamel.yaml import YAML

    text = files("haidang.web").joinpath(f"words.{language}.yaml").read_text(encoding="utf-8")
    raw = cast(dict[str, object], YAML(typ="safe", pure=True).load(text))  # pyright: ignore[reportUnknownMemberType]
    return Words(language, dict(_flat("", raw)))


def _flat(prefix: str, node: Mapping[str, object]) -> list[tuple[str, str]]:
    """Nested keys joined by points."""
    found: list[tuple[str, str]] = []
    for key, value in node.items():
        if isinstance(value, dict):
            found += _flat(f"{prefix}{key}.", cast(dict[str, object], value))
        else:
            found.append((f"{prefix}{key}", str(value)))
    return found
