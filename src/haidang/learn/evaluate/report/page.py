"""The evaluation's report as one self-contained page in both languages."""

from __future__ import annotations

from typing import Any

from haidang.frameworks.framework import Language
from haidang.learn.evaluate.effect import Point
from haidang.learn.evaluate.report import charts
from haidang.learn.evaluate.report.evaluation import Evaluation
from haidang.learn.evaluate.report.say import Say
from haidang.results import theme


def evaluation_html(told: Evaluation, first: Language) -> str:
    """The report as HTML that loads nothing and runs no script; the first language is shown first."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    loader = PackageLoader("haidang.learn.evaluate.report")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style = loader.get_source(environment, "report.css")[0]
    languages: tuple[Language, ...] = ("vi", "en") if first == "vi" else ("en", "vi")
    says = [Say(one, told) for one in languages]
    return environment.get_template("report.html.j2").render(
        pages=[{"say": one, "word": one.word, "figures": _figures(one)} for one in says],
        style=Markup(f"{style}\n@media (prefers-color-scheme: dark) {{ {theme.dark_rules()} }}"),
        drawn=Markup,
    )


def _figures(say: Say) -> list[dict[str, Any]]:
    title = say.word("figure_effect", unit=say.unit)
    found = [{"title": title, "svg": _inline(_estimators(say), say, "effect", title)}]
    path = say.told.effect.path
    if path:
        event = say.told.design == "staggered"
        name = say.word("figure_path_event" if event else "figure_path_gap", unit=say.unit)
        found.append({"title": name, "svg": _inline(_over_time(say), say, "path", name)})
    return found


def _inline(chart: Any, say: Say, name: str, title: str) -> str:
    return theme.inline(theme.svg(chart), f"{say.language}-{name}", title)


def _estimators(say: Say) -> Any:
    told, factor = say.told, say.told.factor
    rows: list[tuple[str, float | None, float, float]] = [
        (say.word(one.method), one.estimate / factor, one.low / factor, one.high / factor) for one in say.effects
    ]
    if told.bounds is not None:
        rows.append((say.word("bounds_row"), None, told.bounds.low / factor, told.bounds.high / factor))
    return charts.estimators(rows, 0.0, say.worthwhile / factor, say.unit, say.language)


def _over_time(say: Say) -> Any:
    effect, factor = say.told.effect, say.told.factor
    path = [_scaled(one, factor) for one in effect.path]
    before = effect.path[0].at if effect.starts is None else effect.starts - 0.5
    return charts.over_time(path, before, say.unit, say.language)


def _scaled(point: Point, factor: float) -> Point:
    low = None if point.low is None else point.low / factor
    high = None if point.high is None else point.high / factor
    return Point(point.at, point.estimate / factor, low, high)
