"""How likely each target is, as tables beside the records that it was reckoned from.

What is reckoned is no record: reading leaves these tables out, since the records give the same numbers again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from haidang.track.exchange.flat import BETWEEN, FORECASTS, ODDS, Row, Tables

Told: TypeAlias = Mapping[str, Any]
"""The odds of a target as `track.plain` tells them."""

_POINTS = ("p5", "p25", "p50", "p75", "p95")
_WAYS = {"without_programme": "fan", "with_programme": "fan_with_programme"}


def odds_tables(targets: Sequence[Told], as_of: str) -> Tables:
    """A table of the odds, one row a target, and one of the forecasts, one row a target, way and day.

    Args:
        targets: as plain values.
        as_of: the day on which they were told, in ISO form.
    """
    tables: Tables = {ODDS: [_row(one, as_of) for one in targets], FORECASTS: list(_forecasts(targets))}
    return {name: rows for name, rows in tables.items() if rows}


def _row(one: Told, as_of: str) -> Row:
    """What the page says of a target; an empty cell where there is no number."""
    low, high = one["probability_range"] or (None, None)
    numbers = {
        "probability": one["probability"],
        "probability_of_lower_end": one["probability_of_lower_end"],
        "probability_with_programme": one["probability_with_programme"],
        "probability_range.low": low,
        "probability_range.high": high,
        **{name: _last(one["fan"], name) for name in _POINTS},
        **{f"with_programme.{name}": _last(one["fan_with_programme"], name) for name in _POINTS},
    }
    texts = {
        **{f"told.{language}": " ".join(told) for language, told in one["told"].items()},
        "reason": one["reason"],
        "method": one["method"],
        "told_by_indicator": one["told_by_indicator"],
        "programmes": BETWEEN.join(one["programmes"]),
        "stated_in": _documents(one["claims"]),
        "told_from": _documents(value["claim"] for value in one["values"]),
    }
    cells: Mapping[str, Any] = {
        "target": one["id"],
        **_each("title", one["title"]),
        "as_of": as_of,
        "by": one["by"],
        **_each("chance", one["chance"]),
        **_each("chance_beside", one["chance_beside"]),
        "evidence": one["evidence"],
        **_each("state", one["state"]),
        "unit_of_odds": one["unit_of_odds"],
        **numbers,
        **texts,
    }
    return {name: "" if value is None else value for name, value in cells.items()}


def _forecasts(targets: Sequence[Told]) -> Iterator[Row]:
    for one in targets:
        for way, name in _WAYS.items():
            for point in one[name]:
                yield {"target": one["id"], "way": way, "unit_of_odds": one["unit_of_odds"], **point}


def _each(name: str, texts: Mapping[str, str]) -> Mapping[str, str]:
    return {f"{name}.{language}": text for language, text in texts.items()}


def _last(fan: Sequence[Told], name: str) -> float | None:
    """Of the forecast for the last day on which the target counts."""
    return fan[-1][name] if fan else None


def _documents(claims: Iterable[Told]) -> str:
    """The documents behind some claims, each once."""
    return BETWEEN.join(dict.fromkeys(claim["source"] for claim in claims))
