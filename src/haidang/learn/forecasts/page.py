"""A suite's result as one page in both languages: what it comes to, the table, reliability, and a fan a series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from haidang.learn.forecasts import charts
from haidang.learn.forecasts.curves import SHAPES
from haidang.learn.forecasts.run import MODEL, FromOrigin, SuiteResult
from haidang.learn.forecasts.say import Say, order_of
from haidang.learn.forecasts.scored import JUDGED, MIXED
from haidang.results import theme

if TYPE_CHECKING:
    from haidang.results.manifest import Language

_SMALL = ".figures.small { grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: 1.2rem; }"
_SHOWN = (MODEL, MIXED, "drift", *SHAPES)
"""The forecasters of the reliability plot: five lines are as many as can be told apart."""


def suite_html(found: SuiteResult, first: Language = "vi") -> str:
    """The page as HTML; it loads nothing and runs no script.

    Args:
        found: the result.
        first: the language shown first; a reader switches to the other.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("haidang.learn.forecasts"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    style = PackageLoader("haidang.results").get_source(environment, "report.css")[0]
    return environment.get_template("suite.html.j2").render(
        pages=[_page(Say(language, found)) for language in order_of(first)],
        style=Markup(f"{style}{theme.dark_rules()}\n}}\n{_SMALL}"),
    )


def _page(say: Say) -> dict[str, Any]:
    first = say.found.origins[0]
    return {
        "say": say,
        "origin": say.origin(first),
        "verdict": say.verdict(),
        "heads": say.heads(),
        "tables": [{"caption": say.origin(one), "rows": say.rows(one)} for one in say.found.origins],
        "beside": say.beside(),
        "reliability": _reliability(say, first),
        "pit": _pit(say, first),
        "fans_read": _fans_read(say, first),
        "fans": _fans(say, first),
    }


def _drawn(chart: Any, name: str, label: str) -> Any:
    from markupsafe import Markup

    return Markup(theme.inline(theme.svg(chart), name, label))


def _reliability(say: Say, first: FromOrigin) -> Any:
    lines = [(say.word(line.name), line) for line in first.lines if line.name in _SHOWN]
    chart = charts.reliability(lines, (say.word("level"), say.word("share_below")), say.language)
    return _drawn(chart, f"{say.language}-reliability", say.word("reliability"))


def _pit(say: Say, first: FromOrigin) -> Any:
    if first.verdict is None:
        return None
    titles = (say.word("level"), say.word("share_in"))
    chart = charts.pit_bars(first.judged, first.verdict.name, titles, say.language)
    return _drawn(chart, f"{say.language}-pit", say.word("pit"))


def _fans_read(say: Say, first: FromOrigin) -> str:
    if first.verdict is None:
        return ""
    return say.word("fans_read", name=say.word(first.verdict.name), rival=say.word(first.verdict.rival))


def _fans(say: Say, first: FromOrigin) -> list[dict[str, Any]]:
    if first.verdict is None:
        return []
    name, rival, suite = first.verdict.name, first.verdict.rival, say.found.suite
    fans: list[dict[str, Any]] = []
    for place, one in enumerate(first.judged):
        mine, theirs = one.scores[name], one.scores[rival]
        says = say.word(
            "fan", series=one.cut.known.id, mine=say.number(mine.crps), theirs=say.number(theirs.crps),
            cover=say.percent(mine.coverage(JUDGED)),
        )  # fmt: skip
        chart = charts.fan(one, name, rival, suite.unit, suite.top, say.language)
        fans.append(
            {"name": one.cut.known.id, "says": says, "drawn": _drawn(chart, f"{say.language}-fan-{place}", says)}
        )
    return fans
