"""Everybody else tries what one person is about to do: the same form to the same address, which would act.

Runs inside a site (`planted`), before each deed of its people and each writing of their programs. Whoever is refused
must hear what the table of doors and the owner of the object make of it, and must have changed neither a row nor a
file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from haidang.web.access import DOORS, may_pass
from haidang.web.api.models import Hook, Token
from haidang.web.api.scopes import Scope
from haidang.web.city.models import ShownRun
from haidang.web.desk.models import Passage
from haidang.web.factories.models import Assessment, Evidence
from haidang.web.jobs.models import Job
from haidang.web.lab.models import Design
from haidang.web.people.models import Membership, Organisation, User
from haidang.web.pilots.models import Pilot
from tests.web.city import CREDIT
from tests.web.doors import READ_TOO
from tests.web.planted import BEFORE, Somebody, post, route, undone
from tests.web.site import ROLES

ANYBODY = frozenset({"anybody"})
"""Where there is no object of anybody's: whoever comes through the door may."""
SIMULATORS = frozenset({"analyst", "other_analyst", "administrator", "root"})
PUBLISHERS = frozenset({"approver", "administrator", "root"})
MAY: dict[str, frozenset[str]] = {
    # What is nobody's own: of the public, of oneself, or of the whole city.
    **dict.fromkeys(
        (
            "desk:propose", "office:invitation", "tokens:list", "lab:begin", "jobs:simulate",
        ),
        ANYBODY,
    ),
    **{f"office:{act}": ANYBODY for act in ("organisations", "people", "give", "take", "lock", "invite")},
    **{f"office:{act}": ANYBODY for act in ("organisation", "correct")},
    **{f"office:{act}": ANYBODY for act in ("drop-second-factor", "back-up", "backup-check", "backup-file")},
    **dict.fromkeys(("hooks:list", "hooks:end", "api:hooks", "api:hooks-end", "api:backups"), ANYBODY),
    **{
        f"desk:{act}": ANYBODY
        for act in (
            "moderate", "add-document", "take", "reject", "confirm", "advance", "milestone", "done", "step", "correct",
            "reread", "receipt",
        )
    },
    **{f"pilots:{act}": SIMULATORS for act in ("change", "redesign", "register", "lots")},
    **{f"pilots:{act}": SIMULATORS for act in ("reports", "outcomes", "power")},
    "pilots:site-lots": frozenset({"analyst", "other_analyst", "administrator"}),  # who is an analyst as well
    **dict.fromkeys(("pilots:declare", "pilots:design"), ANYBODY),
    "pilots:decide": PUBLISHERS,
    "city:publish": PUBLISHERS,
    # A factory's papers: its people's.
    **{
        f"{place}{act}": frozenset({"factory_owner", "factory_editor"})
        for place in ("factories:", "api:factories-")
        for act in ("new", "profile", "start", "assessments", "section", "add-file", "remove-file", "apply")
    },
    **dict.fromkeys(("api:lab-designs", "api:jobs"), SIMULATORS),
    **{
        f"api:pilots-{act}": SIMULATORS for act in ("declare", "change", "register", "lots", "reports", "outcomes")
    },
    "api:pilots-ask-power": SIMULATORS,
    "api:pilots-site-lots": frozenset({"analyst", "other_analyst", "administrator"}),
    "api:pilots-decide": PUBLISHERS,
    **{
        f"api:desk-{act}": SIMULATORS
        for act in (
            "documents", "document-files", "take", "reject", "advance", "done", "milestone", "step", "moderate",
            "correct", "reread",
        )
    },
    **dict.fromkeys(("api:desk-confirm", "api:run-publish"), PUBLISHERS),
    **dict.fromkeys(("api:organisations", "api:organisations-rename"), ANYBODY),
    # Whoever asked for it, and administrators.
    **{
        f"{place}{act}": frozenset({"analyst", "administrator", "root"})
        for place in ("jobs:", "api:jobs-")
        for act in ("cancel", "again")
    },
    "api:factories": frozenset({"factory_owner", "factory_editor"}),
    "api:factories-second": frozenset({"assessor"}),
    "api:proposals": frozenset({*ROLES, "root", "other_factory_owner", "other_lender_officer", "other_analyst"}),
    **dict.fromkeys(("api:proposals-receipt", "api:backups-check", "api:lending-hand-over"), ANYBODY),
    "api:lab-try": frozenset({"analyst", "approver", "administrator"}),  # with whom it is shared
    "api:lending-lists": SIMULATORS | {"approver"},
    "api:lending-publish-list": ANYBODY,
    "api:lab-fork": frozenset({"analyst", "administrator"}),  # with whom it is shared
    "lab:try": frozenset({"analyst", "approver"}),  # it is shared with approvers
    "factories:second": frozenset({"assessor"}),
    "lending:lists": SIMULATORS | {"approver"},
    **dict.fromkeys(("lending:publish-list", "lending:hand-over"), ANYBODY),
}  # fmt: skip
"""Who may do a thing to the object that its doer does it to, by route; the doer alone where nothing is said."""
NOT_TAKEN = {"factories:new": 200, "api:factories": 400, "api:proposals": 401}
"""Where there is no object yet: a form in the name of another's organisation is shown again, or a key is asked for."""
CHANGES_NOTHING = {"lab:try", "api:lab-try", "api:factories-assessments", "desk:receipt", "api:proposals-receipt"}
"""What changes nothing whoever asks for it: it computes, looks up, or a draft is open already."""
LASTING = ("pilots:", "api:pilots-")
"""Rooms whose deeds change files that no transaction takes back: nobody who may tries."""
OTHERS = {
    "other_factory_owner": ("factory_owner", "Nhà máy khác", "factory"),
    "factory_editor": ("factory_editor", "Nhà máy khác", "factory"),
    "other_lender_officer": ("lender_officer", "Ngân hàng khác", "lender"),
    "other_analyst": ("analyst", "Sở khác", "city"),
}
"""By name: role, organisation, and its kind."""


@dataclass
class Tried:
    """What was tried, and what was wrong."""

    wrong: list[str] = field(default_factory=list[str])
    routes: set[str] = field(default_factory=set[str])
    refused: int = 0
    acted: int = 0


TRIED = Tried()


def begin(people: Mapping[str, Somebody], at_a_browser: Callable[[str, User | None], Somebody]) -> dict[str, Somebody]:
    """From now on people of the same roles elsewhere, and the public, try what is about to be done.

    Args:
        people: of the site, who are more and more.
        at_a_browser: a person at a browser.

    Returns:
        Who was not there before.
    """
    more = {"public": at_a_browser("public", None)}
    for name, (role, place, kind) in OTHERS.items():
        user = User.objects.create_user(f"{name}@example.vn")
        body, _ = Organisation.objects.get_or_create(name=place, kind=kind)
        Membership.objects.create(user=user, organisation=body, role=role)
        more[name] = at_a_browser(name, user)

    def before(doer: Somebody, where: str, told: dict[str, Any]) -> Callable[[], None]:
        everybody = {**more, **people}
        found = attempted(everybody, doer, where, told)
        return lambda: judge(found, doer.name, where, passes(everybody, route(where)))

    BEFORE.append(before)
    return more


def join_factory(more: Mapping[str, Somebody]) -> None:
    """A second person fills in the papers of the factory."""
    body = Organisation.objects.filter(kind="factory").latest("pk")
    Membership.objects.create(user=more["factory_editor"].user, organisation=body, role="factory_editor")


@dataclass
class Attempt:
    """What came of one that was tried by somebody else."""

    name: str
    status: int
    told: str
    changed: list[str]


def attempted(people: Mapping[str, Somebody], doer: Somebody, where: str, told: dict[str, Any]) -> list[Attempt]:
    """Have everybody else send a form, and its doer without the token of a page; nothing of it is kept."""
    name = route(where)
    found: list[Attempt] = []
    comes_in, acting = passes(people, name), name.startswith(LASTING)
    for each, who in people.items():
        if who is doer:
            continue
        if _meant(name, each, doer.name, comes_in(each)) == 0:
            if acting:
                continue
            acting = True  # one is enough
        found.append(_sent(name, each, who, who.client, where, told))
    forged = Client(enforce_csrf_checks=True, HTTP_HOST="localhost")
    forged.cookies = deepcopy(doer.client.cookies)
    forged.cookies.pop("csrftoken", None)
    found.append(_sent(name, "forged", doer, forged, where, told))
    return found


def by_keys(
    people: Mapping[str, Somebody], keys: Mapping[str, str]
) -> Callable[[str, str, object], Callable[[], None]]:  # fmt: skip
    """Before a program writes, the programs of everybody else try, and one without a key; nothing of it is kept."""

    def before(whose: str, path: str, body: object) -> Callable[[], None]:
        found, name = list[Attempt](), route(path)
        comes_in, acting = passes(people, name), name.startswith(LASTING)
        for each in (*keys, "public"):
            if each == whose:
                continue
            if _meant(name, each, whose, comes_in(each)) == 0:
                if acting:
                    continue
                acting = True
            who = Somebody(each, Client(HTTP_HOST="localhost"))
            headers = {"HTTP_AUTHORIZATION": f"Bearer {keys[each]}"} if each in keys else {}
            with _watched() as changed, undone(who):
                answer = post(who.client, path, body, headers)
            found.append(Attempt(each, answer.status_code, "", list(changed)))
        return lambda: judge(found, whose, path, comes_in)

    return before


def judge(found: list[Attempt], doer: str, where: str, who_passes: Callable[[str], bool]) -> None:
    """Hold what came of it against what should have, once the doer's own was taken."""
    name = route(where)
    TRIED.routes.add(name)
    for each in found:
        meant = _meant(name, each.name, doer, who_passes(each.name))
        if meant == 0:
            acts = bool(each.changed) or name in CHANGES_NOTHING
            held, TRIED.acted = each.status < 400 and acts, TRIED.acted + 1
        else:
            meant = 403 if name in {*READ_TOO, "lending:lists"} and each.status == 403 else meant
            held, TRIED.refused = each.status == meant and not each.changed, TRIED.refused + 1
        if not held:
            TRIED.wrong.append(f"{name}, {each.name}: {each.status}, not {meant or 'done'} {each.told} {each.changed}")


def passes(people: Mapping[str, Somebody], name: str) -> Callable[[str], bool]:
    """Whether somebody comes through the door of a route."""
    return lambda each: (
        each != "forged"
        and may_pass(people[each].user or AnonymousUser() if each in people else AnonymousUser(), DOORS[name])
    )


def _meant(name: str, who: str, doer: str, comes_in: bool) -> int:
    """The status of an answer; 0 where it is done."""
    for_programs = name.startswith("api:")
    if who == "forged":
        return 403
    if not comes_in:
        return 401 if for_programs and who == "public" else 403
    may = MAY.get(name, frozenset[str]())
    if may is not ANYBODY and doer not in may:
        may = frozenset({doer})
    return 0 if may is ANYBODY or who in may else NOT_TAKEN.get(name, 404)


def _sent(name: str, each: str, who: Somebody, client: Client, where: str, told: dict[str, Any]) -> Attempt:
    for value in told.values():
        if hasattr(value, "seek"):
            value.seek(0)
    before = _files()
    with _watched() as changed, undone(who):
        answer = client.post(where, told)
    for value in told.values():
        if hasattr(value, "seek"):
            value.seek(0)
    if answer.status_code >= 400:
        changed += sorted(_files() ^ before)
    return Attempt(each, answer.status_code, _place(answer), list(changed))


def _place(answer: HttpResponse) -> str:
    return answer.headers.get("Location", "")


def _files() -> set[str]:
    """The files that people sent, with their sizes."""
    rooms = ("desk", "factories", "lending", "pilots", "jobs", "backups")
    found = (one for room in rooms for one in (settings.HOME.data / room).rglob("*"))
    return {f"{one} {one.stat().st_size}" for one in found if one.is_file() and one.name != ".lock"}


@contextmanager
def _watched() -> Iterator[list[str]]:
    """What is written into either database meanwhile."""
    found: list[str] = []

    def watch(execute: Any, sql: Any, *given: Any) -> Any:
        said = str(sql).lstrip()
        if said.startswith(("INSERT", "UPDATE", "DELETE")) and "django_session" not in said[:60]:
            found.append(said[:60])
        return execute(sql, *given)

    with ExitStack() as stack:
        for each in ("default", "records"):
            stack.enter_context(connections[each].execute_wrapper(watch))
        yield found


def the_rest(people: Mapping[str, Somebody], more: Mapping[str, Somebody]) -> None:
    """The deeds that nobody does while the site is filled; nothing of them is kept but files."""
    own = {name: people[name] for name in ("analyst", "administrator", "approver", "factory_owner")}
    pilot, design = Pilot.objects.latest("pk").pk, Design.objects.filter(owner=own["analyst"].user).latest("pk").pk
    shown = timezone.now()  # it is taken back, since to show one its folder would be needed
    run = ShownRun.objects.create(
        pack="hcmc", programme=CREDIT, folder="none", digest="0" * 64, draws=2, published=shown
    )  # fmt: skip
    backup = made_backup()
    waits, failed = (Job.objects.create(state=state, asked_by=own["analyst"].user) for state in ("waiting", "failed"))
    member = more["other_analyst"].user
    Authenticator.objects.create(user=member, type="totp", data={})
    token, _ = Token.objects.make(own["analyst"].user, "key", ["read"], timedelta(days=1))
    hook = Hook.objects.create(address="https://example.vn/", events="run.published", secret="x")
    draft = Passage.objects.filter(state=Passage.State.OPEN).latest("pk").pk
    file = Evidence.objects.filter(assessment__in=Assessment.objects.open_to(own["factory_owner"].user)).latest("pk").pk
    role = Membership.objects.get(user=member).pk
    table = SimpleUploadedFile("outcomes.csv", b"id,date,level,bad\n")
    deeds: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("analyst", f"/en/desk/drafts/{draft}/reject/", {}),
        ("factory_owner", f"/en/factories/files/{file}/remove/", {}),
        ("factory_owner", "/en/factories/applications/1/withdraw/", {}),
        ("administrator", f"/en/office/hooks/{hook.pk}/end/", {}),
        ("analyst", f"/en/jobs/simulate/{CREDIT}/", {"draws": "2"}),
        ("analyst", f"/en/jobs/{waits.pk}/cancel/", {}),
        ("analyst", f"/en/jobs/{failed.pk}/again/", {}),
        ("analyst", f"/en/lab/designs/{design}/allocate/", {"draws": "4", "seed": "1"}),
        ("administrator", "/en/office/backups/make/", {}),
        ("administrator", f"/en/office/backups/{backup}/check/", {}),
        ("administrator", f"/en/office/backups/{backup}/file/", {}),
        ("administrator", f"/en/office/people/{member.pk}/lock/", {}),
        ("administrator", f"/en/office/people/{member.pk}/second-factor/", {}),
        ("administrator", f"/en/office/roles/{role}/take/", {}),
        ("analyst", f"/en/pilots/{pilot}/outcomes/", {"table": table}),
        ("analyst", f"/en/lending/pilots/{pilot}/hand-over/", {}),  # the last is evaluated on what lenders recorded
        ("analyst", f"/en/pilots/{pilot}/power/", {"pilots_simulated": "20"}),
        ("analyst", f"/en/people/tokens/{token.pk}/end/", {}),
        ("approver", f"/en/runs/{run.pk}/publish/", {}),
    )  # fmt: skip
    for name, where, told in deeds:
        judge = BEFORE[0](own[name], where, told)
        with _watched() as changed, undone(own[name]):
            answer = own[name].client.post(where, told)
        assert answer.status_code < 400, (where, answer.status_code)
        assert changed, f"{where} changed nothing"
        judge()


def keys(people: Mapping[str, Somebody]) -> dict[str, str]:
    """A key with every scope of each who has an account."""
    scopes, day = list(Scope.values), timedelta(days=1)
    return {
        name: Token.objects.make(one.user, "key", scopes, day)[1] for name, one in people.items() if one.user
    }  # fmt: skip


def made_backup() -> int:
    """A backup that is there, as far as the site can see."""
    job = Job.objects.create(kind="backup", state=Job.State.DONE)
    job.outcome = {"files": 1, "bytes": 4, "sha256": "0" * 64, "made": timezone.now().isoformat()}
    job.save()
    settings.HOME.backups.mkdir(exist_ok=True)
    (settings.HOME.backups / f"{job.pk}.tar.gz").write_bytes(b"none")
    return job.pk
