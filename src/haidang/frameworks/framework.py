"""What a maturity framework is: areas, capabilities, levels and the criteria that decide them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from haidang.errors import HaidangError, Place

Language: TypeAlias = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")
Text: TypeAlias = Mapping[str, str]
"""What a user reads, by language."""

RIGHTS = ("own", "official", "licensed")
KINDS = ("must", "should")
EVIDENCE_KINDS = ("photo", "record", "document", "measurement", "interview", "screen")
EFFORTS = ("low", "medium", "high")
RELATIONS = ("equivalent", "narrower", "broader", "related")
SIZES = ("small", "medium", "large")
SECTORS = ("food", "garments", "metal", "other")
APPLIES_BY = ("sector", "size")


class FrameworkError(HaidangError):
    """A framework that contradicts itself: an id twice, a level without a must criterion, a crosswalk from nowhere."""


class RightsError(HaidangError):
    """A text that its owner has not released for a public pack."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document that a framework rests on."""

    title: str
    publisher: str
    date: str
    address: str | None


@dataclass(frozen=True, slots=True)
class Level:
    """A step of the scale, counted from zero."""

    level: int
    title: Text
    meaning: Text


@dataclass(frozen=True, slots=True)
class Criterion:
    """A statement that is true of a factory or not.

    Args:
        id: unique in the framework.
        level: the level that it belongs to, one or more.
        kind: `must` decides the level; `should` is advice.
        text: the statement.
        question: what an engineer on the shop floor is asked.
        evidence_kinds: what kinds of evidence are accepted.
        evidence_example: an example of such evidence.
        remedy: what to do where it is not met.
        effort: how much that takes: low, medium, high.
    """

    id: str
    level: int
    kind: str
    text: Text
    question: Text
    evidence_kinds: tuple[str, ...]
    evidence_example: Text
    remedy: Text
    effort: str
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Capability:
    """Something that a factory can do at some level.

    Args:
        applies: for `sector` and `size`, the values it applies to; a column that is not named applies to all.
    """

    id: str
    title: Text
    meaning: Text
    weight: float
    applies: Mapping[str, tuple[str, ...]]
    criteria: tuple[Criterion, ...]
    place: Place | None = field(default=None, compare=False, repr=False)

    @property
    def top(self) -> int:
        """The highest level that has a must criterion."""
        return max((one.level for one in self.criteria if one.kind == "must"), default=0)


@dataclass(frozen=True, slots=True)
class Area:
    """Capabilities that belong together."""

    id: str
    title: Text
    meaning: Text
    weight: float
    capabilities: tuple[Capability, ...]


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """How a capability relates to a named part of another framework; no score is ever carried over."""

    source: str
    target: str
    relation: str
    note: Text


@dataclass(frozen=True, slots=True)
class Framework:
    """A maturity scale, whole and checked. Two are equal where their content is, wherever they were read from."""

    id: str
    title: Text
    version: str
    date: str
    rights: str
    note: Text
    sources: tuple[Document, ...]
    levels: tuple[Level, ...]
    areas: tuple[Area, ...]
    crosswalks: tuple[Crosswalk, ...]
    place: Place | None = field(default=None, compare=False, repr=False)

    @property
    def top(self) -> int:
        """The highest level of the scale."""
        return self.levels[-1].level

    @property
    def capabilities(self) -> tuple[Capability, ...]:
        """All capabilities, in the order of the areas."""
        return tuple(one for area in self.areas for one in area.capabilities)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria, in the order of the capabilities."""
        return tuple(one for capability in self.capabilities for one in capability.criteria)

    def walk(self) -> Iterator[tuple[Area, Capability, Criterion]]:
        """Every criterion with its capability and its area."""
        for area in self.areas:
            for capability in area.capabilities:
                for criterion in capability.criteria:
                    yield area, capability, criterion

    def capability(self, name: str) -> Capability:
        """The capability of that id.

        Raises:
            FrameworkError: there is none.
        """
        from haidang.errors import did_you_mean

        for one in self.capabilities:
            if one.id == name:
                return one
        known = [one.id for one in self.capabilities]
        raise FrameworkError(f"expected a capability of '{self.id}', found '{name}'", None, did_you_mean(name, known))


def forbid_licensed(framework: Framework) -> Framework:
    """The framework itself, where its text may stand in a public pack.

    Raises:
        RightsError: the text is licensed.
    """
    if framework.rights == "licensed":
        raise RightsError(
            "expected text that is our own or official, found 'licensed'",
            framework.place and framework.place.at("rights"),
            "a public pack may not hold licensed text; keep the file in a private pack",
        )
    return framework
