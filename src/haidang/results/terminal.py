"""A run in the terminal: the answer in three sentences, the headline numbers, the variants side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from haidang.results.catalogue import words_of
from haidang.results.manifest import Language
from haidang.results.run import Run
from haidang.results.tables import Table
from haidang.results.variants import variants_tables
from haidang.results.view import headline_table
from haidang.results.wording import answer, scenario_note, shortened

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table as RichTable


def terminal_table(run: Run, language: Language = "vi", scenario: str | None = None) -> RenderableType:
    """What rich prints after a run.

    Raises:
        UnknownNameError: the run has no such scenario, or the baseline alone.
    """
    from rich.console import Group
    from rich.text import Text

    words = words_of(run.manifest, language)
    name = run.programme.id if scenario is None else run.scenario(scenario).id
    title = Text(run.scenario(name).title[language], style="bold")
    # Text, not markup: a title from a pack may hold square brackets.
    sentences = [Text(sentence) for sentence in answer(run, name, words)]
    note = scenario_note(run, name, words)
    caveat = [Text(), Text(f"{words.text('report.note')} {shortened(note)}", style="italic")] if note else []
    variants = variants_tables(run, name, words)
    tables = [rich_table(each) for each in (headline_table(run, name, words), *variants)]
    return Group(title, Text(), *sentences, *caveat, Text(), *tables)


def rich_table(table: Table) -> RichTable:
    """A table as rich prints it: the first column to the left, numbers to the right."""
    from rich import box
    from rich.table import Table as RichTable
    from rich.text import Text

    drawn = RichTable(title=Text(table.caption), title_justify="left", box=box.SIMPLE_HEAD)
    for index, column in enumerate(table.columns):
        drawn.add_column(Text(column), justify="left" if index == 0 else "right")
    for row in table.rows:
        drawn.add_row(*(Text(cell) for cell in row))
    return drawn
