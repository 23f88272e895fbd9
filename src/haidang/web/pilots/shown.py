"""A pilot in rows and sentences, as its page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING, Any, cast

from haidang.web.jobs.models import Job
from haidang.web.pilots.models import Pilot
from haidang.web.words import Language, words

if TYPE_CHECKING:
    from haidang.learn.evaluate import Diagnostic
    from haidang.learn.monitor.watch import Look
    from haidang.learn.pilot.declaration import Declaration

ROWS = 12
"""Days in the table of what was seen; the log holds all."""


def register_rows(pilot: Pilot) -> list[dict[str, Any]]:
    """The register's lines, the oldest first.

    `after_lots` is told of amendments that came once the lots were drawn, `after_start` of whatever came when the pilot
    had begun by its own plan: of that nobody can see that it was there before the data.

    Raises:
        HaidangError: it was tampered with.
    """
    from haidang.learn.pilot.assignment_file import drawn_beside
    from haidang.learn.pilot.declaration import digest
    from haidang.learn.pilot.registration import entries_of, registered, versions

    plans = versions(pilot.plan)
    drawn = drawn_beside(pilot.plan, plans)
    entries = entries_of(pilot.plan)
    late = 0 if drawn is None else len(registered(pilot.plan).after(digest(drawn)))
    return [
        {
            "when": date.fromisoformat(one.when),
            "kind": one.kind,
            "hash": one.content["hash"],
            "reason": one.content.get("reason", ""),
            "seal": one.hash,
            "after_lots": place >= len(entries) - late,
            "after_start": date.fromisoformat(one.when) > plan.start,
        }
        for place, (one, plan) in enumerate(zip(entries, plans, strict=True))
    ]


def power_rows(job: Job | None, language: Language) -> dict[str, Any] | None:
    """What each design can find, as last told; none where nobody asked."""
    from haidang.results.numerals import number, percent

    if job is None or job.state != Job.State.DONE:
        return None
    rows = [
        {
            "design": one["design"],
            "units": one["units"],
            "treated": one["treated"],
            "truth": _plain(one["truth"], language),
            "truth_low": _plain(one["truth_low"], language),
            "truth_high": _plain(one["truth_high"], language),
            "bias": _plain(one["bias"], language),
            "coverage": percent(one["coverage"], language),
            "power": percent(one["power"], language),
            "closed": percent(one["closed_power"], language),
            "detectable": _plain(one["detectable"], language),
            "cost": number(one["cost"] / 1e9, language),
        }
        for one in job.outcome["rows"]
    ]
    return {"rows": rows, "pilots": job.outcome["pilots"], "worlds": job.outcome["worlds"], "hash": job.outcome["hash"]}


def balance_rows(found: Sequence[Diagnostic], language: Language) -> list[tuple[str, str, str]]:
    """How alike the arms were before."""
    from haidang.learn.pilot.words import text

    return [
        (
            text("joint", language) if one.name == "balance_joint" else one.about,
            _plain(one.value or 0.0, language),
            text(f"verdict_{one.verdict}", language),
        )
        for one in found
    ]


def day_rows(days: Sequence[Look], declared: Declaration, language: Language) -> dict[str, Any] | None:
    """Some of the days, the last among them, with the evidence of the effect, the shares and each guardrail."""
    if not days:
        return None
    from haidang.results.numerals import number

    titles = {one.id: one.title[language] for one in declared.guardrails}
    titles |= {name: words(language).text(f"pilots.evidence.{name}") for name in ("effect", "ratio")}
    levels = {one.id: one.alpha for one in declared.guardrails} | {"effect": declared.alpha, "ratio": 0.01}
    names = list(days[-1].evidence)
    step = max(1, len(days) // ROWS)
    rows = [
        {
            "day": one.day,
            "arrivals": list(one.arrivals.values()),
            "estimate": _end(one.estimate, language),
            "low": _end(one.low, language),
            "high": _end(one.high, language),
            "evidence": [number(min(one.evidence[name], 1e9), language) for name in names],
        }
        for one in [*days[:-1:step], days[-1]]
    ]
    arms = [words(language).text("pilots.arrivals", arm=arm) for arm in days[-1].arrivals]
    return {"arms": arms, "heads": [f"{titles[name]} ({1.0 / levels[name]:.0f})" for name in names], "rows": rows}


def _spoke(on: str, declared: Declaration, language: Language) -> str:
    """What a stop rule speaks on: a guardrail by its title, the rest in words."""
    titles = {one.id: one.title[language] for one in declared.guardrails}
    return titles.get(on) or words(language).text(f"pilots.on.{on}")


def stop_sentences(days: Sequence[Look], declared: Declaration, language: Language) -> list[str]:
    """What the stop rules say; that none has spoken, where none has."""
    from haidang.learn.pilot.words import text
    from haidang.results.catalogue import catalogue
    from haidang.results.numerals import day

    if not days:
        return []
    found: list[str] = []
    for rule in declared.stop:
        since = next((one.day for one in days if rule.on in one.fired), None)
        if since is not None:
            told = day(since.isoformat(), catalogue(language))
            found.append(
                text(
                    "stop_now", language, on=_spoke(rule.on, declared, language), day=told, reason=rule.reason[language]
                )
            )
    return found or [text("goes_on", language)]


def chart_sentence(days: Sequence[Look], declared: Declaration, language: Language) -> str:
    """What the chart shows on its last day: the effect so far, its interval, and whether zero lies in it."""
    from haidang.results.catalogue import catalogue
    from haidang.results.numerals import day

    told = [one for one in days if all(isfinite(value) for value in (one.estimate, one.low, one.high))]
    own = words(language)
    if not told:
        return own.text("pilots.chart_empty")
    last = told[-1]
    side = "above" if last.low > 0 else "below" if last.high < 0 else "holds"
    return own.text(
        f"pilots.chart_{side}", day=day(last.day.isoformat(), catalogue(language)), reports=sum(last.arrivals.values()),
        estimate=_plain(last.estimate, language), low=_plain(last.low, language), high=_plain(last.high, language),
        unit=declared.outcome.unit,
    )  # fmt: skip


def chart(days: Sequence[Look], declared: Declaration, language: Language) -> str:
    """The effect so far with the interval that holds at all looks together, as SVG."""
    import altair as alt
    import polars as pl

    from haidang.results import theme

    told = [one for one in days if all(isfinite(value) for value in (one.estimate, one.low, one.high))]
    table = pl.DataFrame(
        {
            "day": [one.day for one in told],
            "estimate": [one.estimate for one in told],
            "low": [one.low for one in told],
            "high": [one.high for one in told],
        },
        schema={"day": pl.Date, "estimate": pl.Float64, "low": pl.Float64, "high": pl.Float64},
    )
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%-d/%-m/%Y", tickCount=4))
    base = alt.Chart(table)
    band = base.mark_area(opacity=0.25, color=theme.BLUE).encode(
        x=x, y=alt.Y("low:Q", title=declared.outcome.unit), y2="high:Q"
    )
    line = base.mark_line(color=theme.BLUE).encode(x=x, y="estimate:Q")
    zero = alt.Chart(pl.DataFrame({"zero": [0.0]})).mark_rule(strokeDash=[4, 3], color=theme.INK).encode(y="zero:Q")
    layers = cast("alt.LayerChart", alt.layer(band, line, zero))
    return theme.inline(
        theme.svg(theme.themed(layers, 260, language)), "watch", chart_sentence(days, declared, language)
    )


def _end(value: float, language: Language) -> str:
    return _plain(value, language) if isfinite(value) else "–"


def _plain(value: float, language: Language) -> str:
    """A number of three digits, or of four decimals where it is small, as a spreadsheet reads it."""
    from haidang.results.numerals import number, pasted

    return pasted(number(value if abs(value) >= 0.1 else round(value, 4), language), value, language)
