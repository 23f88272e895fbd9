"""Drafts held against facts annotated by hand: how many quantities are exact, facts found, drafts superfluous."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.figure import Figure
from haidang.facts import Reader, read_yaml
from haidang.reading import Document, Draft, Extractor, RuleExtractor, load_rules

HERE = Path(__file__).parent
EXACT, FOUND, SUPERFLUOUS = 90.0, 80.0, 30.0
"""The bounds, in percent: quantities exact in value, unit and qualifier; facts found; drafts that are superfluous."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of the gold: where its number stands, and what the draft should say."""

    words: str
    start: int
    end: int
    minimum: float | None
    maximum: float | None
    unit: str
    qualifier: str
    kind: str


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over a set of documents."""

    facts: int
    found: int
    exact: int
    right_kind: int
    drafts: int
    superfluous: int
    mistakes: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.facts} facts: found {self.found / self.facts:.1%}; of those found, quantity exact "
            f"{self.exact / self.found:.1%}, kind right {self.right_kind / self.found:.1%}; "
            f"{self.drafts} drafts, superfluous {self.superfluous / self.drafts:.1%}"
        )


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """The shipped rules on the documents by which they were written and on those that were kept apart."""
    extract = RuleExtractor(load_rules(None))
    figures: list[Figure] = []
    notes: list[str] = []
    for name in ("development", "held-out"):
        cases = gold(HERE / f"{name}.yaml")
        found = score(cases, extract)
        size = f"{len(cases)} documents, {found.facts} facts"
        figures += [
            Figure(
                f"{name}: facts found", "%", (100 * found.found / found.facts,), bound=FOUND, sense="least", note=size
            ),
            Figure(
                f"{name}: of those, quantity exact", "%", (100 * found.exact / found.found,), bound=EXACT, sense="least"
            ),
            Figure(f"{name}: of those, kind right", "%", (100 * found.right_kind / found.found,)),
            Figure(f"{name}: superfluous drafts", "%", (100 * found.superfluous / found.drafts,), bound=SUPERFLUOUS),
        ]
        notes += [] if small else found.mistakes
    return figures, notes


def gold(path: Path) -> list[tuple[Document, tuple[Fact, ...]]]:
    """The documents of a file, each with its facts in the order of the text."""
    around = Reader(read_yaml(path), path).child("documents")
    return [_document(around.child(name), name) for name in around.keys]


def _document(one: Reader, name: str) -> tuple[Document, tuple[Fact, ...]]:
    text = one.text("text")
    vietnamese = any("\u1ea0" <= letter <= "\u1ef9" for letter in text)
    told = date.fromisoformat(one.text("date"))
    document = Document(name, text, "vi" if vietnamese else "en", None, told, one.text("publisher"), "")
    facts: list[Fact] = []
    for line in one.texts("facts"):
        words, values, unit, qualifier, kind = (part.strip().strip('"') for part in line.split("|"))
        start = text.index(words, facts[-1].end if facts else 0)
        low, high = (float(part) if part else None for part in values.split(".."))
        facts.append(Fact(words, start, start + len(words), low, high, unit, qualifier, kind))
    return document, tuple(facts)


def score(cases: Sequence[tuple[Document, tuple[Fact, ...]]], extract: Extractor) -> Score:
    """The counts over all documents; a draft and a fact belong together where their words overlap, one to one."""
    facts = found = exact = right = drafts = superfluous = 0
    mistakes: list[str] = []
    for document, wanted in cases:
        free = list(extract(document, 1))
        facts, drafts = facts + len(wanted), drafts + len(free)
        for fact in wanted:
            match = next((one for one in free if one.span.start < fact.end and fact.start < one.span.end), None)
            if match is None:
                mistakes.append(f"{document.file}: missed '{fact.words}'")
                continue
            free.remove(match)
            found += 1
            right += match.kind == fact.kind
            if _same(match, fact):
                exact += 1
            else:
                mistakes.append(f"{document.file}: '{fact.words}' read as {match.quantity}")
            if match.kind != fact.kind:
                mistakes.append(f"{document.file}: '{fact.words}' is a {fact.kind}, drafted as {match.kind}")
        superfluous += len(free)
        mistakes += [f"{document.file}: superfluous '{one.span.text}' {one.quantity}" for one in free]
    return Score(facts, found, exact, right, drafts, superfluous, tuple(mistakes))


def _same(draft: Draft, fact: Fact) -> bool:
    told = draft.quantity
    return told is not None and (told.minimum, told.maximum, told.unit, told.qualifier) == (
        fact.minimum, fact.maximum, fact.unit, fact.qualifier,
    )  # fmt: skip
