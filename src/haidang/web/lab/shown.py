"""What the site shows of a finished trial, drawn once: its numbers side by side, its groups, each design's report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from haidang import __version__
from haidang.results import Run, carriers, headlines, open_run, report_body
from haidang.results.numerals import percent
from haidang.results.run import replace_bytes
from haidang.web.city.drawn import report_links
from haidang.web.lab.groups import Division, Line, divisions
from haidang.web.lab.models import Trial
from haidang.web.lab.told import Told, tell, told_of
from haidang.web.words import LANGUAGES, Language


@dataclass(frozen=True, slots=True)
class Matter:
    """A fact that carries variance of the main effect.

    Args:
        fact: its id.
        title: in words.
        share: of the variance, in words.
    """

    fact: str
    title: str
    share: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A run of designs in one language.

    Args:
        told: the programme as declared and the designs side by side.
        divisions: by scenario, who wins and loses: first the programme as declared, then the designs by their slugs.
        matter: by scenario, the facts that carry the variance of the main effect.
    """

    told: Told
    divisions: dict[str, tuple[Division, ...]]
    matter: dict[str, tuple[Matter, ...]]

    @property
    def titles(self) -> dict[str, str]:
        """Of the scenarios, the programme as declared first."""
        return dict(zip(self.divisions, self.told.titles, strict=True))


def shown(trial: Trial, language: Language) -> Shown:
    """What is shown of a finished run, from the folder of pages where it was drawn before.

    Raises:
        HaidangError: the run is not whole.
    """
    file = _file(trial, f"{language}.json")
    if not file.exists():
        _draw(trial, open_run(trial.run), language)
    plain = json.loads(file.read_text(encoding="utf-8"))
    return Shown(
        told_of(plain["told"]),
        {name: tuple(_division(one) for one in each) for name, each in plain["divisions"].items()},
        {name: tuple(Matter(**one) for one in each) for name, each in plain["matter"].items()},
    )


def report_of(trial: Trial, scenario: str, language: Language) -> str:
    """The report of a scenario of a finished run, HTML that this program made, likewise drawn once.

    Raises:
        HaidangError: the run is not whole, or has no such scenario.
    """
    file = _file(trial, f"{scenario}-{language}.html")
    if not file.exists():
        _draw_report(trial, open_run(trial.run), scenario, language)
    return file.read_text(encoding="utf-8")


FORM = 6
"""Of what is kept: pages of another form are drawn again."""


def draw_ahead(trial: Trial) -> None:
    """Draw what a trial's page shows first, so that no reader waits for it; the other reports as somebody opens them.

    Raises:
        HaidangError: the run is not whole.
    """
    run, first = open_run(trial.run), next(iter(trial.texts))
    for language in LANGUAGES:
        _draw(trial, run, language)
        _draw_report(trial, run, first, language)


def _file(trial: Trial, end: str) -> Path:
    return settings.HOME.pages / f"lab-{trial.pk}-{trial.digest[:16]}-{__version__}-{FORM}-{end}"


def _division(plain: dict[str, object]) -> Division:
    lines = plain["lines"]
    assert isinstance(lines, list)
    return Division(str(plain["title"]), str(plain["outcome"]), tuple(_line(one) for one in lines))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def _draw(trial: Trial, run: Run, language: Language) -> None:
    scenarios = [scenario.id for scenario in run.programmes]
    made = Shown(
        tell(run, scenarios, language),
        {name: divisions(run, name, language) for name in scenarios},
        {name: _matter(run, name, language) for name in scenarios},
    )
    _keep(trial, f"{language}.json", json.dumps(asdict(made), ensure_ascii=False))


def _matter(run: Run, scenario: str, language: Language) -> tuple[Matter, ...]:
    ranked = carriers(run, headlines(run, scenario)[0].draws).ranked
    return tuple(
        Matter(one.fact, run.facts[one.fact].title[language], percent(one.share, language))
        for one in ranked
        if one.fact in run.facts
    )


def _draw_report(trial: Trial, run: Run, scenario: str, language: Language) -> None:
    _keep(trial, f"{scenario}-{language}.html", report_body(run, language, scenario, report_links(language))[1])


def _keep(trial: Trial, end: str, text: str) -> None:
    file = _file(trial, end)
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_bytes(file, text.encode())


def _line(plain: Mapping[str, Any]) -> Line:
    texts = (plain[name] for name in ("more", "verdict"))
    return Line(plain["title"], plain["units"], tuple(plain["effect"]), tuple(plain["apart"]), *texts)
