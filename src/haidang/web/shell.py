"""What every page stands in: the language, the other language's address of the same page, the menu."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

from haidang import __version__
from haidang.web.access import DOORS, may_pass
from haidang.web.words import LANGUAGES, Language, words

MENU = (
    "city:glance",
    "city:targets",
    "desk:commitments",
    "desk:proposals",
    "pilots:list",
    "city:facts",
    "city:method",
)
"""The pages for everybody."""

WORK = (
    "factories:list",
    "lending:pipeline",
    "lab:list",
    "desk:inbox",
    "jobs:list",
    "office:health",
)
"""The rooms in which somebody works; each is in the menu of those whom its door lets in."""


def language() -> Language:
    """The language of the request."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"


def shell(request: HttpRequest) -> dict[str, Any]:
    """The values that the frame of every page needs."""
    own = language()
    user: Any = getattr(request, "user", None)
    match = request.resolver_match
    return {
        "lang": own,
        "others": [
            (each, words(each).text("language"), translate_url(request.path, each)) for each in LANGUAGES if each != own
        ],
        "menus": [] if user is None else [found for menu in (MENU, WORK) if (found := _open_to(user, menu))],
        "here": match.view_name if match else "",
        "version": __version__,
        "house": settings.HOME.provider,
    }


def _open_to(user: Any, menu: tuple[str, ...]) -> list[str]:
    return [name for name in menu if may_pass(user, DOORS[name]) and not _empty(name)]


def _empty(name: str) -> bool:
    """Whether a page has nothing to show with this pack."""
    from haidang.web.city.standing import tracks

    return name in {"city:targets", "desk:commitments"} and not tracks()
