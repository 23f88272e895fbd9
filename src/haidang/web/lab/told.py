"""What a run says of designs, in the words of one language, as values that a page shows and a socket carries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from haidang.results import Headline, Paired, Run, headlines
from haidang.results.catalogue import Catalogue, catalogue
from haidang.results.headline import eligible
from haidang.results.numerals import apart, percent, told
from haidang.results.paired import pair
from haidang.results.parts import lead_outcome
from haidang.results.view import tiles
from haidang.web.lab.groups import verdict
from haidang.web.words import Language, words


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a scenario.

    Args:
        value: its median and interval, or why it has none.
        apart: the difference to what it is held against in the same draws; empty where there is none.
        more: in which share of draws it is larger; empty likewise.
        cells: its median, both ends of its interval and their unit, each alone; or empty ones and why there is none.
        differs: median and both ends of the difference.
    """

    value: str
    apart: str = ""
    more: str = ""
    cells: tuple[str, ...] = ()
    differs: tuple[str, ...] = ("", "", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One number of all scenarios.

    Args:
        title: its name.
        cells: of each scenario.
        first: whether it is one of the few that are told first.
    """

    title: str
    cells: tuple[Number, ...]
    first: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What is shown of a run.

    Args:
        rows: of the population.
        draws: how many.
        titles: of the scenarios; the first is what the others are held against.
        tiles: value, interval and label of the last scenario's numbers in large type.
        numbers: the table.
        chart: the scenarios side by side, SVG that this program made; empty where nothing can be drawn.
        sentence: what the chart shows.
        seconds: how long it took; nought where that does not matter.
        units: how many units the rows stand for.
        same: whether every scenario gives the numbers of the first in every draw.
    """

    rows: int
    draws: int
    titles: tuple[str, ...]
    tiles: tuple[tuple[str, str, str], ...]
    numbers: tuple[Row, ...]
    chart: str = ""
    sentence: str = ""
    seconds: float = 0.0
    units: float | None = None
    same: bool = False


def tell(run: Run, scenarios: Sequence[str], language: Language, seconds: float = 0.0) -> Told:
    """What a run says of these scenarios, the first of which the others are held against."""
    own_words = catalogue(language)
    first, last = scenarios[0], scenarios[-1]
    known = {name: {one.id: one for one in _numbers(run, name)} for name in scenarios}
    pairs = {
        name: {key: pair(one, known[first].get(key)) for key, one in known[name].items()} for name in scenarios[1:]
    }
    chart, sentence = _chart(run, scenarios, own_words)
    return Told(
        run.manifest.rows,
        run.manifest.draws,
        tuple(run.scenario(name).title[language] for name in scenarios),
        tuple((one.value, one.interval, one.label) for one in tiles(run, last, own_words)),
        tuple(_rows(run, known, pairs, own_words)),
        chart,
        sentence,
        seconds,
        run.manifest.population.units,
        all(_alike(one) for each in pairs.values() for one in each.values()),
    )


def _numbers(run: Run, scenario: str) -> Iterator[Headline]:
    """What is told of a scenario: how many may have it, then the numbers of its report."""
    if (who := eligible(run, scenario)) is not None:
        yield who
    # The share that comes in addition says what the deadweight share says.
    yield from (one for one in headlines(run, scenario) if not one.id.startswith("additional_share."))


def _alike(one: Paired) -> bool:
    return one.other is not None and np.array_equal(one.headline.draws, one.other.draws, equal_nan=True)


def _rows(
    run: Run,
    known: Mapping[str, Mapping[str, Headline]],
    pairs: Mapping[str, Mapping[str, Paired]],
    words: Catalogue,
) -> Sequence[Row]:
    order = {key: one.title[words.language] for each in known.values() for key, one in each.items()}
    lead = lead_outcome(run, next(iter(known)))
    ahead = {"eligible", "users", "public_cost", "" if lead is None else f"effect.{lead.id}"}
    found: list[Row] = []
    for key, title in order.items():
        cells: list[Number] = []
        for name in known:
            headline = known[name].get(key)
            if headline is None:
                cells.append(Number("–", cells=("", "", "", "–")))
                continue
            pair = pairs.get(name, {}).get(key)
            difference = None if pair is None else pair.difference
            more = "" if pair is None or pair.more is None else percent(pair.more, words.language)
            middle, why = headline.value.points, headline.told(words)
            cells.append(
                Number(
                    why,
                    "" if difference is None else told(difference, headline.unit, words),
                    more,
                    ("", "", "", why) if middle is None else apart(middle, headline.unit, words),
                    ("", "", "") if difference is None else apart(difference, headline.unit, words)[:3],
                )
            )
        found.append(Row(title, tuple(cells), key in ahead))
    return found


def _chart(run: Run, scenarios: Sequence[str], own_words: Catalogue) -> tuple[str, str]:
    """The main effect of the scenarios side by side."""
    from haidang.results import charts
    from haidang.results.compare import horizon_effect, horizon_unit
    from haidang.results.points import points
    from haidang.results.tables import shared_scale
    from haidang.results.theme import inline, svg

    lead = lead_outcome(run, scenarios[0])
    if lead is None:
        return "", ""
    effects = [horizon_effect(run, name, lead.id) for name in scenarios]
    rows = [
        (run.scenario(name).title[own_words.language], points(one))
        for name, one in zip(scenarios, effects, strict=True)
    ]
    unit, language = horizon_unit(lead), own_words.language
    scale = shared_scale([each for _, each in rows], unit, own_words)
    at = max(range(len(rows)), key=lambda k: -rows[k][1].p50 if lead.good == "less" else rows[k][1].p50)
    best, others = rows[at], effects[:at] + effects[at + 1 :]
    if len(rows) > 1 and all(each == best[1] for _, each in rows):
        sentence = words(language).text("lab.alike", number=lead.title[language], told=told(best[1], unit, own_words))
    elif lead.good != "neutral" and any(verdict(effects[at] - one, lead.good) != "wins" for one in others):
        sentence = words(language).text(
            "lab.ahead_unsure", number=lead.title[language], name=best[0], told=told(best[1], unit, own_words)
        )
    else:
        key = "largest" if lead.good == "neutral" else "sentence"
        sentence = own_words.text(
            f"figure.variants_gain.{key}", variant=best[0], told=told(best[1], unit, own_words)
        )  # fmt: skip
    shown = [(name, each.scaled(1 / scale.factor)) for name, each in rows]
    drawn = charts.intervals(shown, f"{lead.title[language]} ({scale.label})", language, emphasis=rows[0][0])
    return inline(svg(drawn), "lab", sentence), sentence


def told_of(plain: Mapping[str, Any]) -> Told:
    """What `dataclasses.asdict` made of a `Told`, after a way through JSON."""
    lists: dict[str, Any] = {
        "titles": tuple(plain["titles"]),
        "tiles": tuple((value, interval, label) for value, interval, label in plain["tiles"]),
        "numbers": tuple(
            Row(row["title"], tuple(_number(one) for one in row["cells"]), row["first"]) for row in plain["numbers"]
        ),
    }
    return Told(**(dict(plain) | lists))


def _number(plain: Mapping[str, Any]) -> Number:
    return Number(plain["value"], plain["apart"], plain["more"], tuple(plain["cells"]), tuple(plain["differs"]))
