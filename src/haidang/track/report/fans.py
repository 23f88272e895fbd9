"""The fans of a few targets by themselves, for a page that has no room for all."""

from __future__ import annotations

from dataclasses import dataclass

from haidang.results.manifest import Language
from haidang.track.odds.words import doubt_text, state_text
from haidang.track.outlook import Outlook
from haidang.track.overview import Overview, chance_cell, sentences
from haidang.track.report.page import draw_targets


@dataclass(frozen=True, slots=True)
class Fan:
    """A target's fan with the words that stand beside it on the whole page.

    Args:
        place: of the target on the whole page.
        title: of the target.
        chance: how likely it is, in large type.
        state: whether the data are enough for that number, in words.
        doubt: why the number is a first guess; empty where the data are enough.
        says: what the chart shows, in a sentence.
        svg: the chart, that this program drew.
    """

    place: str
    title: str
    chance: str
    state: str
    doubt: str
    says: str
    svg: str


def few_fans(found: Overview, language: Language, most: int) -> tuple[Fan, ...]:
    """The fans of the targets of which most has been published, those with most observations first, one an indicator.

    Args:
        found: where everything stands.
        language: of the words.
        most: how many.
    """
    rich = [one for one in found.outlooks if one.known and one.series is not None and one.odds.method != "definition"]
    rich.sort(key=lambda one: -len(one.points))
    apart: dict[str, Outlook] = {}
    for one in rich:
        apart.setdefault(one.target.id if one.indicator is None else one.indicator.id, one)
    some = list(apart.values())[:most]
    drawn = draw_targets(some, (language,))
    return tuple(
        Fan(
            f"{language}-target-{one.target.id}", one.target.title[language], chance_cell(one, language),
            state_text(one.odds, language), doubt_text(one.odds, one.series, language), sentences(one, language)[0],
            drawn[language, one.target.id][1],
        )
        for one in some
        if (language, one.target.id) in drawn
    )  # fmt: skip
