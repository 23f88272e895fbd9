"""Where everything stands on a day: one value that the table, the JSON and the report are made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from string import Formatter
from typing import NamedTuple

from haidang.results.manifest import SHARE, Language
from haidang.track.attention import Attention, attention
from haidang.track.contradictions import Contradiction, contradictions
from haidang.track.odds import Effect
from haidang.track.odds.words import chance_text, method_text, odds_sentences, required_sentences, value_text
from haidang.track.of_each import OfEach
from haidang.track.outlook import Outlook, StoodIn, outlooks, told_on
from haidang.track.progress import stage_of
from haidang.track.promises import Prospect, Prospects
from haidang.track.records import STAGES, Record
from haidang.track.say import Say
from haidang.track.tracked import Tracked, as_of

NO_STAGE = "none"


@dataclass(frozen=True, slots=True)
class Overview:
    """Where everything stands.

    Args:
        city: id and title of the pack.
        on: the day.
        tracked: what had been said by then.
        outlooks: each target with its odds.
        stages: how many promises stand in each stage, `none` where no document shows any.
        attention: what is late, silent or nobody's.
        contradictions: claims that exclude each other.
        prospects: by id, how likely each open promise is delivered by its day.
    """

    city: tuple[str, Mapping[str, str]]
    on: date
    tracked: Tracked
    outlooks: tuple[Outlook, ...]
    stages: Mapping[str, int]
    attention: tuple[Attention, ...]
    contradictions: tuple[Contradiction, ...]
    prospects: Mapping[str, Prospect]


def overview(
    city: tuple[str, Mapping[str, str]], tracked: Tracked, on: date, effects: Mapping[str, Effect] | None = None
) -> Overview:
    """Where everything stands on a day.

    Args:
        city: id and title of the pack.
        tracked: the records.
        on: the day; what was said later is left out.
        effects: for an indicator, draws of what a programme adds to it.
    """
    then = as_of(tracked, on)
    counted = Counter(stage_of(one) or NO_STAGE for one in then.commitments.values())
    stages = {name: counted[name] for name in (*STAGES, NO_STAGE) if counted[name]}
    told = tuple(told_on(one, on) for one in outlooks(then, on, effects))
    expected = Prospects(tuple(then.commitments.values()), on)
    against = tuple(one for of_one in _AGAINST(then.records()) for one in of_one)
    return Overview(city, on, then, told, stages, attention(then, on), against, expected)


def _against(record: Record) -> tuple[Contradiction, ...]:
    return contradictions((record,))


_AGAINST = OfEach[Record, tuple[Contradiction, ...]](_against)


def paragraphs(one: Outlook, language: Language) -> tuple[str, ...]:
    """The odds of a target in one paragraph, and what it would take in another."""
    told = (" ".join(sentences(one, language)),)
    return told if one.required is None else (*told, " ".join(required_sentences(one.required, one.unit, language)))


def sentences(one: Outlook, language: Language) -> tuple[str, ...]:
    """The odds of a target, in sentences."""
    told = odds_sentences(one.odds, one.series, one.unit, language)
    if one.odds.method == "definition" and one.indicator is not None and one.indicator.starts is not None:
        told = (*told, one.indicator.starts.why[language])
    if one.behind:
        say = Say(language)
        told = (*told, say.word("behind", titles="; ".join(say.title(title) for title in one.behind)))
    if one.stand_in is not None:
        told = (*told, _stood_in(one, one.stand_in, language))
    if one.passed and one.odds.probability is not None:
        told = (*told, Say(language).word("passed"))
    return told


def _stood_in(one: Outlook, stood: StoodIn, language: Language) -> str:
    say = Say(language)
    told = {"title": stood.indicator.title[language], "why": stood.why[language]}
    if stood.level is None:
        return say.word("stand_in", **told)
    level = value_text(stood.level.value, one.unit, language)
    return say.word("stand_in_level", level=level, day=say.day(stood.level.end), **told)


class Part(NamedTuple):
    """A stretch of a sentence.

    Args:
        text: what it says.
        counts: what a number counts, as `promises.running`; empty for words, and for a number of nothing.
    """

    text: str
    counts: str


def lead(found: Overview, language: Language) -> tuple[str, ...]:
    """The whole in a few sentences."""
    return tuple("".join(part.text for part in parts) for parts in lead_parts(found, language))


def lead_parts(found: Overview, language: Language) -> tuple[tuple[Part, ...], ...]:
    """The same sentences in parts, so that a page can lead from a number to the list that it counts."""
    by_reason = Counter(one.reason for one in found.attention)
    evidence = Counter(one.odds.evidence for one in found.outlooks)
    told = sum(one.known for one in found.outlooks)
    counts: Mapping[str, Mapping[str, int]] = {
        "promises": {
            "count": len(found.tracked.commitments), "running": found.stages.get("running", 0),
            "delivered": found.stages.get("delivered", 0),
        },
        "open": {
            "silent": by_reason["silent"], "nobody": by_reason["no_responsible"],
            "late": by_reason["late"] + by_reason["late_step"] + by_reason["late_milestone"],
        },
        "targets": {
            "count": len(found.outlooks), "told": told, "enough": evidence["enough"],
            "none": len(found.outlooks) - told,
        },
        "claims": {},
    }  # fmt: skip
    say = Say(language)
    return tuple(tuple(_parts(name, say.word(f"lead_{name}"), numbers)) for name, numbers in counts.items())


def _parts(sentence: str, text: str, numbers: Mapping[str, int]) -> Iterator[Part]:
    for words, hole, _, _ in Formatter().parse(text):
        if words:
            yield Part(words, "")
        if hole is not None:
            yield Part(str(numbers[hole]), f"{sentence}.{hole}" if numbers[hole] else "")


def prospect_text(one: Prospect, language: Language) -> str:
    """How likely an open promise is delivered by its day, in words: the chance, its range, and what it stands on."""
    say, told = Say(language), " ".join(odds_sentences(one.odds, None, SHARE, language))
    return told if one.stated else f"{say.word('no_due_horizon', day=say.day(one.odds.by))} {told}"


def chance_cell(one: Outlook, language: Language) -> str:
    """The probability as things go by themselves, as a table shows it."""
    probability = one.odds.probability
    if one.odds.method == "definition":
        return Say(language).word("zero_by_definition")
    return Say(language).word("no_number") if probability is None else chance_text(probability, language)


def headline(one: Outlook, language: Language) -> str:
    """The number in large type: of what only a programme moves the one with it, since without it there is nothing."""
    alone = one.odds.method == "definition"
    return programme_cell(one, language) if alone else chance_cell(one, language)


def beside(one: Outlook, language: Language) -> str:
    """The other number: with the programme that moves the indicator, or without the only one that does."""
    say = Say(language)
    if one.odds.method == "definition":
        return say.word("without_by_definition")
    told = programme_cell(one, language)
    return say.word("with_programme_chance", chance=told) if told else ""


def programme_cell(one: Outlook, language: Language) -> str:
    """The probability with the programme that moves the indicator; nothing where none does."""
    if not one.programmes:
        return ""
    moved = one.odds.programme
    return Say(language).word("not_simulated") if moved is None else chance_text(moved.chance.within, language)


def unsimulated(found: Overview) -> tuple[str, ...]:
    """Ids of the programmes that move what a target bounds and of which no run was at hand."""
    open_ = [one for one in found.outlooks if one.odds.programme is None and not one.passed]
    return tuple(dict.fromkeys(name for one in open_ for name in one.programmes))


def lower_cell(one: Outlook, language: Language) -> str:
    """For a band, the probability of its lower end at least: more than was asked is no failure."""
    way = one.odds.without
    if way is None or one.odds.bound.low is None or one.odds.bound.high is None:
        return ""
    chance = chance_text(way.chance.within + way.chance.above, language)
    return Say(language).word("from_lower", chance=chance)


def method_cell(one: Outlook, language: Language) -> str:
    """The method as a table shows it."""
    return method_text(one.odds, language)
