"""Reports drawn once: a run never changes, so neither does its page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from haidang import __version__
from haidang.errors import HaidangError, Place
from haidang.results import Addresses
from haidang.results.run import MANIFEST, Run, open_run
from haidang.web.city.models import ShownRun
from haidang.web.city.pack import pack
from haidang.web.gone import GoneError
from haidang.web.words import LANGUAGES, Language

if TYPE_CHECKING:
    from haidang.results.sections import Section
    from haidang.results.tables import Table

FORM = 4
"""Of what is kept: pages of another form are drawn again."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the site shows of a run in one language.

    Args:
        title: of the programme.
        subtitle: of its report.
        sentences: the answer in a few sentences, each with the place in the report that holds its numbers.
        tiles: value, interval, label and place in the report of the numbers in large type.
        body: the report, HTML that this program made.
        parts: the same as plain values: what each part says, its figures and its tables.
    """

    title: str
    subtitle: str
    sentences: tuple[tuple[str, str], ...]
    tiles: tuple[tuple[str, str, str, str], ...]
    body: str
    parts: tuple[Mapping[str, Any], ...]


def drawn(shown: ShownRun, language: Language) -> Drawn:
    """The report of a run, from the folder of pages where it was drawn before.

    Raises:
        GoneError: its files are gone.
    """
    file = _file(shown, language)
    if not file.exists():
        _write(shown, language, file)
    told = json.loads(file.read_text(encoding="utf-8"))
    tiles = tuple((value, interval, label, part) for value, interval, label, part in told["tiles"])
    sentences = tuple((text, part) for text, part in told["sentences"])
    return Drawn(told["title"], told["subtitle"], sentences, tiles, told["body"], tuple(told["parts"]))


def draw_ahead(shown: ShownRun) -> None:
    """Draw a run's pages, so that no reader waits for them."""
    for language in LANGUAGES:
        drawn(shown, language)


def folder_of(shown: ShownRun) -> Path:
    """Where a run's files lie."""
    return settings.HOME.runs / shown.folder


def is_there(shown: ShownRun) -> bool:
    """Whether a run's files are where they were put; whether they are whole is found when it is opened."""
    return (folder_of(shown) / MANIFEST).is_file()


def opened(shown: ShownRun) -> Run:
    """A run that the site shows.

    Raises:
        GoneError: its files are gone.
    """
    try:
        return open_run(folder_of(shown))
    except HaidangError as mistake:
        raise GoneError("the files of this run are gone", Place(shown.folder)) from mistake


def _file(shown: ShownRun, language: Language) -> Path:
    name = f"{shown.folder}-{shown.digest[:16]}-{__version__}-{FORM}-{_known()}-{language}.json"
    return settings.HOME.pages / name


def report_links(language: Language) -> Addresses:
    """The pages of the pack's facts and documents. A run may name some that the pack has no more: those have none."""
    book = pack().book
    with translation.override(language):
        return Addresses(
            {name: reverse("city:fact", args=(name,)) for name in book.facts},
            {name: reverse("city:source", args=(name,)) for name in book.sources},
        )


@lru_cache(maxsize=1)
def _known() -> str:
    """A digest of what a report may link to: where a fact is gone from the pack, its reports are drawn again."""
    book = pack().book
    return hashlib.sha256("\n".join((*book.facts, "", *book.sources)).encode()).hexdigest()[:8]


def _write(shown: ShownRun, language: Language, file: Path) -> None:
    from haidang.results import report_body
    from haidang.results.run import replace_bytes

    page, body = report_body(opened(shown), language, addresses=report_links(language))
    tiles = tuple((each.value, each.interval, each.label, f"{language}-{each.section}") for each in page.tiles)
    leads = tuple((each.text, f"{language}-{each.section}" if each.section else "") for each in page.leads)
    made = Drawn(page.title, page.subtitle, leads, tiles, body, tuple(_plain(each) for each in page.sections))
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_bytes(file, json.dumps(asdict(made), ensure_ascii=False).encode())


def _plain(part: Section) -> dict[str, Any]:
    return {
        "id": part.id,
        "heading": part.heading,
        "intro": part.intro,
        "figures": [
            {
                "id": each.id,
                "title": each.title,
                "sentence": each.sentence,
                "note": each.note,
                "table": _cells(each.table),
            }
            for each in part.figures
        ],
        "tables": [_cells(each) for each in part.tables],
        "evaluations": [asdict(each) for each in part.evaluations],
        "lines": [
            {"head": each.head, "text": each.text, "document": each.document, "facts": [one.id for one in each.facts]}
            for each in part.items
        ],
        "notes": part.notes,
    }


def _cells(table: Table) -> dict[str, Any]:
    return {"caption": table.caption, "columns": table.columns, "rows": table.rows, "facts": table.facts}
