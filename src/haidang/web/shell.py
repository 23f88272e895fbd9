"""What every page stands in: the language, the other language's address of the same page, the menu."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from haidang import __version__
from haidang.web.access import DOORS, may_pass
from haidang.web.ways import in_language, to_read
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


def frame(request: HttpRequest) -> dict[str, Any]:
    """The values that the frame of every page needs and that no database is asked for."""
    own, read = language(), to_read(request)
    match = request.resolver_match
    return {
        "lang": own,
        "others": [(each, words(each).text("language"), in_language(read, each)) for each in LANGUAGES if each != own],
        "here": match.view_name if match else "",
        "version": __version__,
        "house": settings.HOME.provider,
    }


def shell(request: HttpRequest) -> dict[str, Any]:
    """The values that the frame of every page needs."""
    user: Any = getattr(request, "user", None)
    menus = [] if user is None else [found for menu in (MENU, WORK) if (found := _open_to(user, menu))]
    return {**frame(request), "menus": menus}


def _open_to(user: Any, menu: tuple[str, ...]) -> list[str]:
    return [name for name in menu if may_pass(user, DOORS[name]) and not _empty(name)]


def _empty(name: str) -> bool:
    """Whether a page has nothing to show with this pack."""
    from haidang.web.city.standing import tracks

    return name in {"city:targets", "desk:commitments"} and not tracks()
