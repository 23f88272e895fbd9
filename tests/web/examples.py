"""What the test of access opens at each address, and whose it is.

A room of the site whose pages show single objects makes some, as its users would, and says here who may see them. The
test then opens every address as everybody: a door that opens on what is somebody else's is found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.web import desk
from tests.web.city import CREDIT, furnish
from tests.web.site import BODIES, PROGRAMME, Site


@dataclass(frozen=True)
class Example:
    """What stands in an address, and for whom.

    Args:
        values: by argument of the route, such as `<int:number>`; `{name}` stands for what a maker kept in the site's
            objects under this name.
        people: names of `BODIES` to whom the object is shown; others whose role opens the page are told that there is
            none. None where it is for everybody whose role opens the page.
        query: what follows the address, where it cannot be opened without.
    """

    values: Mapping[str, str] = field(default_factory=dict[str, str])
    people: frozenset[str] | None = None
    query: str = ""


PILOT = """id: example
title: {vi: Ví dụ, en: Example}
question: {vi: Có tác dụng không?, en: Does it work?}
years: 2025..2026
units: {size: 20, strata: [sector]}
arms:
  control: {title: {vi: Đối chứng, en: Control}, share: 50 %}
  advised: {title: {vi: Tư vấn, en: Advised}, share: 50 %}
assignment: {rule: stratified}
outcome: {column: level, unit: level, better: more, between: [0, 10]}
smallest_worthwhile: 0.5
dates: {start: 2025-01-01, end: 2026-12-31}
"""
VALUES = {
    "<slug:name>": PROGRAMME,
    "<int:number>": "1",
    "<int:lender>": "1",
    "<slug:kind>": "commitment",
    "<str:name>": "preferential-credit",
}
"""Where a route has no example of its own."""


def make_pilot(site: Site) -> None:
    """A pilot that is not registered: for the city's staff and who evaluates for it."""
    text = PILOT
    answer = site.visitor("analyst").post("/en/pilots/new/", token_from="/en/pilots/new/", declaration=text)
    assert answer.status == 302
    site.objects["pilot"] = answer.headers["location"].split("/")[-2]


READERS = frozenset({"analyst", "approver", "administrator", "assessor"})
PILOTS = {"<int:number>": "{pilot}"}
STAFF = frozenset({"analyst", "approver", "administrator"})

EXAMPLES: dict[str, Example] = {
    "pilots:pilot": Example(PILOTS, READERS),
    "pilots:file": Example(PILOTS | {"<str:name>": "pilot.yaml"}, READERS),
    **{
        f"pilots:{act}": Example(PILOTS)
        for act in ("change", "redesign", "register", "lots", "site-lots", "reports", "outcomes", "power", "decide")
    },
    "pilots:units": Example(people=frozenset()),  # no factory is on this site
    "city:fact": Example({"<slug:name>": "bus_fare"}),
    "city:source": Example({"<slug:name>": "tutorial"}),
    "city:targets": Example(people=frozenset()),  # the tutorial's pack tracks nothing
    "api:api-root": Example(people=frozenset()),
    "api:source": Example({"<slug:name>": "tutorial"}),
    "api:fact": Example({"{name}": "bus_fare", "<slug:name>": "bus_fare"}),
    "api:standing": Example(people=frozenset()),
    # Nobody else vouches for anybody here; that is tried with a site of its own.
    "openid_connect_login": Example({"^(?P<provider_id>[^/]+)/": "house/"}, people=frozenset()),
    "openid_connect_callback": Example({"^(?P<provider_id>[^/]+)/": "house/"}, people=frozenset()),
    "office:invitation": Example({"<slug:code>": "MQ", "<slug:token>": "made-up"}, people=frozenset()),
    **{f"office:backup-{act}": Example({"<int:number>": "1"}) for act in ("check", "file")},
    # A promise that one person entered and nobody confirmed; the tutorial's pack has none, so there are no files.
    "desk:commitment": Example({"<str:name>": "preferential-credit"}, people=STAFF),
    "api:commitment": Example({"{name}": "preferential-credit", "<str:name>": "preferential-credit"}, people=STAFF),
    "desk:proposal": Example({"<int:number>": "1"}, people=STAFF),
    "desk:download": Example({"<slug:form>": "csv"}, people=frozenset()),
    "desk:evidence": Example({"<slug:digest>": "0" * 64}, people=frozenset()),
    "desk:letter": Example(people=frozenset()),
    # Nobody here has turned on a second factor.
    "mfa_deactivate_totp": Example(people=frozenset()),
    "mfa_view_recovery_codes": Example(people=frozenset()),
    "mfa_download_recovery_codes": Example(people=frozenset()),
}
"""By name of the route."""

OWN = frozenset({"factory_owner", "factory_editor"})
CITY = frozenset({"analyst", "approver"})
SEEN = OWN | CITY | {"assessor"}
LENDING = CITY | {"lender_officer"}
CITY_ROOMS = ("factories", "lending")
"""Rooms whose pages need the city's pack: they are opened on a site of their own, where `city.furnish` has been."""

EXAMPLES |= {
    **{f"factories:{name}": Example(people=SEEN) for name in ("home", "result", "report", "workbook")},
    **{
        f"factories:{name}": Example(people=OWN)
        for name in (
            "profile", "files", "history", "assessments", "roadmap", "programmes", "consents", "application",
        )
    },
    **{
        f"factories:{name}": Example({"<int:number>": "2", "<slug:name>": "standard-work"}, OWN)
        for name in ("assessment", "section")
    },
    "factories:apply": Example({"<slug:name>": "smart-manufacturing-credit"}, OWN),
    "factories:file": Example(people=SEEN | {"lender_officer"}),
    "lending:application": Example(people=LENDING),
    "lending:outcomes": Example({"<slug:name>": "smart-manufacturing-credit"}),
}  # fmt: skip

# The same objects for programs.
EXAMPLES |= {
    **{f"api:factories-{name}": Example(people=SEEN) for name in ("one", "assessments", "result")},
    **{
        f"api:factories-{name}": Example(people=OWN)
        for name in ("files", "roadmap", "programmes", "applications", "application", "consents", "history")
    },
    "api:factories-section": Example({"<int:number>": "2", "<slug:name>": "standard-work"}),
    "api:factories-second": Example({"<int:number>": "2"}),
    "api:factories-apply": Example({"<slug:name>": CREDIT}),
    "api:factories-withdraw": Example({"<int:number>": "987"}),  # else it would be withdrawn; own ones elsewhere
    "api:factories-consent": Example({"<int:lender>": "3"}),
    "api:factories-assessment": Example(people=OWN | {"assessor"}),
    "api:factories-file": Example(people=SEEN | {"lender_officer"}),
    "api:lending-application": Example(people=LENDING),
    **{f"api:lending-{name}": Example({"<slug:programme>": CREDIT}) for name in ("use", "outcomes")},
    "api:pilots-one": Example(PILOTS, READERS),
    "api:pilots-file": Example(PILOTS | {"<str:name>": "pilot.yaml"}, READERS),
    **{
        f"api:pilots-{name}": Example(PILOTS)
        for name in (
            "monitoring",
            "power",
            "evaluation",
            "work",
            "change",
            "register",
            "lots",
            "site-lots",
            "reports",
            "outcomes",
            "ask-power",
            "decide",
        )
    },
    "api:proposal": Example(people=STAFF),
    "api:map": Example(people=frozenset()),  # nor has it a map
    "api:records": Example({"<slug:form>": "csv"}, people=frozenset()),
    "api:desk-evidence": Example({"<slug:digest>": "0" * 64}, people=frozenset()),
    "api:factories-report": Example({"<slug:kind>": "html"}, SEEN),
    "api:factories-remove-file": Example({"<int:number>": "987"}),
    "api:lending-takers": Example({"<slug:programme>": CREDIT}),
    "api:pilots-units": Example(people=frozenset()),
    "api:backups-check": Example({"<int:number>": "987"}),
}


def is_of_the_city(route: str) -> bool:
    """Whether a route's objects are on the city's site."""
    return route.removeprefix("api:").replace("-", ":").partition(":")[0] in CITY_ROOMS


def make_design(site: Site) -> None:
    """A design of the analyst's, shared with approvers and with nobody else, and a run of it."""
    who = site.visitor("analyst")
    page = who.post("/en/lab/new/", token_from="/en/lab/", begin=PROGRAMME, name="An example").headers["location"]
    assert who.post(f"{page}share/", token_from=page, roles="approver").status == 302
    trial = who.post(f"{page}run/", token_from=page, draws="2", seed="1").headers["location"]
    site.objects["design"], site.objects["trial"] = (each.rstrip("/").rsplit("/", 1)[1] for each in (page, trial))


SHARED = frozenset({"analyst", "approver"})
DESIGN, TRIAL = {"<int:number>": "{design}"}, {"<int:number>": "{trial}", "<slug:name>": "files"}
EXAMPLES |= {
    **{f"{room}{route}": Example(DESIGN, SHARED) for room in ("lab:", "api:lab-") for route in ("design", "export")},
    **{f"api:lab-{route}": Example(DESIGN) for route in ("try", "save", "fork", "share")},
    "api:lab-sample": Example(people=SHARED, query="?design={design}"),
    **{
        f"{room}{route}": Example(TRIAL, SHARED)
        for room in ("lab:", "api:lab-")
        for route in ("trial", "download", "file")
    },
}
MAKERS: tuple[Callable[[Site], None], ...] = (make_pilot, make_design, desk.make_examples)
"""What makes the objects that the examples speak of, in order."""


def begin_rooms(site: Site) -> None:
    """What is done on the city's site, and at its desk and its pilots as well."""
    furnish(site)
    desk.make_examples(site)
    make_pilot(site)


def begin_tutorial(site: Site) -> None:
    """Two runs, of which everybody may see the first and the city's staff the second; what the examples speak of."""
    page = f"/en/programmes/{PROGRAMME}/"
    for seed in ("1", "2"):
        ask = site.visitor("analyst").post(f"/en/jobs/simulate/{PROGRAMME}/", token_from=page, draws="2", seed=seed)
        assert ask.status == 302
    assert site.visitor("approver").post("/en/runs/1/publish/", token_from=page).status == 302
    for make in MAKERS:
        make(site)


EXAMPLES |= {
    "api:factories-add-file": Example({"<int:number>": "2", "<slug:name>": "standard-work"}),
    **{
        f"api:desk-{act}": Example({"<int:number>": "987"})
        for act in ("correct", "reread", "take", "reject", "moderate")
    },
}

REFUSED, ABSENT, UNREAD = 400, 404, 422
"""By the form, since there is no such thing, since it does not fit the description."""
NOBODY = "nobody"
"""Who has no token."""
OTHERS = {"other_factory_owner": ABSENT}
RECORDERS, PUBLISHERS = ("analyst", "administrator"), ("approver", "administrator")
WRITES: dict[str, tuple[object, dict[str, int]]] = {
    "api:lending-record": (
        {"stage": "refused", "day": "2026-01-20"}, {"lender_officer": REFUSED, "other_lender_officer": ABSENT},
    ),
    "api:lending-records": (
        {"records": [{"application": 1, "stage": "refused", "day": "2026-01-20"}]},
        {"lender_officer": REFUSED, "other_lender_officer": ABSENT},
    ),
    # No form with a file.
    "api:lending-lists": ({}, {one: UNREAD for one in ("lender_officer", "other_lender_officer", *sorted(CITY))}),
    "api:lending-hand-over": ({}, {"analyst": ABSENT}),
    "api:lending-publish-list": ({"published": "x"}, dict.fromkeys(CITY, UNREAD)),
    "api:lab-ask-run": ({"draws": 2, "beside": [999_999]}, {"analyst": REFUSED, "administrator": ABSENT}),
    "api:lab-ask-list": ({"draws": 1}, {"analyst": UNREAD, "administrator": UNREAD}),
    "api:lab-designs": ({"name": "x", "begin": "none"}, {"analyst": REFUSED, "administrator": REFUSED}),
    "api:lab-try": ({"places": {"none": "1"}}, {**dict.fromkeys(SHARED, REFUSED), "administrator": ABSENT}),
    "api:lab-save": (
        {"name": "x", "version": 1, "places": {"none": "1"}}, {"analyst": REFUSED, "administrator": ABSENT},
    ),
    "api:lab-fork": ({"name": " "}, {"analyst": REFUSED, "administrator": ABSENT}),
    "api:lab-share": ({"people": ["nobody@example.vn"]}, {"analyst": REFUSED, "administrator": ABSENT}),
    **{
        f"api:pilots-{act}": (sent, dict.fromkeys(RECORDERS, REFUSED))
        for act, sent in {
            "declare": {"declaration": "id: x"}, "change": {"declaration": "id: x"}, "reports": {"table": "id,date"},
            "lots": {"table": "id,date", "salt": "10 20"}, "outcomes": {"table": "id,date"},
        }.items()
    },
    "api:pilots-site-lots": ({"units": "0" * 64, "salt": "10 20"}, {"analyst": REFUSED}),
    "api:pilots-register": ({"amendment": 1}, dict.fromkeys(RECORDERS, UNREAD)),
    "api:pilots-ask-power": ({"pilots_simulated": 1}, dict.fromkeys(RECORDERS, UNREAD)),
    "api:pilots-decide": ({"what": "none", "reason": "x"}, dict.fromkeys(PUBLISHERS, REFUSED)),
    "api:desk-documents": (
        {"title": " ", "publisher": "Báo", "day": "2026-01-20", "text": "x"},
        {"analyst": REFUSED, "administrator": REFUSED},
    ),
    **{f"api:desk-{act}": ({}, dict.fromkeys(RECORDERS, UNREAD)) for act in ("document-files", "advance", "done")},
    "api:desk-milestone": ({"title_vi": " ", "title_en": "x"}, dict.fromkeys(RECORDERS, REFUSED)),
    "api:desk-step": ({"next_vi": "x"}, dict.fromkeys(RECORDERS, REFUSED)),
    "api:desk-confirm": ({"claims": ["none"]}, dict.fromkeys(PUBLISHERS, REFUSED)),
    "api:desk-moderate": ({"state": "shown"}, dict.fromkeys(RECORDERS, ABSENT)),
    "api:desk-take": ({"about": "x", "qualifier": "x"}, {"analyst": ABSENT, "administrator": ABSENT}),
    "api:desk-reject": ({}, {"analyst": ABSENT, "administrator": ABSENT}),
    "api:desk-reread": ({}, {"analyst": ABSENT, "administrator": ABSENT}),
    "api:desk-correct": (
        {"title": "x", "publisher": "x", "day": "2026-01-20"}, {"analyst": ABSENT, "administrator": ABSENT},
    ),
    "api:proposals": ({"title": " ", "text": "x"}, dict.fromkeys(BODIES, REFUSED)),
    "api:proposals-receipt": ({"receipt": "none"}, dict.fromkeys((NOBODY, *BODIES), ABSENT)),
    "api:factories": (
        {"name": "x", "tax_code": "1", "sector": "food", "employees": 1},
        dict.fromkeys((*OWN, "other_factory_owner"), REFUSED),
    ),
    "api:factories-remove-file": ({}, dict.fromkeys((*OWN, "other_factory_owner", "assessor"), ABSENT)),
    "api:factories-profile": (
        {"version": 0, "name": "x", "tax_code": "1", "sector": "food", "employees": 1},
        {**dict.fromkeys(OWN, REFUSED), **OTHERS},
    ),
    "api:factories-add-file": (  # no form with a file
        {}, {**dict.fromkeys(OWN, UNREAD), "other_factory_owner": UNREAD, "assessor": UNREAD},
    ),
    "api:organisations": ({"name": "x", "kind": "none"}, {"administrator": REFUSED}),
    "api:organisations-rename": ({"name": " "}, {"administrator": REFUSED}),
    "api:backups-check": ({}, {"administrator": ABSENT}),
    "api:run-publish": ({"published": "x"}, dict.fromkeys(PUBLISHERS, UNREAD)),
    "api:factories-second": ({}, {"assessor": ABSENT}),  # a draft
    "api:jobs": ({"programme": "none", "draws": 2}, {"analyst": ABSENT, "administrator": ABSENT}),
    # The first job of the site is the analyst's, and done; for whoever did not ask for it there is nothing to cancel.
    **{
        f"api:jobs-{act}": ({}, {"analyst": REFUSED, "approver": ABSENT, "administrator": REFUSED})
        for act in ("cancel", "again")
    },
    "api:hooks": ({"address": "https://elsewhere.example/", "events": ["run.published"]}, {"administrator": REFUSED}),
    "api:hooks-end": ({}, {"administrator": ABSENT}),
    # The draft that is open: nothing comes of beginning it again.
    "api:factories-assessments": ({}, {**dict.fromkeys(OWN, 201), **OTHERS}),
    "api:factories-section": (
        {"version": 0, "answers": {"none": {"value": 1}}},
        {**dict.fromkeys(OWN, REFUSED), **OTHERS, "assessor": ABSENT},
    ),
    "api:factories-submit": ({}, {"factory_owner": ABSENT, "assessor": ABSENT, **OTHERS}),  # it was handed in
    "api:factories-apply": ({"amount": 1, "purpose": "x", "sure": True}, {**dict.fromkeys(OWN, REFUSED), **OTHERS}),
    "api:factories-send": ({}, {"factory_owner": ABSENT, **OTHERS}),  # it was sent
    "api:factories-withdraw": ({}, {"factory_owner": ABSENT, **OTHERS}),
    "api:factories-consent": ({"fields": ["none"]}, {"factory_owner": REFUSED, **OTHERS}),
}  # fmt: skip
"""What programs send so that nothing comes of it: a body, and what those hear whose role opens the door; others 403."""

POSTED = {
    "account_logout",
    # Where a login by another house ends badly: one says so with a status of its own, one leads back to the login.
    "socialaccount_login_error",
    "socialaccount_signup",
}
"""Routes that change something at a mere visit, or answer otherwise, and are tried in tests of their own."""
