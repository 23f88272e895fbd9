"""The report as one self-contained page in both languages, and as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from haidang.allocate.factory import Advice
from haidang.allocate.factory_report.view import View
from haidang.allocate.factory_report.wording import Wording
from haidang.errors import HaidangError
from haidang.frameworks.framework import LANGUAGES, Language
from haidang.frameworks.write import write_bytes, write_text


class PdfError(HaidangError):
    """PDF cannot be made here."""


def factory_html(advice: Advice, languages: Sequence[Language] = LANGUAGES) -> str:
    """The report as HTML; the first language is shown first."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    loader = PackageLoader("haidang.allocate.factory_report")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    views = [View(language, Wording(language), advice) for language in languages]
    style = loader.get_source(environment, "report.css")[0]
    return environment.get_template("report.html.j2").render(pages=views, style=Markup(style), drawn=Markup)


def write_factory_report(advice: Advice, path: Path | str, languages: Sequence[Language] = LANGUAGES) -> Path:
    """Write the report as one HTML file.

    Raises:
        WriteError: the file cannot be written; an earlier one is left as it was.
    """
    write_text(path, factory_html(advice, languages))
    return Path(path)


def write_factory_pdf(advice: Advice, path: Path | str, language: Language = "vi") -> Path:
    """Write the report in one language as PDF.

    Raises:
        PdfError: weasyprint is not installed, or a library it needs.
        WriteError: the file cannot be written; an earlier one is left as it was.
    """
    try:
        import weasyprint
    except (ImportError, OSError):
        raise PdfError("expected weasyprint to make a PDF, found none", None, "install 'haidang[pdf]'") from None
    page: Any = weasyprint
    # Nothing is fetched: the page holds all that it shows.
    document: Any = page.HTML(string=factory_html(advice, (language,)), url_fetcher=_fetch_nothing)
    write_bytes(path, document.write_pdf())
    return Path(path)


def _fetch_nothing(url: str, *given: object, **named: object) -> Any:
    raise ValueError(f"the report loads nothing, found {url}")
