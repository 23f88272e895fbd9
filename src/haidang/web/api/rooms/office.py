"""The administration for programs: organisations, and backups made and listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.pagination import paginate

from haidang.errors import HaidangError
from haidang.web.api.answers import MISTAKES, WRITTEN, Pages, RefusedError, held, key, nothing, one_of, owner
from haidang.web.api.rooms import office_shapes as shapes
from haidang.web.desk.book import STORE
from haidang.web.jobs.models import Job
from haidang.web.ledger.write import verify
from haidang.web.mistakes import said
from haidang.web.office import accounts
from haidang.web.office import backups as kept
from haidang.web.office.bodies import entries_of, members, with_people
from haidang.web.office.forms import NameForm, OrganisationForm
from haidang.web.people.give import FITS
from haidang.web.people.models import Membership, Organisation, User, viewer

router = Router()


@router.get("/organisations", response={200: list[shapes.Organisation], **MISTAKES}, url_name="organisations")
@paginate(Pages)
def organisations(request: HttpRequest) -> list[dict[str, Any]]:
    """Every organisation, with how many people are in it."""
    return [_organisation(one) for one in _bodies(request)]


@router.post("/organisations", response={201: shapes.Organisation, **WRITTEN}, url_name="organisations")
def add_organisation(request: HttpRequest, sent: shapes.OrganisationSent) -> tuple[int, dict[str, Any]]:
    """Add an organisation whose people will use the site."""
    given = held(OrganisationForm({"organisation_name": sent.name, "kind": sent.kind}))
    made = accounts.add_organisation(owner(request), given["organisation_name"], given["kind"])
    return 201, _organisation(_bodies(request).get(pk=made.pk))


@router.get("/organisations/{int:number}", response={200: shapes.Members, **MISTAKES}, url_name="organisations-one")
def organisation(request: HttpRequest, number: int) -> dict[str, Any]:
    """One organisation with its people."""
    one = one_of(_bodies(request), number)
    people = [{"number": key(each, "user"), "email": each.user.email, "name": each.user.name, "role": each.role}
              for each in members(request, one)]  # fmt: skip
    return {
        **_organisation(one), "members": people, "entries": list(entries_of(request, f"people.organisation:{one.pk}")),
    }  # fmt: skip


@router.post(
    "/organisations/{int:number}/name", response={200: shapes.Organisation, **WRITTEN}, url_name="organisations-rename"
)
def rename(request: HttpRequest, number: int, sent: shapes.NameSent) -> dict[str, Any]:
    """Give an organisation another name; the log keeps the one before."""
    one = one_of(_bodies(request), number)
    given = held(NameForm({"organisation_name": sent.name}, but=one))
    accounts.rename_organisation(owner(request), one, given["organisation_name"])
    return _organisation(one)


def _bodies(request: HttpRequest) -> Any:
    return with_people(Organisation.objects.visible_to(owner(request)))


@router.get("/people/{int:number}", response={200: shapes.PersonWhole, **MISTAKES}, url_name="people-one")
def person(request: HttpRequest, number: int) -> dict[str, Any]:
    """One account with its roles, whether it has a second factor, and what was done to it lately."""
    one = one_of(User.objects.visible_to(owner(request)), number)
    rows = Membership.objects.visible_to(owner(request)).filter(user=one).select_related("organisation")
    roles = list(rows.order_by("organisation__name", "role"))
    return {
        "number": one.pk,
        "email": one.email,
        "name": one.name,
        "active": one.is_active,
        "chosen": one.has_usable_password(),
        "roles": [f"{each.role}|{each.organisation}" for each in roles],
        "second_factor": accounts.Authenticator.objects.filter(user=one).exists(),
        "held": [
            {
                "number": each.pk,
                "role": each.role,
                "organisation": each.organisation.name,
                "fits": each.role in FITS.get(each.organisation.kind, ()),
            }
            for each in roles
        ],
        "entries": list(entries_of(request, f"people.user:{one.pk}")),
    }


@router.get("/log/verify", response={200: shapes.LogsWalked, **MISTAKES}, url_name="log-verify")
def log_verify(request: HttpRequest) -> dict[str, Any]:
    """Walk both logs from their start, the site's and that of the records: are they those that were written?"""
    return {
        "log": _walked(lambda: astuple(verify())),
        "records": _walked(lambda: ((found := STORE.verify()).changes, found.hash)),
    }


def _walked(walk: Callable[[], tuple[int, str]]) -> dict[str, Any]:
    """What was found of a log; what is wrong with it where it is not as it was written."""
    try:
        entries, last = walk()
    except HaidangError as mistake:
        return {"whole": False, "entries": None, "hash": None, "mistake": said(mistake, "en").whole}
    return {"whole": True, "entries": entries, "hash": last, "mistake": ""}


def _organisation(one: Any) -> dict[str, Any]:
    return {"number": one.pk, "name": one.name, "kind": one.kind, "people": one.people}


@router.get("/backups", response={200: list[shapes.Backup], **MISTAKES}, url_name="backups")
@paginate(Pages)
def backups(request: HttpRequest) -> list[dict[str, Any]]:
    """The last backups, each with when it was made and last found whole."""
    return [_backup(one) for one in kept.listed(viewer(request))]


def _backup(one: kept.Backup) -> dict[str, Any]:
    names = ("there", "made", "size", "files", "sha256", "read")
    found = {name: getattr(one, name) for name in names}
    return {"number": one.job.pk, "state": one.job.state, "mistake": one.job.mistake, **found}


@router.post("/backups", response={201: shapes.Backup, **WRITTEN}, url_name="backups")
def back_up(request: HttpRequest) -> tuple[int, dict[str, Any]]:
    """Have a backup made; one at a time."""
    if not kept.by_the_site():
        raise RefusedError("expected pg_dump and pg_restore on the site's machine, found none")
    asked = kept.ask(owner(request))
    if asked is None:
        raise RefusedError("a backup is waiting or being made already")
    return 201, _backup(next(one for one in kept.listed(viewer(request)) if one.job == asked))


@router.post("/backups/{int:number}/check", response={200: shapes.Backup, **WRITTEN}, url_name="backups-check")
def check(request: HttpRequest, number: int) -> dict[str, Any]:
    """Have a backup read through in the background, and held against what it was when it was made."""
    made = kept.asked_for(viewer(request)).filter(state=Job.State.DONE)
    asked = one_of(made, number)
    kept.ask_check(owner(request), asked)
    found = next((one for one in kept.listed(viewer(request)) if one.job == asked), None)
    if found is None:
        raise nothing()
    return _backup(found)
