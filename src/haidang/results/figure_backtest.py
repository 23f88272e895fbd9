"""Figures of backtests: a forecast beside what came, beside a whole class of cases, or case by case."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from haidang.results import charts
from haidang.results.backtest import covered, enough_inside, forecast, inside, is_foresight, worse_than_naive
from haidang.results.catalogue import Catalogue
from haidang.results.charts import Mark
from haidang.results.cited import citation
from haidang.results.figure import Figure
from haidang.results.manifest import Backtest, Case, SourceText
from haidang.results.numerals import Scale, apart, day, number, percent, quantity, scale, told
from haidang.results.points import Points
from haidang.results.run import Run
from haidang.results.tables import ENDS, Table, points_table, shown
from haidang.results.theme import GREEN, GREY, PINK

WIDE = 15
"""Where the largest number is so many times the smallest, the axis runs in powers of ten."""
_LOOKS = {"outcome": (PINK, "diamond"), "official": (GREEN, "square"), "naive": (GREY, "triangle-up")}


def backtest_figures(run: Run, words: Catalogue) -> Iterator[Figure]:
    """One figure for each backtest that has a forecast."""
    for index, backtest in enumerate(run.backtests):
        figure = _drawn(f"backtest_{index + 1}", backtest, words)
        if figure is not None:
            yield figure


def _drawn(name: str, backtest: Backtest, words: Catalogue) -> Figure | None:
    if backtest.kind == "cases":
        return _cases(name, backtest, words)
    found = forecast(backtest)
    if found is None:
        return None
    return _class(name, backtest, found, words) if backtest.kind == "class" else _one(name, backtest, found, words)


def _one(name: str, backtest: Backtest, found: Points, words: Catalogue) -> Figure:
    unit, values = backtest.unit, _values(backtest)
    chosen, low, axis = _axis([found.p5, found.p50, found.p95, *values.values()], unit, words)
    label = words.text("figure.backtest.model")
    marks = [
        Mark(label, value / chosen.factor, words.text(f"figure.backtest.{kind}")) for kind, value in values.items()
    ]
    table = points_table(
        words.text("figure.backtest.table"), words.text("column.case"), [(label, found)], unit, words, chosen
    )
    more = tuple(
        (words.text(f"figure.backtest.{kind}"), shown(value, unit, chosen, words), "", "", "", "")
        for kind, value in values.items()
    )
    return Figure(
        name, "backtest", _title(backtest, words), _verdict(backtest, found, words),
        charts.intervals(
            [(label, found.scaled(1 / chosen.factor))], axis, words.language, marks=marks, kinds=_kinds(words),
            logarithmic=low,
        ),
        Table(table.caption, table.columns, table.rows + more), _note(backtest, words),
    )  # fmt: skip


def _class(name: str, backtest: Backtest, found: Points, words: Catalogue) -> Figure:
    """One forecast as a band through all the cases of its kind."""
    unit = backtest.unit
    known = [(case, case.outcome) for case in backtest.cases if case.outcome is not None]
    known.sort(key=lambda each: -each[1])
    beside = [] if backtest.naive is None else [backtest.naive]
    chosen, low, axis = _axis([found.p5, found.p50, found.p95, *(value for _, value in known), *beside], unit, words)
    hit, miss = words.text("figure.backtest.hit"), words.text("figure.backtest.miss")
    rows = [(_named(case, words), value / chosen.factor, hit if inside(case, found) else miss) for case, value in known]
    label = words.text("figure.backtest.model")
    naive = words.text("figure.backtest.naive")
    line = None if backtest.naive is None else (backtest.naive / chosen.factor, naive)
    return Figure(
        name, "backtest", _title(backtest, words),
        " ".join(
            [
                words.text(
                    "figure.backtest.class_sentence", cutoff=day(backtest.cutoff, words),
                    told=told(found, unit, words), count=str(len(known)),
                ),
                *_scored(backtest, words),
            ]
        ),
        charts.analogues(
            (label, found.scaled(1 / chosen.factor)), rows, axis, words.language,
            kinds={hit: (GREEN, "diamond"), miss: (PINK, "diamond"), naive: _LOOKS["naive"]}, beside=line,
            logarithmic=low,
        ),
        _case_table(backtest, [(case, found) for case, _ in known], chosen, words), _note(backtest, words),
    )  # fmt: skip


def _cases(name: str, backtest: Backtest, words: Catalogue) -> Figure | None:
    """Each case with its own forecast, what came highest first."""
    unit = backtest.unit
    known = [(case, found) for case in backtest.cases if (found := forecast(case)) is not None]
    known.sort(key=lambda each: -math.inf if each[0].outcome is None else -each[0].outcome)
    if not known:
        return None
    every = [value for case, found in known for value in (found.p5, found.p50, found.p95, *_values(case).values())]
    # Forecasts of next to nothing would squeeze all others together: they begin where the axis begins.
    chosen, low, axis = _axis([value for value in every if value > 1e-4 * max(every)] or every, unit, words)
    rows = [(_named(case, words), _held(found.scaled(1 / chosen.factor), low)) for case, found in known]
    marks = [
        Mark(_named(case, words), max(value / chosen.factor, low or -math.inf), words.text(f"figure.backtest.{kind}"))
        for case, _ in known
        for kind, value in _values(case).items()
    ]
    return Figure(
        name, "backtest", _title(backtest, words),
        _told_cases(backtest, known, words),
        charts.intervals(rows, axis, words.language, marks=marks, kinds=_kinds(words), logarithmic=low),
        _case_table(backtest, known, chosen, words), _note(backtest, words),
    )  # fmt: skip


def _told_cases(backtest: Backtest, known: Sequence[tuple[Case, Points]], words: Catalogue) -> str:
    """How well a list of cases was forecast; of a single one, what was forecast and what came."""
    when, ahead = day(backtest.cutoff, words), is_foresight(backtest)
    if len(known) > 1:
        key = "cases_sentence" if ahead else "form_sentence"
        head = words.text(f"figure.backtest.{key}", cutoff=when, count=str(len(known)))
        return " ".join([head, *_scored(backtest, words), *_order(backtest, words)])
    case, found = known[0]
    key = "sentence" if ahead else "form_one"
    parts = [words.text(f"figure.backtest.{key}", cutoff=when, told=told(found, backtest.unit, words))]
    return " ".join([*parts, *_came(case, found, backtest.unit, words), *_scores(backtest, words)])


def _held(found: Points, low: float | None) -> Points:
    """An interval that an axis in powers of ten can hold: it begins where the axis does."""
    return found if low is None else Points(*(max(low, value) for value in found.as_dict().values()))


def _named(case: Case, words: Catalogue) -> str:
    title = case.title[words.language]
    return words.text("figure.backtest.fitted", case=title) if case.fitted else title


def _title(backtest: Backtest, words: Catalogue) -> str:
    return f"{backtest.title[words.language]} · {backtest.quantity[words.language]}"


def _values(told_of: Backtest | Case) -> dict[str, float]:
    """The single values beside a forecast, by kind."""
    known = {"outcome": told_of.outcome, "official": told_of.official, "naive": told_of.naive}
    return {kind: value for kind, value in known.items() if value is not None}


def _kinds(words: Catalogue) -> dict[str, tuple[str, str]]:
    return {words.text(f"figure.backtest.{kind}"): look for kind, look in _LOOKS.items()}


def _axis(every: Sequence[float], unit: str, words: Catalogue) -> tuple[Scale, float | None, str]:
    """The scale of an axis; its lower end where it runs in powers of ten; its title.

    One axis must hold a naive forecast fifty times the outcome.
    """
    chosen = scale(unit, every, words)
    wide = min(every) > 0 and max(every) > WIDE * min(every)
    low = 10.0 ** math.floor(math.log10(min(every) / chosen.factor)) if wide else None
    title = [chosen.label, words.text("figure.backtest.log")] if wide else [chosen.label]
    return chosen, low, ", ".join(part for part in title if part)


def _verdict(backtest: Backtest, found: Points, words: Catalogue) -> str:
    """What was forecast, what came, and who was nearer; a model worse than the naive forecast says so."""
    unit = backtest.unit
    parts = [words.text("figure.backtest.sentence", cutoff=day(backtest.cutoff, words), told=told(found, unit, words))]
    return " ".join([*parts, *_came(backtest, found, unit, words), *_scores(backtest, words)])


def _came(told_of: Backtest | Case, found: Points, unit: str, words: Catalogue) -> list[str]:
    """What came, and whether the interval held it."""
    if told_of.outcome is None:
        return []
    key = "inside" if inside(told_of, found) else "outside"
    return [words.text(f"figure.backtest.{key}", outcome=quantity(told_of.outcome, unit, words))]


def _scores(backtest: Backtest, words: Catalogue, mean: str = "") -> list[str]:
    """The error scores beside each other; `mean` names the words for scores over several cases."""
    scores, unit = backtest.crps, backtest.unit
    parts: list[str] = []
    worse = worse_than_naive(backtest)
    if scores.model is not None and scores.naive is not None and worse is not None:
        key = f"figure.backtest.{mean}{'worse' if worse else 'better'}"
        parts.append(
            words.text(key, model=quantity(scores.model, unit, words), naive=quantity(scores.naive, unit, words))
        )
    if scores.model is not None and scores.official is not None:
        key = "official_better" if scores.model < scores.official else "official_worse"
        parts.append(words.text(f"figure.backtest.{key}", official=quantity(scores.official, unit, words)))
    return parts


def _scored(backtest: Backtest, words: Catalogue) -> list[str]:
    """How many of the cases lie inside their interval, and the mean error scores."""
    found = covered(backtest)
    parts: list[str] = []
    if found is not None:
        share, count = found
        key = "enough_inside" if enough_inside(share, count) else "few_inside"
        parts.append(words.text(f"figure.backtest.{key}", inside=str(round(share * count)), count=str(count)))
    return [*parts, *_scores(backtest, words, "mean_")]


def _order(backtest: Backtest, words: Catalogue) -> list[str]:
    """Whether the forecasts stand in the order of what came."""
    rank = backtest.rank
    if rank is None:
        return []
    key = "ordered" if rank.tau > 0 and rank.p <= 0.1 else "unordered"
    return [
        words.text(
            f"figure.backtest.{key}", tau=number(rank.tau, words.language, 2), chance=percent(rank.p, words.language)
        )
    ]


def _case_table(backtest: Backtest, known: Sequence[tuple[Case, Points]], chosen: Scale, words: Catalogue) -> Table:
    """Every case: what was forecast, what came, whether it lies inside, and who says so."""
    unit = backtest.unit

    def cell(value: float | None) -> str:
        return "–" if value is None else shown(value, unit, chosen, words)

    def verdict(case: Case, found: Points) -> str:
        hit = inside(case, found)
        return "–" if hit is None else words.text("figure.backtest.yes" if hit else "figure.backtest.no")

    rows = tuple(
        (
            _named(case, words), *apart(found, unit, words, chosen)[:3], cell(case.outcome), verdict(case, found),
            cell(backtest.naive if case.naive is None else case.naive), _source(case.outcome_source, words),
        )
        for case, found in known
    )  # fmt: skip
    ends = [f"{words.text('column.forecast')}: {words.text(f'column.{end}')}" for end in ENDS]
    beside = [words.text(f"column.{name}") for name in ("came", "inside", "naive", "source")]
    columns = (words.text("column.case"), *ends, *beside)
    label = f" ({chosen.label})" if chosen.label else ""
    return Table(f"{words.text('figure.backtest.case_table')}{label}", columns, rows)


def _source(source: str | SourceText | None, words: Catalogue) -> str:
    if source is None:
        return ""
    return source if isinstance(source, str) else citation(source, words)


def _note(backtest: Backtest, words: Catalogue) -> str:
    """What the reader should know, and who says what came."""
    said = _source(backtest.outcome_source, words)
    parts = [
        backtest.note[words.language].strip() if backtest.note else "",
        words.text("figure.backtest.came_from", source=said) if said else "",
    ]
    return " ".join(part for part in parts if part)
