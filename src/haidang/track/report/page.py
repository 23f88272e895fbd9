"""The pages on disk: one for the whole, and pages of records where there are many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import Any, TypeAlias, cast

from altair.utils.schemapi import debug_mode

from haidang.results import theme
from haidang.results.figure import Figure
from haidang.results.manifest import Language
from haidang.results.run import replace_bytes
from haidang.results.tables import Table
from haidang.track.attention import Attention
from haidang.track.odds import Counted, Odds, Series, Status
from haidang.track.odds.figures import count_figure, fan_figure, fan_table, status_figure, status_table
from haidang.track.odds.words import state_text
from haidang.track.outlook import Outlook
from haidang.track.overview import (
    Overview,
    beside,
    headline,
    lead,
    lower_cell,
    method_cell,
    paragraphs,
)
from haidang.track.records import kind_of
from haidang.track.report.view import Card, View, card_of, rows_of
from haidang.track.say import Say

TOGETHER = 100
"""So many records of a kind stand on the first page; more go to pages of their own."""
ON_A_PAGE = 250
"""So many records go on one of those, which a phone still opens at once."""
DRAWN = 60
"""Where a pack has so many targets, each is drawn: a chart takes the processor an eighth of a second."""
FIGURES = 16
"""Where it has more, so many are drawn; the others hold the same numbers as a table behind one click."""
NAMED = 50
"""So many records of each reason and contradictions are named on the first page."""


_Drawings: TypeAlias = Mapping[tuple[str, str], tuple[Figure, str]]


@dataclass(frozen=True, slots=True)
class _Book:
    """The pages of one kind of record, in both languages."""

    kind: str
    pages: tuple[str, ...]


def write_pages(found: Overview, folder: Path, language: Language) -> Path:
    """Write the report.

    Args:
        found: where everything stands.
        folder: of the pages; made where there is none.
        language: shown first; both are on each page.

    Returns:
        The first page.

    Raises:
        RunWriteError: a file cannot be written; an earlier one is left as it was.
    """
    languages: tuple[Language, ...] = ("vi", "en") if language == "vi" else ("en", "vi")
    views = [_view(found, one) for one in languages]
    books = {
        "commitment": _paged("commitment", found.tracked.commitments, TOGETHER),
        "indicator": _paged("indicator", found.tracked.indicators, TOGETHER),
    }
    with ThreadPoolExecutor(max_workers=1) as beside:
        # Charts are drawn by a library that runs beside Python, so the second core draws while the first writes.
        drawn = beside.submit(_drawings, found, languages)
        for kind, book in books.items():
            _write_book(found, folder, views, kind, book)
        pages = [_index(found, view, books, drawn.result()) for view in views]
    page = _template("index.html.j2").render(pages=pages, style=_style(), drawn=_markup())
    replace_bytes(folder / "index.html", page.encode())
    return folder / "index.html"


def page_body(found: Overview, language: Language) -> str:
    """The first page in one language, without a frame: HTML that stands in somebody's page.

    Records of which there are too many for one page are counted and not listed.
    """
    view = _view(found, language)
    books = {
        "commitment": _Book("commitment", ("",) if len(found.tracked.commitments) > TOGETHER else ()),
        "indicator": _Book("indicator", ("",) if len(found.tracked.indicators) > TOGETHER else ()),
    }
    page = _index(found, view, books, _drawings(found, (language,)))
    told = page | {"commitment_pages": (), "indicator_pages": ()}
    macro = cast("Callable[..., object]", vars(_template("body.html.j2").module)["body"])
    return str(macro(told, _markup()))


def page_style() -> str:
    """What the page adds to the style of results' reports."""
    return _environment().loader.get_source(_environment(), "track.css")[0]


def _view(found: Overview, language: Language) -> View:
    titles = {(kind_of(one), one.id): one.title for one in found.tracked.records()}
    return View(Say(language), found.tracked.sources, titles, found.prospects, found.tracked.names)


def _paged(kind: str, records: Mapping[str, object], together: int) -> _Book:
    """Which pages hold the records of a kind; none where they stand on the first page."""
    if len(records) <= together:
        return _Book(kind, ())
    count = -(-len(records) // ON_A_PAGE)
    return _Book(kind, tuple(f"{kind}s-{number}.html" for number in range(1, count + 1)))


def _write_book(found: Overview, folder: Path, views: Sequence[View], kind: str, book: _Book) -> None:
    template = _template("records.html.j2")
    records: Sequence[Any] = list(
        (found.tracked.commitments if kind == "commitment" else found.tracked.indicators).values()
    )
    for number, name in enumerate(book.pages, start=1):
        some = records[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
        pages = [_records_page(found, view, kind, some, (number, book.pages)) for view in views]
        replace_bytes(folder / name, template.render(pages=pages, style=_style()).encode())


def _records_page(
    found: Overview, view: View, kind: str, records: Sequence[Any], place: tuple[int, tuple[str, ...]]
) -> dict[str, Any]:
    make: Callable[[Any], Card] = view.commitment if kind == "commitment" else view.indicator
    cards = [make(one) for one in records]
    number, pages = place
    return {
        "language": view.say.language,
        "word": view.say.word,
        "title": view.say.word(f"{kind}s"),
        "city": found.city[1][view.say.language],
        "cards": cards,
        "documents": view.documents(cards),
        "number": number,
        "pages": pages,
    }


def _drawings(found: Overview, languages: Sequence[Language]) -> _Drawings:
    """What is drawn of the targets in each language."""
    return draw_targets(_told(found)[: FIGURES if _very_many(found) else None], languages)


def draw_targets(some: Sequence[Outlook], languages: Sequence[Language]) -> _Drawings:
    """Targets as figures and as SVG to stand in a page, by language and id; those without a number are left out."""
    drawn: dict[tuple[str, str], tuple[Figure, str]] = {}
    with debug_mode(False):  # altair checks each part of a chart against its schema; the tests do that
        for one, language in product(some, languages):
            given = one.target.title[language], one.unit, language
            drawing = _drawing(one.target.id, one.odds, one.series, one.status, one.counted, *given)
            if drawing is not None:
                drawn[language, one.target.id] = drawing
    return drawn


def _told(found: Overview) -> list[Outlook]:
    """The targets with a number."""
    return [one for one in found.outlooks if one.odds.without is not None]


def _very_many(found: Overview) -> bool:
    """Whether more targets have a number than are drawn one by one."""
    return len(_told(found)) > DRAWN


@lru_cache(maxsize=4 * DRAWN)
def _drawing(
    name: str, odds: Odds, series: Series | None, status: Status | None, counted: Counted | None,
    title: str, unit: str, language: Language,
) -> tuple[Figure, str] | None:  # fmt: skip
    """One target's figure and SVG; none where there is no number. Drawn again only where something in it changed."""
    figure = None
    if status is not None:
        figure = status_figure(status, title, language)
    elif counted is not None:
        figure = count_figure(odds, counted, title, language)
    elif series is not None:
        figure = fan_figure(odds, series, title, unit, language)
    if figure is None:
        return None
    return figure, theme.inline(theme.svg(figure.chart), f"{language}-{name}", figure.title)


def _index(found: Overview, view: View, books: Mapping[str, _Book], drawn: _Drawings) -> dict[str, Any]:
    say, tracked = view.say, found.tracked
    targets = [_target(view, one, drawn.get((say.language, one.target.id))) for one in found.outlooks]
    commitments = (
        [view.commitment(one) for one in tracked.commitments.values()] if not books["commitment"].pages else []
    )
    indicators = [view.indicator(one) for one in tracked.indicators.values()] if not books["indicator"].pages else []
    others = [view.event(one) for one in tracked.events.values()]
    proposals = [view.proposal(one) for one in tracked.proposals.values()]
    against = [view.contradiction(one) for one in found.contradictions[:NAMED]]
    cards = [*(target["card"] for target in targets), *commitments, *indicators, *others, *proposals, *against]
    return {
        "language": say.language,
        "word": say.word,
        "city": found.city[1][say.language],
        "day": say.day(found.on),
        "lead": lead(found, say.language),
        "targets": targets,
        "first_drawn": FIGURES if _very_many(found) else 0,
        "stages": [(say.word(f"stage_{name}"), count) for name, count in found.stages.items()],
        "attention": list(_attention(found, view, {kind for kind, book in books.items() if book.pages})),
        "against": against,
        "against_count": len(found.contradictions),
        "commitments": commitments,
        "commitment_pages": books["commitment"].pages,
        "indicators": indicators,
        "indicator_pages": books["indicator"].pages,
        "events": others,
        "proposals": proposals,
        "documents": view.documents(cards),
    }


def _target(view: View, one: Outlook, drawn: tuple[Figure, str] | None) -> dict[str, Any]:
    say, language = view.say, view.say.language
    title = say.title(one.target.title)
    values = [view.cite(point.observation.claim) for point in reversed(one.points)]
    card = Card("target", one.target.id, title, say.day(one.target.by), (), view.cites(one.target.claims))
    return {
        "card": Card(card.kind, card.id, card.title, card.tag, card.pairs, (*card.cites, *values)),
        "stated": card.cites,
        "used": values,
        "chance": headline(one, language),
        "moved": beside(one, language),
        "lower": lower_cell(one, language),
        "known": one.known,
        "state": state_text(one.odds, language),
        "method": method_cell(one, language),
        "paragraphs": paragraphs(one, language),
        "latest": values[0].told.partition(": ")[2] if values else "",
        "table": _table(one, language) if drawn is None else drawn[0].table,
        "svg": None if drawn is None else drawn[1],
    }


def _table(one: Outlook, language: Language) -> Table | None:
    """What a target that is not drawn would show, in numbers; none where there is no number."""
    title = one.target.title[language]
    if one.status is not None:
        return None if one.odds.without is None else status_table(one.status, title, language)
    return None if one.series is None else fan_table(one.odds, one.series, title, one.unit, language)


def _attention(found: Overview, view: View, elsewhere: Collection[str]) -> Iterable[dict[str, Any]]:
    """What needs attention by reason; a record of a kind that stands on other pages has no link."""
    counts = Counter(one.reason for one in found.attention)
    for reason, count in counts.items():
        some = [one for one in found.attention if one.reason == reason][:NAMED]
        rows = [
            (
                ": ".join(
                    part for part in (view.titles[one.kind, one.id][view.say.language], _what(found, view, one)) if part
                ),
                view.say.day(one.since),
                "" if one.kind in elsewhere else f"{view.say.language}-{one.kind}-{one.id}",
            )
            for one in some
        ]
        yield {
            "title": view.say.word(f"reason_{reason}"),
            "count": count,
            "rows": rows,
            "dated": any(since for _, since, _ in rows),
            "more": count - len(rows),
        }


def _what(found: Overview, view: View, one: Attention) -> str:
    """Which part of a record it is, in words."""
    if one.what is None or one.reason == "no_place":
        return "" if one.what is None else view.say.word("claims_of", what=one.what)
    parts = found.tracked.commitments[one.id].milestones
    return next(view.say.title(part.title) for part in parts if part.id == one.what)


@cache
def _environment() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    found: Any = Environment(
        loader=PackageLoader("haidang.track.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals |= {"cites": rows_of, "card": card_of}
    return found


def _template(name: str) -> Any:
    return _environment().get_template(name)


@cache
def _style() -> Any:
    """The style of results' reports with what this one adds."""
    from jinja2 import PackageLoader

    base = PackageLoader("haidang.results").get_source(_environment(), "report.css")[0]
    own = page_style()
    # The base ends within its rules for a dark page, which the charts' colours close.
    return _markup()(f"{own}\n{base}{theme.dark_rules()}\n}}")


def _markup() -> Any:
    from markupsafe import Markup

    return Markup
