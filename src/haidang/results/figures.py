"""Every figure of a run, and a single one as a file."""

from __future__ import annotations

import textwrap
from functools import lru_cache

import altair as alt
from altair.utils.schemapi import debug_mode

from haidang.results.catalogue import catalogue, words_of
from haidang.results.figure import Figure
from haidang.results.figure_backtest import backtest_figures
from haidang.results.figure_effect import effect_figures
from haidang.results.figure_place import place_figures
from haidang.results.figure_time import time_figures
from haidang.results.figure_use import use_figures
from haidang.results.figure_variance import variance_figures
from haidang.results.manifest import Language
from haidang.results.run import Run
from haidang.results.theme import png, svg


@lru_cache(maxsize=4)
def figures(run: Run, language: Language, scenario: str | None = None) -> tuple[Figure, ...]:
    """The figures of a scenario's report, in the report's order.

    Args:
        run: a finished run.
        language: of titles, sentences, tables and numbers.
        scenario: the programme as declared where none is named.

    Raises:
        UnknownNameError: the run has no such scenario, or the baseline alone.
    """
    name = run.programme.id if scenario is None else run.scenario(scenario).id
    words = words_of(run.manifest, language)
    with debug_mode(False):  # altair checks each part of a chart against its schema; the tests do that
        return (
            *use_figures(run, name, words), *place_figures(run, name, words), *time_figures(run, name, words),
            *effect_figures(run, name, words), *variance_figures(run, name, words), *backtest_figures(run, words),
        )  # fmt: skip


def as_files(figure: Figure, language: Language) -> dict[str, bytes]:
    """A figure that stands alone, under the question it answers and its own title, as SVG and PNG by file suffix."""
    question = textwrap.wrap(catalogue(language).text(f"section.{figure.section}"), 40)
    lines = textwrap.wrap(figure.title, 50)
    head = alt.TitleParams(text=question, subtitle=lines)
    chart = figure.chart.properties(title=head, height=figure.height + 16 + 20 * len(question) + 17 * len(lines))
    document = svg(chart)
    return {".svg": document.encode(), ".png": png(document)}
