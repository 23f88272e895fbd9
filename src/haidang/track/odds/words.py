"""The odds in sentences, Vietnamese and English."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from importlib.resources import files

from haidang.facts import by_points, read_words, wordbook
from haidang.results.catalogue import Catalogue, catalogue
from haidang.results.manifest import SHARE, Language
from haidang.results.numerals import day, number, percent, quantity
from haidang.track.odds.required import BEST_YEARS, Required
from haidang.track.odds.series import Series, years_between
from haidang.track.odds.told import Odds

RANK = "rank"
"""The unit of a rank: told as a place, not as an amount."""


@lru_cache(maxsize=2)
def words(language: Language) -> Catalogue:
    """The words of the odds, with those of results for numbers and units, and of what records are counted in."""
    raw = read_words(files("haidang.track.odds").joinpath(f"words.{language}.yaml"))
    known = catalogue(language)
    counted = {f"unit.{name}": each[language] for name, each in wordbook("haidang.track", "units.yaml").items()}
    return Catalogue(language, {**counted, **known.texts, **by_points(raw)}, known.evaluations)


def chance_text(probability: float, language: Language) -> str:
    """A probability in whole percent; the ends are not told more sharply than they are known."""
    if probability < 0.01:
        return words(language).text("odds.under")
    if probability > 0.99:
        return words(language).text("odds.over")
    return f"{round(100 * probability)}%"


def value_text(value: float, unit: str, language: Language) -> str:
    """A value of an indicator with its unit: `23%`, `rank 95`, `1.5 billion VND`."""
    if unit == RANK:
        return words(language).text("odds.rank", number=number(round(value), language))
    return quantity(value, unit, words(language))


def odds_sentences(odds: Odds, series: Series | None, unit: str, language: Language) -> tuple[str, ...]:
    """The odds as a reader is told them: the chance, with the programme, the interval, and whether the data are enough.

    Args:
        odds: of a target.
        series: that they were told from; none for counts and states of affairs.
        unit: of the bound: `share` for fractions of one, `rank`, or a unit of measure.
        language: of the reader.
    """
    said = words(language)
    if odds.without is None:
        return (said.text("odds.none", reason=_reason(odds, series, language)),)
    if odds.method == "definition":
        return (
            *_by_definition(odds, unit, language),
            said.text("odds.not_enough", reason=_reason(odds, series, language)),
        )
    told = [_chance(odds, unit, language)]
    if odds.programme is not None:
        told.append(said.text("odds.with", chance=chance_text(odds.programme.chance.within, language)))
    if odds.without.fan.points:
        last = odds.without.fan.points[-1]
        points = {name: value_text(getattr(last, name), unit, language) for name in ("p5", "p50", "p95")}
        told.append(said.text("odds.fan", **points))
    if odds.spread is not None:
        low, high = (chance_text(end, language) for end in odds.spread)
        told.append(said.text("odds.spread", low=low, high=high))
    if odds.method == "rank_walk":
        told.append(said.text("odds.rank_walk"))
    if odds.ahead:
        told.append(said.text("odds.rank_ahead", count=number(odds.ahead, language)))
    if odds.evidence == "not_enough":
        told.append(said.text("odds.not_enough", reason=_reason(odds, series, language)))
    return tuple(told)


def doubt_text(odds: Odds, series: Series | None, language: Language) -> str:
    """That a number is a first guess, and why; empty where the data are enough for it."""
    if odds.evidence != "not_enough":
        return ""
    return words(language).text("odds.not_enough", reason=_reason(odds, series, language))


def state_text(odds: Odds, language: Language) -> str:
    """Whether the data are enough, in words that stand beside the number."""
    return words(language).text(f"odds.state.{odds.evidence}")


def method_text(odds: Odds, language: Language) -> str:
    """How it was forecast; a dash where it was not."""
    return "–" if odds.method is None else words(language).text(f"odds.method.{odds.method}")


def required_sentences(found: Required, unit: str, language: Language) -> tuple[str, ...]:
    """What would have to be true, against the best years on record."""
    said = words(language)
    if found.reached:
        told = [said.text("odds.needed.reached")]
    else:
        needed = _pace(found, found.needed, unit, language)
        told = [said.text("odds.needed.a_year", needed=needed, since=_day(found.since, language))]
    if found.best is None or found.best_from is None or found.best_to is None or found.best_years is None:
        return (*told, said.text("odds.needed.alone"))
    start, end = (_day(one, language) for one in (found.best_from, found.best_to))
    told.append(
        said.text("odds.needed.best", best=_pace(found, found.best, unit, language), start=start, end=end)
    )  # fmt: skip
    if abs(found.best_years - BEST_YEARS) > 0.3:
        told.append(said.text("odds.needed.short", years=number(found.best_years, language, 2)))
    if found.best_year is not None:
        best, year = found.best_year
        told.append(said.text("odds.needed.best_year", best=_pace(found, best, unit, language), year=str(year)))
    if found.faster is not None:
        told.append(said.text(f"odds.needed.{'faster' if found.faster else 'slower'}"))
    return tuple(told)


def _by_definition(odds: Odds, unit: str, language: Language) -> tuple[str, ...]:
    """Of what only a programme moves: that it is nothing without, and what a run says of it."""
    said, low = words(language), value_text(odds.bound.low or 0.0, unit, language)
    told = said.text("odds.chance.definition", value=value_text(0.0, unit, language), low=low)
    if odds.programme is None:
        return (told, said.text("odds.not_simulated"))
    by = said.text("odds.by", day=_day(odds.by, language))
    chance = chance_text(odds.programme.chance.within, language)
    last = odds.programme.fan.points[-1]
    points = {name: value_text(getattr(last, name), unit, language) for name in ("p5", "p50", "p95")}
    return (
        told, said.text("odds.with_definition", by=by, chance=chance, low=low), said.text("odds.with_fan", **points),
    )  # fmt: skip


def _chance(odds: Odds, unit: str, language: Language) -> str:
    said, bound = words(language), odds.bound
    way = odds.without
    assert way is not None
    # The fan of growth has a day for each year that counts.
    years = len(way.fan.dates) if odds.kind == "growth" else 0
    begins = "odds.by" if not years else "odds.by_year" if years == 1 else "odds.by_mean"
    until = said.text(begins, day=_day(odds.by, language))
    shown = {"by": until, "chance": chance_text(way.chance.within, language)}
    if odds.kind == "status":
        return said.text("odds.chance.status", **shown)
    if odds.kind == "rank" and bound.low is None and bound.high is not None:
        return said.text("odds.chance.rank", **shown, high=number(bound.high, language))
    for name in ("low", "high"):
        value = getattr(bound, name)
        if value is not None:
            shown[name] = value_text(value, unit, language)
    if bound.low is not None and bound.high is not None:
        shown |= {name: chance_text(getattr(way.chance, name), language) for name in ("below", "above")}
        return said.text("odds.chance.band", **shown)
    return said.text(f"odds.chance.{'high' if bound.low is None else 'low'}", **shown)


def _reason(odds: Odds, series: Series | None, language: Language) -> str:
    values = {"count": "0", "span": "0", "ahead": "0"}
    if series is not None and series.values:
        ahead = years_between(series.dates[-1], odds.by)
        values = {
            "count": str(len(series.values)),
            "span": number(series.span, language, 2),
            "ahead": number(ahead, language, 2),
        }
    return words(language).text(f"odds.reason.{odds.reason}", **values)


def _pace(found: Required, pace: float, unit: str, language: Language) -> str:
    said = words(language)
    if found.pace == "growth":
        sign = "+" if pace > 0 else ""
        return sign + percent(pace, language)
    if unit == RANK:
        way = "up" if pace < 0 else "down"
        return said.text(f"odds.places.{way}", number=number(abs(pace), language, 2))
    sign = "+" if pace > 0 else ""
    if unit == SHARE:
        return said.text("odds.points", number=sign + number(100 * pace, language, 2))
    return sign + quantity(pace, unit, said)


def _day(one: date, language: Language) -> str:
    return day(one.isoformat(), words(language))
