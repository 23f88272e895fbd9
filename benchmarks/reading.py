"""Drafts of claims from whole articles, held against the facts that people found in them.

The articles and their facts lie beside the repository. The rules were tried on them, so the figures say how the rules
do on texts that their writers knew.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figure import Figure
from haidang.reading import Draft, RuleExtractor, load_rules, read_document

SAMPLE = Path(__file__).resolve().parents[2] / "shared" / "reading"
FOUND, SUPERFLUOUS, EXACT = 80.0, 30.0, 90.0
"""Bounds in percent: facts found, drafts that are superfluous, quantities exact in their bounds."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that people found: where its words stand, and the bounds of its number where it has one."""

    file: str
    words: str
    start: int
    least: float | None
    most: float | None

    @property
    def end(self) -> int:
        """The place behind its words."""
        return self.start + len(self.words)


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """How many facts are drafted, how many drafts are no fact, how many numbers have the right bounds."""
    if not SAMPLE.is_dir():
        return [], [f"{SAMPLE.name}: the sample is not beside this repository"]
    extract = RuleExtractor(load_rules(None))
    facts, found, numbers, exact, drafts, spare = _facts(), 0, 0, 0, 0, 0
    notes: list[str] = []
    for file in sorted({fact.file for fact in facts}):
        free = list(extract(read_document(SAMPLE / file, None), 1))
        drafts += len(free)
        used: set[int] = set()
        for fact in (one for one in facts if one.file == file):
            near = [k for k, one in enumerate(free) if one.span.start < fact.end and fact.start < one.span.end]
            used.update(near)
            found += bool(near)
            if not near:
                notes.append(f"{file}: missed '{fact.words}'")
            if (fact.least, fact.most) != (None, None):
                numbers += 1
                exact += any(_bounds(free[k]) == (fact.least, fact.most) for k in near)
        spare += len(free) - len(used)
        notes += [f"{file}: superfluous '{one.span.text}'" for k, one in enumerate(free) if k not in used]
    return [
        Figure("facts found", "%", (100 * found / len(facts),), bound=FOUND, sense="least", note=f"of {len(facts)}"),
        Figure("superfluous drafts", "%", (100 * spare / drafts,), bound=SUPERFLUOUS, note=f"of {drafts}"),
        Figure("numbers with both bounds right", "%", (100 * exact / numbers,), bound=EXACT, sense="least",
               note=f"of {numbers}, those missed among them"),
    ], [] if small else notes  # fmt: skip


def _facts() -> list[Fact]:
    with (SAMPLE / "gold.csv").open(encoding="utf-8", newline="") as stream:
        return [
            Fact(row["file"], row["surface_figure"], int(row["char_start"]), _number(row["quantity_min"]),
                 _number(row["quantity_max"]))
            for row in csv.DictReader(stream)
        ]  # fmt: skip


def _number(text: str) -> float | None:
    return float(text) if text else None


def _bounds(draft: Draft) -> tuple[float | None, float | None]:
    told = draft.quantity
    return (None, None) if told is None else (told.minimum, told.maximum)
