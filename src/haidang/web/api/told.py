"""What the pages show, as plain values in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from haidang.web.city.drawn import is_there, opened
from haidang.web.city.fact_files import numbers
from haidang.web.city.files import plain_today
from haidang.web.city.models import ShownRun
from haidang.web.city.pack import fact_rows


def run_plain(shown: ShownRun) -> dict[str, Any]:
    """A run as the database knows it."""
    return {
        "number": shown.pk,
        "programme": shown.programme,
        "digest": shown.digest,
        "draws": shown.draws,
        "made": shown.made,
        "published": shown.published,
        "there": is_there(shown),
    }


def run_numbers(shown: ShownRun) -> dict[str, Any]:
    """A run with its headline numbers."""
    from haidang.results import headline_json

    return {**run_plain(shown), "headlines": headline_json(opened(shown))}


def fact_plain(name: str) -> dict[str, Any]:
    """A fact in both languages."""
    vi, en = fact_rows("vi")[name], fact_rows("en")[name]
    texts = ("title", "value", "range", "passage", "assumption", "note")
    return {
        "id": name,
        **{each: {"vi": getattr(vi, each), "en": getattr(en, each)} for each in texts},
        "numbers": [_number(one, other) for one, other in zip(numbers(vi, "vi"), numbers(en, "en"), strict=True)],
        "sources": [{"id": one.id, "text": one.text, "address": one.address} for one in en.sources],
    }


def _number(vi: Mapping[str, Any], en: Mapping[str, Any]) -> dict[str, Any]:
    return {**en, **{name: {"vi": vi[name], "en": en[name]} for name in ("unit", "qualifier")}}


def standing_plain() -> dict[str, Any] | None:
    """Where promises, indicators and targets stand today; none where the pack tracks nothing."""
    return plain_today()
