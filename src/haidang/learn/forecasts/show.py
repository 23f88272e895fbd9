"""A suite's result on a terminal: the table of forecasters from the judged origin, and what it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from haidang.learn.forecasts.run import SuiteResult
from haidang.learn.forecasts.say import Say

if TYPE_CHECKING:
    from haidang.results.manifest import Language


def suite_table(found: SuiteResult, lang: Language) -> Table:
    """One row a forecaster, and below what it comes to.

    Args:
        found: from `run_suite`.
        lang: `vi` or `en`.
    """
    say = Say(lang, found)
    first = found.origins[0]
    caption = Text("\n".join((say.word("table_read"), *say.verdict(), *say.beside(), say.made())))
    title = Text(f"{say.title}: {say.origin(first)}")
    table = Table(
        box=None, header_style="bold", title=title, title_justify="left", caption=caption, caption_justify="left"
    )
    for place, head in enumerate(say.heads()):
        table.add_column(head, justify="left" if place == 0 else "right", overflow="fold")
    ours = None if first.verdict is None else first.verdict.name
    for line, cells in zip(first.lines, say.rows(first), strict=True):
        table.add_row(*(Text(cell, style="bold" if line.name == ours else "") for cell in cells))
    return table
