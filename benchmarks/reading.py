"""Drafts of claims from whole articles, held against the facts that people found in them.

    python -m benchmarks.reading --folder ARTICLES

A folder holds texts and `gold.csv`, one line a fact: the words that carry it, where they stand, the bounds of its
number, its unit and how firmly it is said; its kind, time and subject where the table has them. `neutral.csv` may name
words that a draft may or may not take up: repeats and borderline cases. `sources.yaml` may tell the day of a text.
Texts are other people's and lie beside the repository, never in it.
"""

from __future__ import annotations

import argparse
import csv
import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from benchmarks.figure import Figure, table
from benchmarks.reading_match import right_bounds, right_qualifier, right_unit
from benchmarks.reading_sense import right_kind, right_period, right_subject
from haidang.facts import Reader, read_yaml
from haidang.reading import Document, Draft, RuleExtractor, Rules, load_rules, read_document
from haidang.reading.implied import supposed_day

SAMPLE = Path(__file__).resolve().parents[2] / "shared" / "reading"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
FOUND, SUPERFLUOUS, EXACT = 80.0, 30.0, 90.0
"""Bounds in percent: facts found, drafts that are superfluous, quantities exact in value, unit and qualifier."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that people found: where its words stand, and its number where it has one."""

    name: str
    words: str
    start: int
    least: float | None
    most: float | None
    unit: str
    qualifier: str
    kind: str = ""
    since: str = ""
    until: str = ""
    subject: str = ""

    @property
    def end(self) -> int:
        """The place behind its words."""
        return self.start + len(self.words)

    @property
    def counts(self) -> bool:
        """Whether it has a number; that something comes to be (`status`) has none, whatever stands for it."""
        return (self.least, self.most) != (None, None) and self.unit != "status"


@dataclass(frozen=True, slots=True)
class Score:
    """What one article came to."""

    facts: int
    found: int
    alone: int
    numbers: int
    bounds: int
    exact: int
    read: int
    drafts: int
    spare: int
    kinds: tuple[bool, ...]
    periods: tuple[str, ...]
    told: tuple[str, ...]
    timeless: tuple[bool, ...]
    subjects: tuple[bool, ...]
    notes: tuple[str, ...]


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """The figures of the sample, on which the rules were tried."""
    if not SAMPLE.is_dir():
        return [], [f"{SAMPLE.name}: the sample is not beside this repository"]
    figures, notes = measure_folder(SAMPLE)
    return figures, [] if small else notes


def measure_folder(folder: Path) -> tuple[list[Figure], list[str]]:
    """The figures of a folder of articles, and what was missed or superfluous in each."""
    rules, days = load_rules(None), _days(folder / "sources.yaml")
    scores = [
        _score(read_document(folder / file, days.get(file)), facts, neutral, rules)
        for file, (facts, neutral) in sorted(_gold(folder).items())
    ]
    facts, drafts = sum(one.facts for one in scores), sum(one.drafts for one in scores)
    times = [answer for one in scores for answer in one.periods]
    told = [answer for one in scores for answer in one.told]
    timeless = [one for score in scores for one in score.timeless]
    dated = [answer for answer in told if answer != "open"]
    guessed = len(told) - len(dated) - times.count("open")
    numbers, read = sum(one.numbers for one in scores), sum(one.read for one in scores)

    kinds = [one for score in scores for one in score.kinds]
    subjects = [one for score in scores for one in score.subjects]

    def share(name: str, part: int, whole: int, note: str, bound: float | None = None, least: bool = True) -> Figure:
        value = 100 * part / whole if whole else 0.0
        return Figure(name, "%", (value,), bound=bound, sense="least" if least else "most", note=note)

    return [
        share("facts found", sum(one.found for one in scores), facts, f"of {facts}", FOUND),
        share("facts found, each by a draft of its own", sum(one.alone for one in scores), facts, f"of {facts}"),
        share("superfluous drafts", sum(one.spare for one in scores), drafts, f"of {drafts}", SUPERFLUOUS, least=False),
        share("numbers exact in value, unit and qualifier", sum(one.exact for one in scores), read,
              f"of {read} that were found", EXACT),
        share("the same, those missed counted as wrong", sum(one.exact for one in scores), numbers,
              f"of {numbers}", EXACT),
        share("numbers with both bounds right", sum(one.bounds for one in scores), numbers, f"of {numbers}"),
        *(
            share(name, part, whole, f"of {whole}", least=least)
            for name, part, whole, least in (
                ("kinds right, of those found", sum(kinds), len(kinds), True),
                ("periods right, of those found that have one", times.count("right"), len(times), True),
                ("the same, told by the text alone", told.count("right"), len(told), True),
                ("periods wrong, of those that drafts tell", dated.count("wrong"), len(dated), False),
                ("periods wrong, of those only implied", times.count("wrong") - told.count("wrong"), guessed, False),
                ("periods told where people wrote none", sum(timeless), len(timeless), False),
                ("subjects right, in English articles", sum(subjects), len(subjects), True),
            )
            if whole
        ),
    ], [note for one in scores for note in one.notes]  # fmt: skip


def _score(document: Document, facts: list[Fact], neutral: list[Fact], rules: Rules) -> Score:
    drafts = list(RuleExtractor(rules)(document, 1))
    facts, neutral = _placed(facts, document.text), _placed(neutral, document.text)
    near = [[k for k, one in enumerate(drafts) if _meet(one, fact)] for fact in facts]
    used = {k for places in near for k in places}
    indifferent = {k for k, one in enumerate(drafts) if any(_meet(one, words) for words in neutral)} - used
    counting = [(fact, [drafts[k] for k in places]) for fact, places in zip(facts, near, strict=True) if fact.counts]
    wrong = [(fact, told) for fact, told in counting if told and not any(_exact(fact, one, rules) for one in told)]
    pairs = [
        (fact, _partner(fact, [drafts[k] for k in places], rules)) for fact, places in zip(facts, near, strict=True)
    ]
    met = [(fact, draft) for fact, draft in pairs if draft is not None]
    kinds = [(fact, draft, right_kind(fact, draft)) for fact, draft in met]
    supposed = None if document.date is not None else supposed_day(document.text, rules)
    today = document.date if supposed is None else supposed.day
    times = [(fact, draft, right_period(fact, draft.period or draft.implied, today)) for fact, draft in met]
    told = [right_period(fact, draft.period, today) for fact, draft in met]
    silent = [draft for fact, draft in met if not fact.since and not fact.until]
    told_in = [right_subject(fact, draft) for fact, draft in met] if document.language == "en" else []
    spare = [one for k, one in enumerate(drafts) if k not in used | indifferent]
    name = Path(document.file).name
    return Score(
        facts=len(facts),
        found=sum(bool(places) for places in near),
        alone=_alone(near),
        numbers=len(counting),
        bounds=sum(any(right_bounds(fact, one.quantity) for one in told) for fact, told in counting),
        exact=sum(any(_exact(fact, one, rules) for one in told) for fact, told in counting),
        read=sum(bool(told) for _, told in counting),
        drafts=len(drafts) - len(indifferent),
        spare=len(spare),
        kinds=tuple(one for _, _, one in kinds if one is not None),
        periods=tuple(one for _, _, one in times if one is not None),
        told=tuple(one for one in told if one is not None),
        timeless=tuple(one.period is not None for one in silent),
        subjects=tuple(one for one in told_in if one is not None),
        notes=(
            *(f"{name}: missed '{fact.words}'" for fact, places in zip(facts, near, strict=True) if not places),
            *(f"{name}: not exact '{fact.words}': {told[0].quantity}" for fact, told in wrong),
            *(f"{name}: {one.kind} and not {fact.kind} '{fact.words}'" for fact, one, right in kinds if right is False),
            *(
                f"{name}: {_told(one)} and not {fact.since} to {fact.until} '{fact.words}'"
                for fact, one, right in times
                if right in {"wrong", "open"}
            ),
            *(f"{name}: superfluous '{one.span.text[:80]}'" for one in spare),
        ),
    )


def _partner(fact: Fact, near: list[Draft], rules: Rules) -> Draft | None:
    """The draft that tells of a fact: that with its number, of a fact without one a draft without, else the first."""
    alike = [one for one in near if (_exact(fact, one, rules) if fact.counts else one.quantity is None)]
    return next(iter(alike or near), None)


def _told(draft: Draft) -> str:
    time, how = (draft.period, "") if draft.period else (draft.implied, "implied ")
    return "no time" if time is None else f"{how}{time.start} to {time.end}"


def _days(path: Path) -> dict[str, date]:
    """The days of a folder's articles, as far as its `sources.yaml` tells them."""
    if not path.exists():
        return {}
    told = {one.text("file"): one.text_or("date", "") for one in Reader(read_yaml(path), path).each("articles")}
    return {file: date.fromisoformat(day) for file, day in told.items() if _DAY.fullmatch(day)}


def _exact(fact: Fact, draft: Draft, rules: Rules) -> bool:
    told = draft.quantity
    return right_bounds(fact, told) and right_unit(fact, told, rules) and right_qualifier(fact, told)


def _alone(near: list[list[int]]) -> int:
    """How many facts can be given a draft of their own: a largest matching, by paths that improve it (Kuhn, 1955)."""
    taken: dict[int, int] = {}

    def give(fact: int, tried: set[int]) -> bool:
        for draft in near[fact]:
            if draft not in tried:
                tried.add(draft)
                if draft not in taken or give(taken[draft], tried):
                    taken[draft] = fact
                    return True
        return False

    return sum(give(fact, set()) for fact in range(len(near)))


def _meet(draft: Draft, fact: Fact) -> bool:
    return draft.span.start < fact.end and fact.start < draft.span.end


def _placed(facts: list[Fact], text: str) -> list[Fact]:
    """The facts at their places in the text as it was read, whose lines lose the spaces at their ends."""
    placed: list[Fact] = []
    for fact in facts:
        starts = [at for at in range(len(text)) if text.startswith(fact.words, at)]
        if not starts:
            raise ValueError(f"expected words of the text, found '{fact.words}'")
        start = min(starts, key=lambda at: abs(at - fact.start))
        placed.append(replace(fact, start=start))
    return placed


def _gold(folder: Path) -> dict[str, tuple[list[Fact], list[Fact]]]:
    found: dict[str, tuple[list[Fact], list[Fact]]] = {}
    for row in _rows(folder / "gold.csv"):
        found.setdefault(row["file"], ([], []))[0].append(
            Fact(row["fact_id"], row["surface_figure"], int(row["char_start"]), _number(row["quantity_min"]),
                 _number(row["quantity_max"]), row["unit"], row["qualifier"], row.get("fact_type", ""),
                 row.get("date_start", ""), row.get("date_end", ""), row.get("subject", ""))
        )  # fmt: skip
    for row in _rows(folder / "neutral.csv"):
        words = Fact("", row["surface"], int(row["char_start"]), None, None, "", "none")
        found.setdefault(row["file"], ([], []))[1].append(words)
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _number(text: str) -> float | None:
    return float(text) if text else None


def main() -> None:
    """Measure a folder and show its figures; the words of its texts only where asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--folder", type=Path, default=SAMPLE, help="texts with gold.csv and, where it is, neutral.csv")
    parser.add_argument("--notes", action="store_true", help="show what was missed, wrong or superfluous")
    asked = parser.parse_args()
    figures, notes = measure_folder(asked.folder)
    print(table([one.as_json() for one in figures]))
    for note in notes if asked.notes else []:
        print(note)


if __name__ == "__main__":
    main()
