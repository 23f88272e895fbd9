"""Every page in a real browser: read by ear, on a telephone and on a desk, by day and by night, in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from haidang.web.words import LANGUAGES, Language
from tests.web.browsing import LOOKS, listened, looked_at, opened
from tests.web.copied import ALLOWED, wrong_tables
from tests.web.doors import address
from tests.web.examples import EXAMPLES, POSTED, Example, is_of_the_city
from tests.web.site import BODIES, Answer, Site


@pytest.mark.parametrize("city", [False, True], ids=["tutorial", "city"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_a_serious_fault_or_runs_off_the_screen(
    request: pytest.FixtureRequest, table: list[dict[str, object]], browser: Browser, city: bool, language: Language
) -> None:
    """Each page in each language: in Vietnamese as the first sees it whom its door lets in, in English as the last.

    Its tables are copied too, and held to what a spreadsheet takes.
    """
    site: Site = request.getfixturevalue("city_site" if city else "site")
    pages: dict[str | None, Page] = {}
    unheard: list[list[str]] = []
    wrong: list[str] = []
    for route in table:
        name = str(route.get("name", ""))
        if not name or name in POSTED or name.startswith("api:") or is_of_the_city(name) != city:
            continue
        place = address(site, route).replace("/en/", f"/{language}/", 1)
        answers: dict[str | None, Answer] = {}
        for person in readers(route, language):
            answers[person] = site.visitor(person).get(place)
            if not is_page(answers[person]):
                continue
            if person not in pages:
                pages[person] = opened(browser, site, person, *LOOKS[language], permissions=ALLOWED)
                unheard.append(listened(pages[person], site))
            pages[person].goto(site.base + place)
            wrong += looked_at(pages[person], language) + wrong_tables(pages[person], language)
            break
        else:
            wrong += [f"{name}: {each.status} for {who}" for who, each in answers.items() if not is_no_page(each)]
    for page in pages.values():
        page.context.close()
    assert wrong == []
    assert [one for each in unheard for one in each] == []


def readers(route: dict[str, object], language: Language) -> list[str | None]:
    """Whom a page is shown to: from the first on, or in the other language from the last."""
    people = EXAMPLES.get(str(route["name"]), Example()).people
    roles = route["roles"] or [role for role, *_ in BODIES.values()]
    found: list[str | None] = [None] if not route["account"] and people is None else []
    found += [one for one in BODIES if BODIES[one][0] in roles and (people is None or one in people)]  # type: ignore[operator]
    return found if language == "vi" else found[::-1]


def is_page(answer: Answer) -> bool:
    """Whether an address shows a page; a report that is written in HTML is kept as a file."""
    shown = "attachment" not in answer.headers.get("content-disposition", "")
    return answer.status == 200 and shown and answer.headers.get("content-type", "").startswith("text/html")


def is_no_page(answer: Answer) -> bool:
    """Whether an address is rightly none: a file, an act that is sent by a form, the way to another page."""
    return answer.status in {200, 302, 405}
