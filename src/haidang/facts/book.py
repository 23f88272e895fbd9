"""All facts of a pack."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from haidang.errors import HaidangError, Place
from haidang.facts.fact import Claim, Fact, FactError, Rival, Source, SourceError, UnknownFactError
from haidang.facts.joint import Together, read_joints
from haidang.facts.nodes import YamlError
from haidang.facts.reader import Reader, Words, spelling
from haidang.facts.statement import read_fact, read_source
from haidang.facts.units import canonical, canonical_unit
from haidang.facts.yaml import read_yaml


@dataclass(frozen=True, slots=True)
class FactBook:
    """The facts, sources and joint distributions of a pack, by id."""

    facts: Mapping[str, Fact]
    sources: Mapping[str, Source]
    joints: Mapping[str, Together]

    @classmethod
    def load(cls, folder: Path | str) -> FactBook:
        """Read a pack's folder: `sources.yaml` or `sources/*.yaml`, or both, and every `facts/*.yaml`.

        Raises:
            HaidangError: the first mistake found, with file, line and key.
        """
        book, mistakes = _gather(Path(folder))
        if mistakes:
            raise mistakes[0]
        return book

    @staticmethod
    def mistakes(folder: Path | str) -> tuple[HaidangError, ...]:
        """Every mistake that `load` would meet, in the order of the files; empty where it would succeed."""
        return tuple(_gather(Path(folder))[1])

    def fact(self, name: str, place: Place | None = None) -> Fact:
        """The fact of that id.

        Raises:
            UnknownFactError: there is none, with the nearest id.
        """
        if name not in self.facts:
            raise UnknownFactError(f"expected a fact of the pack, found '{name}'", place, spelling(name, self.facts))
        return self.facts[name]

    def value(self, name: str, year: int | None = None) -> float:
        """A fact's central value in its canonical unit; for dated facts, that of the year, else the last.

        Raises:
            UnknownFactError: there is no such fact, or the year is before its first.
        """
        fact = self.fact(name)
        return fact.canonical if year is None else canonical(fact.at(year), fact.unit)

    def unit(self, name: str) -> str:
        """The canonical unit of a fact."""
        return self.fact(name).canonical_unit

    def uncertain(self) -> tuple[str, ...]:
        """The ids of all facts that are drawn, sorted."""
        joint = {name for one in self.joints.values() for name in one.facts}
        return tuple(sorted(joint | {fact.id for fact in self.facts.values() if fact.distribution is not None}))

    def using(self, choices: Mapping[str, str]) -> FactBook:
        """The book with another of the published values in use, by fact id.

        Raises:
            UnknownFactError: there is no such fact, or no such value of it.
        """
        return replace(self, facts={**self.facts, **{name: self._use(name, rival) for name, rival in choices.items()}})

    def digest(self) -> str:
        """SHA-256 of everything stated, whatever the files and lines that state it."""
        stated = {
            "facts": self.explain(self.facts),
            "joints": {name: one.stated for name, one in self.joints.items()},
        }
        text = json.dumps(stated, sort_keys=True, ensure_ascii=False, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def explain(self, names: Iterable[str]) -> dict[str, Any]:
        """What a run keeps of its facts to explain itself without the pack, ready for JSON, sorted by id.

        Raises:
            UnknownFactError: there is no such fact.
        """
        return {name: describe(self.fact(name), self.sources) for name in sorted(names)}

    def _use(self, name: str, rival_id: str) -> Fact:
        fact = self.fact(name)
        rivals = {rival.id: rival for rival in fact.rivals}
        if rival_id not in rivals:
            problem = f"expected a published value of this fact, found '{rival_id}'"
            raise UnknownFactError(problem, fact.where, spelling(rival_id, rivals))
        return _with(fact, rivals[rival_id])


def _with(fact: Fact, rival: Rival) -> Fact:
    drawn = (
        fact.distribution
        if fact.distribution is not None and fact.distribution.kind == "choice"
        else rival.distribution
    )
    return replace(
        fact, value=rival.value, range=rival.range, se=rival.se, distribution=drawn, claim=rival.claim, chosen=rival.id
    )


def describe(fact: Fact, sources: Mapping[str, Source]) -> dict[str, Any]:
    """A fact as JSON holds it: title, value, unit, range, sources in full, assumption, note, rivals."""
    return {
        "title": dict(fact.title),
        "value": fact.value,
        "unit": fact.unit,
        "canonical": fact.canonical,
        "canonical_unit": canonical_unit(fact.unit),
        "range": None if fact.range is None else list(fact.range),
        "se": fact.se,
        "distribution": None if fact.distribution is None else fact.distribution.kind,
        "dated": None if fact.dated is None else {str(year): value for year, value in fact.dated.items()},
        "after": None if fact.dated is None else fact.after,
        **_describe_claim(fact.claim, sources),
        "chosen": fact.chosen,
        "rivals": [
            {
                "id": rival.id,
                "value": rival.value,
                "range": None if rival.range is None else list(rival.range),
                "se": rival.se,
                **_describe_claim(rival.claim, sources),
            }
            for rival in fact.rivals
        ],
    }


def describe_source(one: Source) -> dict[str, Any]:
    """A document as JSON holds it."""
    return {"id": one.id, "title": one.title, "publisher": one.publisher, "date": one.date, "address": one.address}


def _describe_claim(claim: Claim, sources: Mapping[str, Source]) -> dict[str, Any]:
    return {
        "source": [describe_source(sources[name]) for name in claim.source],
        "assumption": _written(claim.assumption),
        "place": _written(claim.passage),
        "as_of": None if claim.as_of is None else claim.as_of.isoformat(),
        "note": _written(claim.note),
    }


def _written(words: Words | None) -> str | dict[str, str] | None:
    """Words as the pack gives them: one text, or both languages."""
    return dict(words) if isinstance(words, Mapping) else words


def _files(folder: Path) -> list[Path]:
    """The YAML files of a folder, in the order of their names."""
    for path in sorted(folder.glob("*.yml")):
        raise YamlError("expected the ending '.yaml', found '.yml'", Place(str(path)))
    return sorted(folder.glob("*.yaml"))


def _gather(root: Path) -> tuple[FactBook, list[HaidangError]]:
    """What can be read of a pack, and what is wrong with the rest.

    Where a source or a fact is wrong, what names it is not looked at, so that one mistake is said once.
    """
    mistakes: list[HaidangError] = []
    sources: dict[str, Source] = {}
    facts: dict[str, Fact] = {}
    joints: dict[str, Together] = {}
    try:
        if not root.is_dir():
            raise YamlError("expected a pack's folder, found none", Place(str(root)))
        _gather_sources(root, sources, mistakes)
        groups = [] if mistakes else _gather_facts(root, sources, facts, mistakes)
        joints = {} if mistakes else read_joints(groups, facts)
    except HaidangError as mistake:
        mistakes.append(mistake)
    return FactBook(facts, sources, joints), mistakes


def _gather_sources(root: Path, sources: dict[str, Source], mistakes: list[HaidangError]) -> None:
    single = root / "sources.yaml"
    paths = [*([single] if single.exists() else []), *_files(root / "sources")]
    places: dict[str, Place] = {}
    for entries in _readers(paths or [single], mistakes):
        for name in entries.keys:
            try:
                if name in places:
                    raise SourceError(
                        f"expected each source once, found it first in {places[name]}", entries.place(name)
                    )
                places[name] = entries.place(name)
                sources[name] = read_source(entries.child(name), name)
            except HaidangError as mistake:
                mistakes.append(mistake)


def _gather_facts(
    root: Path, sources: Mapping[str, Source], facts: dict[str, Fact], mistakes: list[HaidangError]
) -> list[Reader]:
    """Fill `facts`, and return what stands under `joint` in each file."""
    folder = root / "facts"
    if not folder.is_dir():
        raise YamlError("expected a folder with the pack's facts, found none", Place(str(folder)))
    groups: list[Reader] = []
    places: dict[str, Place] = {}
    for entries in _readers(_files(folder), mistakes):
        for name in entries.keys:
            try:
                if name == "joint":
                    groups.append(entries.child(name))
                    continue
                if name in places:
                    raise FactError(f"expected each fact once, found it first in {places[name]}", entries.place(name))
                places[name] = entries.place(name)
                facts[name] = read_fact(entries.child(name), name, sources)
            except HaidangError as mistake:
                mistakes.append(mistake)
    return groups


def _readers(paths: Iterable[Path], mistakes: list[HaidangError]) -> Iterator[Reader]:
    """The readable files among the paths, each as a mapping."""
    for path in paths:
        try:
            reader = Reader(read_yaml(path), path)
        except HaidangError as mistake:
            mistakes.append(mistake)
        else:
            yield reader
