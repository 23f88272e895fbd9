"""Looking things up in the laboratory's templates."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from haidang.web.shell import language
from haidang.web.words import words

register = template.Library()


@register.filter
def at(found: Mapping[str, object], key: str) -> object:
    """What a mapping has under a key; an empty text where it has nothing."""
    return found.get(key, "")


@register.filter
def text_of(key: str) -> str:
    """The words of a key."""
    return words(language()).text(key)


@register.filter
def counted(number: float) -> str:
    """A number in the language of the request, in three digits or in full where it is whole."""
    from haidang.results.numerals import number as written

    return written(number, language(), 7 if number == int(number) else 2)


@register.filter
def plain(number: float) -> str:
    """A number as the attribute of an input takes it, in whatever language."""
    return f"{number:.10g}" if abs(number) < 1e9 else f"{number:.0f}"
