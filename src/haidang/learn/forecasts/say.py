"""What a suite found, in the words of one language: names, tables, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from haidang.facts import wordbook
from haidang.learn.forecasts.run import FromOrigin, SuiteResult
from haidang.learn.forecasts.scored import BAND, DIFFUSION, JUDGED, LEVELS, MIXED, Judged, Verdict
from haidang.results.numerals import number, percent

if TYPE_CHECKING:
    from haidang.results.manifest import Language

_NAMED = 5
"""How many series a sentence names."""


@dataclass(frozen=True, slots=True)
class Say:
    """A suite's result told in one language.

    Args:
        language: of the words.
        found: the result.
    """

    language: Language
    found: SuiteResult

    @property
    def title(self) -> str:
        """Of the suite."""
        return self.found.suite.title[self.language]

    def word(self, key: str, **values: str) -> str:
        """A sentence with its values filled in."""
        return wordbook("haidang.learn.forecasts")[key][self.language].format(**values)

    def number(self, value: float) -> str:
        """A number as people write it."""
        return number(value, self.language)

    def percent(self, share: float) -> str:
        """A share as a percentage."""
        return percent(share, self.language)

    def origin(self, one: FromOrigin) -> str:
        """What was known, in words."""
        if self.found.suite.by_share:
            return self.word("origin_share", share=str(Fraction(one.origin).limit_denominator(20)))
        return self.word("origin_time", time=told_time(one.origin))

    def heads(self) -> tuple[str, ...]:
        """The heads of the table of forecasters."""
        return (
            self.word("forecaster"), self.word("series"), self.word("crps", unit=self.found.suite.unit),
            self.word("relative"), self.word("better"), self.word("log_score"),
            *(self.word("cover", level=self.percent(level)) for level in LEVELS),
        )  # fmt: skip

    def rows(self, one: FromOrigin) -> list[tuple[str, ...]]:
        """The table of forecasters from one origin."""
        return [
            (
                self.word(line.name), str(line.series), self.number(line.crps), self.number(line.relative),
                f"{line.better}/{line.series}", self.number(line.log_score),
                *(self.percent(line.coverage[level]) for level in LEVELS),
            )
            for line in one.lines
        ]  # fmt: skip

    def verdict(self) -> tuple[str, ...]:
        """Whether our forecaster was nearer and its intervals held from the first origin, and why where not."""
        first = self.found.origins[0]
        told = first.verdict
        if told is None:
            return ()
        mine = next(line for line in first.lines if line.name == told.name)
        rival = next(line for line in first.lines if line.name == told.rival)
        shared = {"name": _begun(self.word(told.name)), "rival": self.word(told.rival)}
        key = ("beats" if told.beats else "loses") + ("_one" if len(first.judged) == 1 else "")
        sentences = [
            self.word(
                key, **shared, unit=self.found.suite.unit, mine=self.number(mine.crps),
                theirs=self.number(rival.crps), gain=self.number(told.gain), low=self.number(told.low),
                high=self.number(told.high),
            )
        ]  # fmt: skip
        if told.low < 0 < told.high:
            sentences.append(self.word("not_apart"))
        if not told.beats:
            worst = self._worst(first, told)
            cover = self.percent(rival.coverage[JUDGED])
            sentences.append(self.word("why_loses", worst=worst, rival_cover=cover))
        cover, points = self.percent(told.coverage), self.percent(told.coverage_points)
        held = "holds" if told.holds else "fails"
        sentences.append(self.word(held, name=self.word(told.name), cover=cover, points=points))
        if not told.holds:
            sentences.append(self._why_not_held(first, told))
        if told.name == MIXED:
            sentences += self._learned(first)
        return tuple(sentences)

    def beside(self) -> tuple[str, ...]:
        """What else a reader of the table should know."""
        first = self.found.origins[0]
        sentences = [] if self.found.suite.note is None else [self.found.suite.note[self.language]]
        if any(line.series < len(first.judged) for line in first.lines):
            sentences.append(self.word("some"))
        if first.left_out:
            sentences.append(self.word("left_out", names=", ".join(first.left_out)))
        if self.found.absent:
            sentences.append(self.word("absent"))
        return tuple(sentences)

    def made(self) -> str:
        """How the result was made, and from whose numbers."""
        found = self.found
        return self.word("made", draws=self.number(found.draws), seed=str(found.seed), source=found.suite.source)

    def _worst(self, one: FromOrigin, told: Verdict) -> str:
        lost = sorted(one.judged, key=lambda each: each.scores[told.rival].crps - each.scores[told.name].crps)
        return ", ".join(each.cut.known.id for each in lost[:_NAMED])

    def _learned(self, one: FromOrigin) -> tuple[str, str]:
        """What training parts said of the weight, and how our paths alone do."""
        taught = list(one.learned.values())
        low, high = (self.percent(end(each.weight for each in taught)) for end in (min, max))
        fewest, most = (end(each.trials for each in taught) for end in (min, max))
        alone = next(line for line in one.lines if line.name == DIFFUSION)
        return (
            self.word(
                "learned", weight=low if low == high else f"{low} - {high}",
                trials=str(most) if fewest == most else f"{fewest} - {most}",
                mixed=self.number(_mean(each.crps for each in taught)),
                alone=self.number(_mean(each.alone for each in taught)),
                cover=self.percent(_mean(each.coverage for each in taught)),
            ),
            self.word("alone", crps=self.number(alone.crps), cover=self.percent(alone.coverage[JUDGED])),
        )  # fmt: skip

    def _why_not_held(self, one: FromOrigin, told: Verdict) -> str:
        if told.coverage > BAND[1]:
            return self.word("why_wide")
        missed = [each for each in one.judged if _missed(each, told.name) > 0]
        missed.sort(key=lambda each: (-_missed(each, told.name), each.cut.known.id))
        above = np.concatenate([each.scores[told.name].pit[_out(each, told.name)] for each in missed])
        narrow = self.word(
            "why_narrow",
            missed=", ".join(each.cut.known.id for each in missed[: _NAMED + 2]),
            above=self.percent(float(np.mean(above > 0.5))),
            earlier=self._elsewhere(told.name),
        ).strip()
        taught = _mean(each.coverage for each in one.learned.values()) if told.name == MIXED else 0.0
        if taught < BAND[0]:
            return narrow
        return f"{narrow} {self.word('why_not_known', cover=self.percent(taught))}"

    def _elsewhere(self, name: str) -> str:
        told = [
            self.word("told_origin", share=self.percent(line.coverage[JUDGED]), origin=self.origin(one))
            for one in self.found.origins[1:]
            for line in one.lines
            if line.name == name
        ]
        return self.word("earlier", told=", ".join(told)) if told else ""


def _out(one: Judged, name: str) -> np.ndarray:
    return ~one.scores[name].covered[:, LEVELS.index(JUDGED)]


def _missed(one: Judged, name: str) -> float:
    return float(_out(one, name).mean())


def _mean(numbers: Iterable[float]) -> float:
    return float(np.mean(list(numbers)))


def _begun(words: str) -> str:
    """Words at the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def told_time(time: float) -> str:
    """A year, or the day that a part of a year is."""
    from datetime import date

    year = int(time)
    if time == year:
        return str(year)
    begin = date(year, 1, 1).toordinal()
    length = date(year + 1, 1, 1).toordinal() - begin
    return date.fromordinal(begin + round((time - year) * length) - 1).isoformat()


def order_of(first: Language) -> Sequence[Language]:
    """Both languages, the one asked for first."""
    return ("vi", "en") if first == "vi" else ("en", "vi")
