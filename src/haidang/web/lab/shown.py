"""What the site shows of a finished trial, drawn once: its numbers side by side, its groups, its report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from haidang import __version__
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
        divisions: by slug of a design, who wins and loses.
        matter: by slug of a design, the facts that carry the variance of the main effect.
        body: the report, HTML that this program made.
    """

    told: Told
    divisions: dict[str, tuple[Division, ...]]
    matter: dict[str, tuple[Matter, ...]]
    body: str


def shown(trial: Trial, language: Language) -> Shown:
    """What is shown of a finished run, from the folder of pages where it was drawn before.

    Raises:
        HaidangError: the run is not whole.
    """
    file = _file(trial, language)
    if not file.exists():
        _draw(trial, language, file)
    plain = json.loads(file.read_text(encoding="utf-8"))
    return Shown(
        told_of(plain["told"]),
        {name: tuple(_division(one) for one in each) for name, each in plain["divisions"].items()},
        {name: tuple(Matter(**one) for one in each) for name, each in plain["matter"].items()},
        plain["body"],
    )


FORM = 4
"""Of what is kept: pages of another form are drawn again."""


def draw_ahead(trial: Trial) -> None:
    """Draw a trial's pages, so that no reader waits for them."""
    for language in LANGUAGES:
        shown(trial, language)


def _file(trial: Trial, language: Language) -> Path:
    return settings.HOME.pages / f"lab-{trial.pk}-{trial.digest[:16]}-{__version__}-{FORM}-{language}.json"


def _division(plain: dict[str, object]) -> Division:
    lines = plain["lines"]
    assert isinstance(lines, list)
    return Division(str(plain["title"]), str(plain["outcome"]), tuple(_line(one) for one in lines))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def _draw(trial: Trial, language: Language, file: Path) -> None:
    from haidang.results import carriers, headlines, open_run, report_body
    from haidang.results.catalogue import catalogue
    from haidang.results.numerals import percent
    from haidang.results.run import replace_bytes

    run = open_run(trial.run)
    scenarios = [scenario.id for scenario in run.programmes]
    _, body = report_body(run, language)
    matter: dict[str, list[Matter]] = {}
    for name in scenarios:
        main = headlines(run, name)[0]
        ranked = carriers(run, main.draws).ranked
        matter[name] = [
            Matter(one.fact, run.facts[one.fact].title[language], percent(one.share, catalogue(language).language))
            for one in ranked
            if one.fact in run.facts
        ]
    made = Shown(
        tell(run, scenarios, language),
        {name: divisions(run, name, language) for name in scenarios},
        {name: tuple(each) for name, each in matter.items()},
        body,
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_bytes(file, json.dumps(asdict(made), ensure_ascii=False).encode())


def _line(plain: Mapping[str, Any]) -> Line:
    texts = (plain[name] for name in ("more", "verdict"))
    return Line(plain["title"], plain["units"], tuple(plain["effect"]), tuple(plain["apart"]), *texts)
