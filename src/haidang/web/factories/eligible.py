"""Which programmes a factory can apply for: each condition of each offer met, not met or not known, and why."""

from __future__ import annotations

from dataclasses import dataclass

from haidang.allocate.payers import Met, all_met, conditions_of
from haidang.programmes import Expression, Instrument, Programme
from haidang.web.city.pack import pack
from haidang.web.factories.models import Factory
from haidang.web.factories.scored import known, newest
from haidang.web.factories.spoken import condition_text, value_text
from haidang.web.factories.vocabulary import column_title, programmes
from haidang.web.words import Language, words

STATES = {True: "met", False: "not_met", None: "not_known"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A condition as a reader sees it.

    Args:
        text: in words.
        written: as the programme has it.
        state: `met`, `not_met` or `not_known`.
        why: what the factory has, or what is missing and where to fill it in.
    """

    text: str
    written: str
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class Offer:
    """An instrument of a programme as it stands to one factory."""

    title: str
    state: str
    conditions: tuple[Shown, ...]
    most: int | None


@dataclass(frozen=True, slots=True)
class Chance:
    """A programme as it stands to one factory.

    Args:
        state: `met` where all conditions of one offer are met, `not_met` where each offer misses one.
        line: VND that the programme may give in all; none where that is not bounded.
        most: VND that one factory may get; none where that is not bounded.
    """

    id: str
    title: str
    note: str
    years: str
    state: str
    offers: tuple[Offer, ...]
    line: int | None
    most: int | None


def chances(factory: Factory, language: Language) -> list[Chance]:
    """Every programme for factories."""
    row, handed_in = known(factory), newest(factory) is not None

    def shown(part: Expression, met: Met) -> Shown:
        return Shown(condition_text(part, language), met.text, STATES[met.met], _why(met, handed_in, language))

    def offer(one: Instrument) -> Offer:
        conditions = conditions_of(one, row, pack().book)
        pairs = zip(one.eligible.conditions, conditions, strict=True)
        return Offer(
            one.title[language],
            STATES[all_met(conditions)],
            tuple(shown(part, met) for part, met in pairs),
            most_of(one),
        )

    found: list[Chance] = []
    for programme in programmes().values():
        offers = tuple(offer(one) for one in programme.instruments)
        states = {one.state for one in offers}
        state = next(one for one in ("met", "not_known", "not_met") if one in states)
        years = f"{programme.years[0]}–{programme.years[-1]}"
        most = [one.most for one in offers]
        found.append(
            Chance(
                programme.id, programme.title[language], programme.note[language] if programme.note else "", years,
                state, offers, line_of(programme), None if None in most else max(one for one in most if one),
            )
        )  # fmt: skip
    return found


def most_of(one: Instrument) -> int | None:
    """VND that an instrument may give one factory: the least bound of its budgets of what is paid out first."""
    bounds = [each.per_unit for each in one.budgets if each.unit == "VND" and each.per_unit is not None]
    return min(bounds) if bounds else None


def line_of(programme: Programme) -> int | None:
    """VND that a programme may give in all of the resource of its first budget; none where an offer has no bound."""
    total = 0
    for one in programme.instruments:
        first = next((each for each in one.budgets if each.unit == "VND"), None)
        if first is None or first.amount is None or first.fed_by is not None:
            return None
        total += first.amount
    return total


def _why(met: Met, handed_in: bool, language: Language) -> str:
    say = words(language).text
    reads = [(name, value) for name, value in met.reads.items() if name not in pack().book.facts]
    missing = [name for name, value in reads if value is None]
    if not missing:
        text = "; ".join(
            f"{column_title(name, language)}: {value_text(name, value, language)}" for name, value in reads
        )
        return say("factories.why.level", text=text) if any(name == "level" for name, _ in reads) else text
    if any(name == "level" or name.startswith("level_") for name in missing):
        return say("factories.why.open_areas" if handed_in else "factories.why.no_assessment")
    return say("factories.why.profile", columns=", ".join(column_title(name, language) for name in missing))
