"""A run as a report: one self-contained page in both languages, figures as files, headline numbers as JSON.

The page loads nothing and runs no script. Languages are switched by two radio buttons and a style sheet, and each
language's part carries its own `lang`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from haidang.results import compare
from haidang.results.catalogue import words_of
from haidang.results.cited import href
from haidang.results.figure import Figure
from haidang.results.headline import Headline, headlines
from haidang.results.manifest import LANGUAGES, Language
from haidang.results.parts import lead_outcome
from haidang.results.run import Run, replace_bytes
from haidang.results.variance import carriers
from haidang.results.view import Page, page

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a reader finds a fact or a document by its id, outside the report; nothing where there is no such page."""

    facts: Mapping[str, str]
    documents: Mapping[str, str]


NOWHERE = Addresses({}, {})


@dataclass(frozen=True, slots=True)
class _At:
    """What links of one page lead to.

    Args:
        facts: for a fact that is named, its own page, else its place in the report.
        listed: for a fact at its place in the report, its own page.
        documents: for a document, its own page.
        places: for a fact, the document under which it has its place; empty among the assumptions.
    """

    facts: Mapping[str, str]
    listed: Mapping[str, str]
    documents: Mapping[str, str]
    places: Mapping[str, str]


def _at(own: Page, addresses: Addresses) -> _At:
    places = own.places
    here = {name: f"#{own.language}-fact-{name}" for name in places}
    return _At({**here, **addresses.facts}, addresses.facts, addresses.documents, places)


def write_report(run: Run, out: str | os.PathLike[str], language: Language = "vi", scenario: str | None = None) -> Path:
    """Write the report of a run as one HTML file in both languages.

    Args:
        run: a finished run.
        out: the file.
        language: shown first; a reader switches to the other.
        scenario: whose report it is, the programme as declared where none is named.

    Raises:
        UnknownNameError: the run has no such scenario, or the baseline alone.
        RunWriteError: the file cannot be written; an earlier one is left as it was.
    """
    others: list[Language] = [other for other in LANGUAGES if other != language]
    file = Path(out)
    replace_bytes(file, report_html(run, (language, *others), scenario).encode())
    return file


def report_html(run: Run, languages: Sequence[Language] = LANGUAGES, scenario: str | None = None) -> str:
    """The report of a run as HTML.

    Args:
        run: a finished run.
        languages: what the page holds, the first shown first; one alone needs no switch.
        scenario: whose report it is, the programme as declared where none is named.

    Raises:
        UnknownNameError: the run has no such scenario, or the baseline alone.
    """
    from markupsafe import Markup

    name = run.programme.id if scenario is None else run.scenario(scenario).id
    pages = [page(run, name, run_figures(run, each, name), words_of(run.manifest, each)) for each in languages]
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            pages=pages,
            at={own.language: _at(own, NOWHERE) for own in pages},
            words={language: words_of(run.manifest, language) for language in languages},
            drawings=_drawings(run, languages, name),
            style=Markup(report_style()),
            href=href,
        )
    )


def report_body(
    run: Run, language: Language, scenario: str | None = None, addresses: Addresses = NOWHERE
) -> tuple[Page, str]:
    """The report of a run in one language, without a frame: its values, and the HTML that stands in somebody's page.

    Args:
        run: a finished run.
        language: of the report.
        scenario: whose report it is, the programme as declared where none is named.
        addresses: of the pages of facts and documents around it; without them its links stay within the report.

    Raises:
        UnknownNameError: the run has no such scenario, or the baseline alone.
    """
    name = run.programme.id if scenario is None else run.scenario(scenario).id
    own = page(run, name, run_figures(run, language, name), words_of(run.manifest, language))
    words = {language: words_of(run.manifest, language)}
    macro = cast("Callable[..., Markup]", vars(_environment().get_template("body.html.j2").module)["body"])
    return own, str(macro(own, words, _drawings(run, (language,), name), href, _at(own, addresses)))


def report_style() -> str:
    """The style sheet of a report, by day, by night and on paper."""
    from haidang.results import theme

    loader = _environment().loader
    if loader is None:
        raise RuntimeError("the templates have no loader")
    source = loader.get_source(_environment(), "report.css")[0]
    return f"{source}{theme.dark_rules()}\n}}"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("haidang.results"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


def _drawings(run: Run, languages: Sequence[Language], scenario: str) -> dict[str, Markup]:
    from markupsafe import Markup

    from haidang.results import theme

    return {
        f"{language}-{figure.id}": Markup(
            theme.inline(theme.svg(figure.chart), f"{language}-{figure.id}", figure.sentence)
        )
        for language in languages
        for figure in run_figures(run, language, scenario)
    }


def run_figures(run: Run, language: Language, scenario: str | None = None) -> tuple[Figure, ...]:
    """The figures of a report, each with its altair chart, sentence and table.

    Raises:
        UnknownNameError: the run has no such scenario, or the baseline alone.
    """
    from haidang.results.figures import figures

    return figures(run, language, run.programme.id if scenario is None else scenario)


def write_figures(run: Run, folder: str | os.PathLike[str], language: Language = "vi") -> tuple[Path, ...]:
    """Write every figure of the programme as SVG and as PNG.

    Raises:
        UnknownNameError: the run holds the baseline alone.
        RunWriteError: the folder cannot be written.
    """
    from haidang.results.figures import as_files

    written: list[Path] = []
    for figure in run_figures(run, language):
        for suffix, content in as_files(figure, language).items():
            file = Path(folder) / f"{figure.id}{suffix}"
            replace_bytes(file, content)
            written.append(file)
    return tuple(written)


def headline_json(run: Run) -> dict[str, object]:
    """Every headline number of every programme with its 5, 50 and 95 % points, as JSON takes it.

    A number without meaning has no points and an `undefined` with the reason. Money is VND, energy kWh, emissions
    tCO2e, shares are fractions of one.
    """
    own, lead = run.manifest, lead_outcome(run, run.programme.id)
    return {
        "format": 1,
        "run": {
            "haidang": own.haidang, "pack": own.pack, "programme": own.programme, "model": own.model,
            "seed": own.seed, "draws": own.draws, "rows": own.rows, "years": list(own.years), "digest": own.digest,
        },
        "main": None if lead is None else {"id": lead.id, "title": lead.title.model_dump(), "good": lead.good},
        "scenarios": {
            scenario.id: {
                "title": scenario.title.model_dump(),
                "note": None if scenario.note is None else scenario.note.model_dump(),
                "supposition": scenario.supposition,
                "headlines": {each.id: _as_json(each) for each in headlines(run, scenario.id)},
                "against_programme": _chances(run, scenario.id),
            }
            for scenario in run.programmes
        },
        "variance": _variance(run),
        "backtests": [each.model_dump(mode="json", exclude={"draws"}) for each in run.backtests],
    }  # fmt: skip


def _as_json(headline: Headline) -> dict[str, object]:
    head: dict[str, object] = {"title": headline.title.model_dump(), "unit": headline.unit}
    found = headline.value.points
    return head | ({"undefined": headline.value.undefined} if found is None else dict(found.as_dict()))


def _chances(run: Run, scenario: str) -> Mapping[str, float] | None:
    """How likely a variant gains more than the programme, and more per VND; none for the programme itself."""
    own, lead = run.programme.id, lead_outcome(run, scenario)
    if scenario == own or lead is None:
        return None
    more = compare.chance_better(run, scenario, own, lead.id)
    chances = {f"better.{lead.id}": more.better, f"same.{lead.id}": more.same}
    per_cost = compare.chance_better_per_cost(run, scenario, own, lead.id)
    if per_cost is not None:
        chances |= {f"better_per_cost.{lead.id}": per_cost.better, f"same_per_cost.{lead.id}": per_cost.same}
    return chances


def _variance(run: Run) -> dict[str, object]:
    """The facts that carry the variance of the programme's headlines that vary in every draw."""
    import numpy as np

    found: dict[str, object] = {}
    for headline in headlines(run, run.programme.id):
        if headline.value.points is None or not np.isfinite(headline.draws).all():
            continue
        shares = carriers(run, headline.draws)
        found[headline.id] = {
            "facts": {each.fact: {"share": each.share, "p5": each.low, "p95": each.high} for each in shares.ranked},
            "rest": shares.rest,
        }
    return found
