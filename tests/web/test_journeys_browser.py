"""Every role's main journey in a real browser: both languages, by keyboard alone, every page on the way looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from haidang.web.people.roles import Role
from haidang.web.words import LANGUAGES, Language
from tests.web import journeys, journeys_of_staff
from tests.web.browsing import LOOKS, listened, opened
from tests.web.site import Site
from tests.web.traveller import Traveller

PUBLIC = "public"


@dataclass(frozen=True)
class Journey:
    """What somebody comes for.

    Args:
        role: whose journey it is.
        site: the fixture of the site on which it is made.
        goes: the journey.
        size: of the screen; where none is named, that in which its language is looked at.
        person: who travels, where that is not the role's own person of the tests.
    """

    role: str
    site: str
    goes: Callable[[Traveller], None]
    size: str = ""
    person: str = ""


JOURNEYS = (
    Journey(PUBLIC, "promised", journeys_of_staff.the_public, "phone"),
    Journey(Role.FACTORY_OWNER, "city_site", journeys.an_owner, "phone", "travelling_owner"),
    Journey(Role.FACTORY_EDITOR, "city_site", journeys.an_editor, "phone"),
    Journey(Role.ASSESSOR, "city_site", journeys.an_assessor),
    Journey(Role.LENDER_OFFICER, "city_site", journeys.a_lender),
    Journey(Role.ANALYST, "site", journeys_of_staff.an_analyst_simulates),
    Journey(Role.ANALYST, "site", journeys_of_staff.an_analyst_makes_a_design),
    Journey(Role.ANALYST, "site", journeys_of_staff.an_analyst_runs_a_pilot),
    Journey(Role.ANALYST, "promised", journeys_of_staff.an_analyst_goes_through_drafts, "desk"),
    Journey(Role.APPROVER, "promised", journeys_of_staff.an_approver_confirms),
    Journey(Role.APPROVER, "site", journeys_of_staff.an_approver_publishes),
    Journey(Role.APPROVER, "site", journeys_of_staff.an_approver_decides),
    Journey(Role.ADMINISTRATOR, "site", journeys_of_staff.an_administrator_opens_an_account),
    Journey(Role.ADMINISTRATOR, "site", journeys_of_staff.an_administrator_keeps_the_site),
)


def test_every_role_has_a_journey() -> None:
    assert {one.role for one in JOURNEYS} == {PUBLIC, *(role.value for role in Role)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda one: one.goes.__name__)
def test_a_journey_is_made_with_the_keyboard_alone_and_meets_no_serious_fault(
    request: pytest.FixtureRequest, browser: Browser, journey: Journey, language: Language
) -> None:
    site: Site = request.getfixturevalue(journey.site)
    if journey.site == "site":
        request.getfixturevalue("runs")
    size, scheme = LOOKS[language]
    person = None if journey.role == PUBLIC else journey.person or journey.role
    page = opened(browser, site, person, journey.size or size, scheme)
    traveller = Traveller(page, site, language, listened(page, site))
    journey.goes(traveller)
    page.context.close()
    assert list(dict.fromkeys(traveller.wrong)) == []
