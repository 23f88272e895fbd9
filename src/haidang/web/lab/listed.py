"""What a page shows of a list of who should be offered what: what it is expected to bring, and its head."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from haidang.web.lab.models import Trial
from haidang.web.words import Language

if TYPE_CHECKING:
    from haidang.allocate.list_report import Say

SHOWN = 100
"""So many units of a list stand on its page; the workbook has them all."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in words under their headings."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a list in one language.

    Args:
        sentences: what the list is expected to bring.
        ways: the list beside simple rules and other plans.
        units: the first units of the list.
        count: how many units there are.
    """

    sentences: tuple[str, ...]
    ways: Table
    units: Table
    count: int


def keep_head(trial: Trial, say: Say, language: Language) -> None:
    """Write down the head of a list beside its files."""
    from haidang.allocate.list_report import heads, unit_rows
    from haidang.results.run import replace_bytes

    names, ways = _ways(say)
    rows = unit_rows(say)
    made = Head(
        (*say.lead, say.promise, say.commit),
        Table(names, ways),
        Table(
            tuple(heads(say, say.made.units.columns)),
            tuple(tuple(_cell(one, say) for one in row) for row in rows[:SHOWN]),
        ),
        len(rows),
    )
    replace_bytes(_file(trial, language), json.dumps(asdict(made), ensure_ascii=False).encode())


def head_of(trial: Trial, language: Language) -> Head:
    """The head of a finished list."""
    plain = json.loads(_file(trial, language).read_text(encoding="utf-8"))
    ways, units = (
        Table(tuple(one["heads"]), tuple(tuple(row) for row in one["rows"])) for one in (plain["ways"], plain["units"])
    )
    return Head(tuple(plain["sentences"]), ways, units, plain["count"])


def _file(trial: Trial, language: Language) -> Path:
    return trial.run / f"head-{language}.json"


def _cell(value: object, say: Say) -> str:
    return say.number(value) if isinstance(value, float) else "" if value is None else str(value)


def _ways(say: Say) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """What each way of giving the money did, each number in a cell of its own."""
    from haidang.results.numerals import pasted

    resources, whole = say.found.resources, say.made.whole
    heads = [say.word("way"), say.word("added"), "±", "5%", "95%", say.word("less"), "±"]
    heads += [say.word("share_spent", name=say.resource(one.id)) for one in resources]

    def number(value: float) -> str:
        return pasted(say.number(value), value, say.language)

    def row(name: str) -> tuple[str, ...]:
        one = whole["judged"][name]
        added, less = one["added"], one["optimal_less_this"]
        apart = ("", "") if not any(less.values()) else (number(less["mean"]), number(less["error"]))
        spent = [one["spent"][each.id]["mean"] / whole["budgets"][each.id] for each in resources]
        shares = [pasted(say.percent(each), each, say.language) for each in spent]
        return say.way(name), *(number(added[key]) for key in ("mean", "error", "p5", "p95")), *apart, *shares

    return tuple(heads), tuple(row(name) for name in say.ways)
