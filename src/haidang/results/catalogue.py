"""The words on screen, in two languages: read from `catalogue.vi.yaml` and `catalogue.en.yaml`, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import cast

from haidang.results.manifest import Language


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A published evaluation of deadweight or additionality."""

    programme: str
    finding: str
    source: str
    address: str


@dataclass(frozen=True)
class Catalogue:
    """The words of one language."""

    language: Language
    texts: Mapping[str, str]
    evaluations: tuple[Evaluation, ...]

    def text(self, key: str, **values: str) -> str:
        """A sentence with its values filled in.

        Raises:
            KeyError: the catalogue has no such key, which is a defect of the program.
        """
        return self.texts[key].format(**values)

    def has(self, key: str) -> bool:
        """Whether there are words for a key."""
        return key in self.texts

    def unit(self, name: str) -> str:
        """How a unit of measure is written; its own name where the catalogue has none."""
        return self.texts.get(f"unit.{name}", name)

    def per(self, name: str) -> str:
        """How one of a unit is written after a stroke: per level, per tonne."""
        return self.texts.get(f"one.{name}", self.unit(name))


@lru_cache(maxsize=2)
def catalogue(language: Language) -> Catalogue:
    """The catalogue of a language."""
    from ruamel.yaml import YAML

    file = files("haidang.results").joinpath(f"catalogue.{language}.yaml")
    raw = cast(dict[str, object], YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8")))  # pyright: ignore[reportUnknownMemberType]
    evaluations = cast(list[dict[str, str]], raw.pop("evaluations"))
    return Catalogue(language, dict(_flat("", raw)), tuple(Evaluation(**each) for each in evaluations))


def _flat(prefix: str, node: Mapping[str, object]) -> list[tuple[str, str]]:
    """Nested keys joined by points."""
    found: list[tuple[str, str]] = []
    for key, value in node.items():
        if isinstance(value, dict):
            found += _flat(f"{prefix}{key}.", cast(dict[str, object], value))
        else:
            found.append((f"{prefix}{key}", str(value)))
    return found
