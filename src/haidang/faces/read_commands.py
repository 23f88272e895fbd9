"""`haidang read FILE...`: drafts of claims from documents, as a table, YAML or JSON."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from haidang.errors import HaidangError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from haidang.reading import Draft, Extractor, Period, Quantity, Reading, Rules


class ReadCommandError(HaidangError):
    """Options of `haidang read` that do not go together or mean nothing."""


def read(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Text, HTML, PDF or DOCX; Vietnamese or English.")
    ],
    out: Annotated[Path | None, typer.Option(help="Write the drafts, with the texts, to this YAML file.")] = None,
    published: Annotated[
        str | None, typer.Option("--date", help="Day of publication, 2025-12-09, where the files do not tell it.")
    ] = None,
    rules: Annotated[Path | None, typer.Option(help="A folder of rules that extend the shipped ones.")] = None,
    endpoint: Annotated[
        str | None,
        typer.Option(help="Ask an OpenAI-compatible endpoint instead of the rules; key in HAIDANG_READ_KEY."),
    ] = None,
    model: Annotated[str | None, typer.Option(help="Name of the model at the endpoint.")] = None,
    pack: Annotated[
        str | None, typer.Option(help="Say of each draft which records of this pack seem to say the same.")
    ] = None,
    db: Annotated[
        str | None, typer.Option("--db", envvar="HAIDANG_TRACK_DB", help="Database of the pack's records.")
    ] = None,
    text: Annotated[bool, typer.Option("--text", help="Show the text as it was read, which spans count.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="Language of what is shown: vi or en.")] = "en",
) -> None:
    """Draft claims from documents for a person to confirm: how much, of what, who, when, and in which words."""
    from haidang.faces.words import language
    from haidang.reading import as_tree, load_rules, read_files, word, write_yaml

    language(lang)
    known = load_rules(rules)
    extract, dropped = _extractor(endpoint, model, known)

    def watch(path: Path, place: int) -> None:
        if len(files) > 1 and sys.stderr.isatty():
            print(f"{word('said', 'reading', lang)} {place}/{len(files)}: {path.name}", file=sys.stderr)

    reading = read_files(files, extract, known, _day(published), watch)
    if pack is not None:
        from dataclasses import replace

        from haidang.faces.read_links import linked
        from haidang.faces.track import records_of
        from haidang.packs import load_pack

        records = records_of(load_pack(pack), db, None).records()
        reading = replace(reading, drafts=linked(reading.drafts, records, known))
    if out is not None:
        write_yaml(reading, out)
    if as_json:
        print(json.dumps(as_tree(reading), ensure_ascii=False, indent=1))
        return
    _show(reading, known, lang, text)
    if dropped():
        print(f"{dropped()} {word('said', 'dropped', lang)}")
    if out is not None:
        print(f"{word('said', 'written', lang)} {out}")


def _extractor(endpoint: str | None, model: str | None, rules: Rules) -> tuple[Extractor, Callable[[], int]]:
    """What drafts the claims, and how to ask how many proposals it dropped."""
    from haidang.reading import RuleExtractor

    if endpoint is None and model is None:
        return RuleExtractor(rules), lambda: 0
    if endpoint is None or model is None:
        raise ReadCommandError("expected --endpoint and --model together, found one of them")
    from haidang.reading.endpoint import EndpointExtractor

    asked = EndpointExtractor(endpoint, model, rules)
    return asked, lambda: asked.dropped


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise ReadCommandError(f"expected --date such as 2025-12-09, found '{text}'") from None


def _show(reading: Reading, rules: Rules, lang: str, text: bool) -> None:
    from rich.markup import escape
    from rich.table import Table

    from haidang.faces.words import console
    from haidang.reading import word

    to: Console = console()
    for place, document in enumerate(reading.documents, 1):
        told = [
            f"d{place}",
            document.title or Path(document.file).name,
            document.publisher,
            document.date and str(document.date),
        ]
        to.print(f"[bold]{escape(' · '.join(one for one in told if one))}[/bold]")
        for note in (*document.notes, *([] if document.date else [word("said", "undated", lang)])):
            to.print(f"  {escape(note)}", style="yellow")
        if text:
            to.print(f"[dim]{word('said', 'text', lang)}[/dim]")
            to.print(escape(document.text), highlight=False)
        own = [one for one in reading.drafts if one.document == place]
        if not own:
            to.print(f"  {word('said', 'none', lang)}\n")
            continue
        table = Table(show_lines=False, pad_edge=False, box=None, header_style="dim")
        for key, ratio in (
            ("id", 0),
            ("kind", 0),
            ("quantity", 3),
            ("subject", 6),
            ("actors", 3),
            ("period", 3),
            ("words", 3),
            ("span", 0),
        ):
            table.add_column(word("columns", key, lang), ratio=ratio or None, no_wrap=not ratio, overflow="fold")
        for one in own:
            table.add_row(*(escape(cell) for cell in _row(one, rules, lang)))
        to.print(table)
        to.print()
    _show_same(reading.drafts, lang, to)
    to.print(f"{len(reading.drafts)} {word('said', 'drafts', lang)}")


def _show_same(drafts: tuple[Draft, ...], lang: str, to: Console) -> None:
    from haidang.reading import word

    seen: set[str] = set()
    for one in drafts:
        if one.duplicates and one.id not in seen:
            seen |= {one.id, *one.duplicates}
            to.print(f"{word('said', 'same', lang)}: {', '.join((one.id, *one.duplicates))}", style="cyan")


def _row(one: Draft, rules: Rules, lang: str) -> list[str]:
    from haidang.reading import word

    quantity = "" if one.quantity is None else _said(one.quantity, rules, lang)
    return [
        one.id, word("kinds", one.kind, lang), quantity, one.subject, ", ".join(one.actors), _when(one, lang),
        one.span.text, f"{one.span.start}-{one.span.end}",
    ]  # fmt: skip


def _when(one: Draft, lang: str) -> str:
    """The period of a draft; in brackets the one that its document only implies."""
    if one.period is not None:
        return _days(one.period, lang)
    return "" if one.implied is None else f"({_days(one.implied, lang)})"


def _days(period: Period, lang: str) -> str:
    from haidang.reading import word

    start, end = period.start, period.end
    if start is None or end is None:
        return f"{word('said', 'by', lang)} {end}" if start is None else f"{start} -"
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return f"{start.year}" if start.year == end.year else f"{start.year}-{end.year}"
    return f"{start}" if start == end else f"{start} {word('said', 'until', lang)} {end}"


def _said(told: Quantity, rules: Rules, lang: str) -> str:
    """A quantity in the words of a language: `khoảng 2,74 triệu tỷ đồng`, `about 2.74 thousand trillion VND`."""
    from haidang.reading import word, words

    known = [one for one in (told.minimum, told.maximum) if one is not None]
    size = next((key for key in words("sizes") if max(known) >= float(key) and told.unit != "rank"), None)
    numbers = "-".join(dict.fromkeys(_number(one / float(size or 1), lang) for one in known))
    firmly = "" if told.qualifier == "exactly" else word("qualifiers", told.qualifier, lang)
    unit, _, per = told.unit.partition("/")
    share, _, whole = unit.partition(" of ")
    if unit == "document number":
        return f"{word('units', unit, lang)} {numbers}"
    if unit == "rank":
        parts = [firmly, word("units", "rank", lang), numbers]
        return " ".join(one for one in (*parts, told.among and word("among", told.among, lang)) if one)
    shown = rules.units[unit].spellings[0] if lang == "vi" and unit in rules.units else word("units", unit, lang)
    if whole and share in rules.units:
        shown = f"{share} {word('wholes', whole, lang)}"
    tail = f"/{word('per', per, lang)}" if per else ""
    return " ".join(one for one in (firmly, numbers, size and word("sizes", size, lang), shown + tail) if one)


def _number(value: float, lang: str) -> str:
    from babel.numbers import format_decimal

    return format_decimal(value, format="#,##0.######", locale=lang)
