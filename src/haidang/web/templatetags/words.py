"""Words in templates: `{% say "key" name=value %}` in the language of the request."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django import template
from django.forms import BoundField
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe

from haidang.web.city.pack import pack
from haidang.web.ledger import told
from haidang.web.shell import language
from haidang.web.words import words

if TYPE_CHECKING:
    from haidang.track.report.view import Cite

register = template.Library()
DAYS = {"vi": "j/n/Y", "en": "j F Y"}
"""How a day is written."""


COUNTED = frozenset({"count", "draws", "drawn", "listed", "units", "wanted"})
"""Values of sentences that count something, and are no year and no number of an object."""


@register.simple_tag
def say(key: str, **values: object) -> str:
    """The words of a key, with counts as the language writes them; escaped by the template like every other text."""
    told = {name: whole(one) if name in COUNTED else one for name, one in values.items()}
    return words(language()).text(key, **told)


@register.filter
def whole(count: object) -> object:
    """A whole number with its thousands apart: 10.000 in Vietnamese, 10,000 in English; what is none stays."""
    from haidang.results.numerals import number

    return number(count, language()) if isinstance(count, int) else count


@register.filter
def own(text: Mapping[str, str]) -> str:
    """A text in two languages, in that of the request."""
    return text[language()]


@register.simple_tag
def label(name: str) -> str:
    """What a field of a form is called."""
    return words(language()).text(f"field.{name}")


@register.filter(expects_localtime=True)
def day(when: date | None) -> str:
    """A day as the language writes it: 31/1/2026, 31 January 2026."""
    return date_format(when, DAYS[language()]) if when else ""


@register.filter(expects_localtime=True)
def moment(when: datetime | None, seconds: str = "") -> str:
    """A moment as the language writes it; with its seconds where `:s` is given."""
    return date_format(when, f"{DAYS[language()]} H:i{seconds}") if when else ""


@register.filter
def deed(action: str) -> str:
    """What an entry of the log says was done, in words; a log outlives the words of the version that wrote it."""
    return words(language()).texts.get(f"deed.{action}", action)


@register.filter
def deed_details(text: str) -> str:
    """The details of an entry of the log, in words."""
    return told.details(text, language())


@register.filter
def deed_subject(text: str) -> str:
    """What an entry of the log is about, in words."""
    return told.subject(text, language())


@register.filter
def deed_person(who: str) -> str:
    """Who did what an entry of the log says."""
    return told.person(who, language())


@register.filter
def mistake(line: str) -> str:
    """A mistake that was kept as a line of English, in the language of the request."""
    from haidang.web.mistakes import said_line

    return said_line(line, language()).whole


@register.filter
def nth(found: Sequence[object], place: int) -> object:
    """What stands at a place of a list, counted from nought."""
    return found[place]


@register.filter
def step_of_work(told: str) -> str:
    """What a job says it is at: a step of the laboratory in words, or words already."""
    return words(language()).texts.get(f"lab.step.{told}", told)


@register.filter
def percent(share: float) -> str:
    """A share, 0 to 1, as a percentage in the language of the request."""
    from haidang.results.numerals import percent as written

    return written(share, language())


@register.filter
def unhinted(field: BoundField) -> str:
    """A field without the hint that a library writes into it: its label says it, in the page's language."""
    return field.as_widget(attrs={"placeholder": False})  # pyright: ignore[reportArgumentType]


@register.filter
def pilot_rule(rule: str) -> str:
    """A rule of assignment in words."""
    from haidang.learn.pilot.words import text

    return text(f"rule_{rule}", language())


@register.filter
def where(cite: Cite) -> SafeString:
    """The document of a claim, its day, and who held the claim against it: HTML that the tracking room made.

    A document without an address has its place on the report's page and not on ours: the link leads to its own page
    here where it states a fact of the pack, and else there is none.
    """
    known = cite.source in pack().book.sources
    own = f'<a href="{reverse("city:source", args=(cite.source,))}">\\1</a>' if known else r"\1"
    return mark_safe(re.sub(r'<a href="#[^"]*">(.*?)</a>', own, cite.where))
