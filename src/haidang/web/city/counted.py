"""From each number of the first page's sentences to the list that it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.urls import reverse

from haidang.web.words import Language

_PLACES: Mapping[str, tuple[str, str]] = {
    "promises.count": ("desk:commitments", ""),
    "promises.running": ("desk:commitments", "?stage=running"),
    "promises.delivered": ("desk:commitments", "?stage=delivered"),
    "open.silent": ("city:targets", "#{language}-attention"),
    "open.nobody": ("desk:commitments", "?body=-"),
    "open.late": ("city:targets", "#{language}-attention"),
    "targets.count": ("city:targets", "#{language}-targets"),
}
"""By what a number counts the page of the list, and where on it; of the others there is no list by itself."""


def linked(
    sentences: Iterable[Sequence[tuple[str, str]]], language: Language
) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Sentences with the address of the list instead of its name; empty where a part has none."""
    return tuple(tuple((text, _address(counts, language)) for text, counts in parts) for parts in sentences)


def _address(counts: str, language: Language) -> str:
    page, place = _PLACES.get(counts, ("", ""))
    return reverse(page) + place.format(language=language) if page else ""
