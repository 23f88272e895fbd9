"""The words on screen, in two languages, and nowhere else.

Names of units, columns and parts are in `catalogue.vi.yaml` and `catalogue.en.yaml`, whole sentences in
`sentences.vi.yaml` and `sentences.en.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import cast

from haidang.facts import by_points, read_words
from haidang.results.manifest import Language, Manifest


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A published evaluation of deadweight or additionality; `fact` is the id of the fact that states it, if any."""

    programme: str
    finding: str
    source: str
    address: str
    fact: str = ""


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
        """How one of a unit is written after a stroke: per level, per tonne of CO₂e."""
        return self.texts.get(f"one.{name}", self.unit(name))


@lru_cache(maxsize=2)
def catalogue(language: Language) -> Catalogue:
    """The catalogue of a language."""
    raw: dict[str, object] = {}
    for name in ("catalogue", "sentences"):
        raw |= read_words(files("haidang.results").joinpath(f"{name}.{language}.yaml"))
    evaluations = cast(list[dict[str, str]], raw.pop("evaluations"))
    return Catalogue(language, by_points(raw), tuple(Evaluation(**each) for each in evaluations))


def words_of(manifest: Manifest, language: Language) -> Catalogue:
    """The catalogue of a language, with what this run's units are called in it."""
    known = catalogue(language)
    unit = next((each.unit for each in manifest.outcomes if each.id == manifest.roles.units), "unit")
    own: dict[str, str] = {}
    if manifest.unit_title is not None:
        own[f"unit.{unit}"] = manifest.unit_title[language]
    if manifest.unit_one is not None:
        own[f"one.{unit}"] = manifest.unit_one[language]
    return Catalogue(language, {**known.texts, **own}, known.evaluations) if own else known
