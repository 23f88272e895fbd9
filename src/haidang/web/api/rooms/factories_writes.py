"""What programs change in a factory's papers: by the forms of the pages, with their entries in the log."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import File, Form, UploadedFile
from ninja.errors import HttpError

from haidang.frameworks.assessment import NOT_ANSWERED
from haidang.web.api.answers import WRITTEN, RefusedError, held, nothing, one_of, owner, storable
from haidang.web.api.rooms import factories_shapes as shapes
from haidang.web.api.rooms.factories import router
from haidang.web.api.rooms.factories_told import (
    application_plain,
    assessment_plain,
    assessment_whole,
    consent_plain,
    evidence_plain,
    factory_plain,
)
from haidang.web.factories import applying, vocabulary
from haidang.web.factories.consent import settle
from haidang.web.factories.drafts import add_file, begin, drop_file, hand_in, read_again, save_section
from haidang.web.factories.forms import ApplicationForm, EvidenceForm, NewForm, ProfileForm, ReaderForm, SectionForm
from haidang.web.factories.models import Assessment, Factory
from haidang.web.factories.models import Evidence as EvidenceFile
from haidang.web.factories.views.assessment import capability_of, handed_in
from haidang.web.factories.views.papers import ConsentForm, chance_of
from haidang.web.factories.views.profile import add_factory, bodies_for, save_profile
from haidang.web.people.models import Organisation, User, bodies_of
from haidang.web.people.roles import FACTORY_PEOPLE, Role


def _kept(by: User, number: int) -> Factory:
    return one_of(Factory.objects.kept_by(by), number)


def _open(by: User, number: int) -> Assessment:
    return one_of(Assessment.objects.open_to(by).select_related("factory", "reader", "of"), number)


@router.post("/factories", response={201: shapes.Factory, **WRITTEN}, url_name="factories")
def add_one(request: HttpRequest, sent: shapes.FactorySent) -> tuple[int, dict[str, Any]]:
    """Add a factory to one's organisation; what is not said is not known."""
    by = owner(request)
    bodies = {one.name: one for one in bodies_for(by)}
    if not bodies:
        raise HttpError(403, "not for this role")
    body = bodies.get(sent.organisation) if sent.organisation or len(bodies) > 1 else next(iter(bodies.values()))
    if body is None:
        raise RefusedError("what was sent is not taken", {"organisation": [f"expected one of {', '.join(bodies)}"]})
    form = NewForm(list(bodies.values()), {**_told(sent), "version": 0, "body": str(body.pk)})
    held(form)
    return 201, factory_plain(add_factory(form, by))


def _told(sent: shapes.ProfileTold) -> dict[str, Any]:
    """A profile as its form has it."""
    unknown = set(sent.traits) - set(vocabulary.traits())
    if unknown:
        raise RefusedError("what was sent is not taken", {one: ["there is no such trait"] for one in sorted(unknown)})
    words = {True: "yes", False: "no"}
    traits = {
        f"trait_{name}": words[value] if isinstance(value, bool) else value for name, value in sent.traits.items()
    }
    return {**sent.dict(exclude={"traits", "organisation", "version"}), **traits}


@router.post("/factories/{int:number}/profile", response={200: shapes.Factory, **WRITTEN}, url_name="factories-profile")
def profile(request: HttpRequest, number: int, sent: shapes.ProfileSent) -> dict[str, Any]:
    """Change a factory's profile, unless somebody else changed it since it was read; what is not said is not known."""
    by = owner(request)
    factory = _kept(by, number)
    form = ProfileForm({**_told(sent), "version": sent.version}, own=factory)
    held(form)
    if not save_profile(factory, form, by):
        raise RefusedError("somebody else has changed it since", {"version": ["it is another now"]})
    return factory_plain(factory)


@router.post(
    "/factories/{int:number}/assessments",
    response={201: shapes.Assessment, **WRITTEN},
    url_name="factories-assessments",
)
def start(request: HttpRequest, number: int) -> tuple[int, dict[str, Any]]:
    """Begin an assessment with the answers of the last one; the draft that is open where there is one."""
    by = owner(request)
    if not by.roles & FACTORY_PEOPLE:
        raise HttpError(403, "not for this role")
    return 201, assessment_plain(begin(_kept(by, number), by))


@router.post(
    "/assessments/{int:number}/readings", response={201: shapes.Assessment, **WRITTEN}, url_name="factories-second"
)
def second(request: HttpRequest, number: int, sent: shapes.ReadAgain) -> tuple[int, dict[str, Any]]:
    """Begin an assessor's reading of what was handed in; the one of one's organisation where there is one."""
    by = owner(request)
    found = one_of(handed_in(by), number)
    bodies = bodies_of(by, Role.ASSESSOR).order_by("name")
    if not bodies:
        raise nothing()
    reader = held(ReaderForm(bodies, sent.dict()))["reader"]
    return 201, assessment_plain(read_again(found, reader, by))


@router.post(
    "/assessments/{int:number}/parts/{slug:name}",
    response={200: shapes.AssessmentWhole, **WRITTEN},
    url_name="factories-section",
)
def section(request: HttpRequest, number: int, name: str, sent: shapes.Section) -> dict[str, Any]:
    """Answer the questions of one part, unless somebody else saved it since it was read."""
    by = owner(request)
    assessment, capability = _open(by, number), capability_of(name)
    unknown = set(sent.answers) - {one.id for one in capability.criteria}
    if unknown:
        raise RefusedError(
            "what was sent is not taken", {one: ["there is no such criterion"] for one in sorted(unknown)}
        )
    told: dict[str, Any] = {"version": sent.version}
    for one in capability.criteria:
        given = sent.answers.get(one.id, shapes.GivenAnswer(value=NOT_ANSWERED, note="", status=None))
        told |= {f"answer-{one.id}": given.value, f"note-{one.id}": given.note}
        if given.status is not None:
            told[f"status-{one.id}"] = given.status
    form = SectionForm(capability, told, reading=assessment.of is not None)
    held(form)
    if save_section(assessment, form, by) is not None:
        raise RefusedError("somebody else has saved this part since", {"version": ["it is another now"]})
    return assessment_whole(assessment, by)


@router.post(
    "/assessments/{int:number}/parts/{slug:name}/files",
    response={201: shapes.Evidence, **WRITTEN},
    url_name="factories-add-file",
)
def add(
    request: HttpRequest, number: int, name: str, told: Form[shapes.EvidenceSent], file: File[UploadedFile]
) -> tuple[int, dict[str, Any]]:
    """Put a file behind an answer of a part: a picture, a document or a table, by what it holds."""
    by = owner(request)
    assessment, capability = _open(by, number), capability_of(name)
    form = EvidenceForm(capability, told.dict(), {"file": file})
    given = held(form)
    more = {key: given[key] for key in ("criterion", "kind", "caption", "day")}
    return 201, evidence_plain(add_file(assessment, form.content, form.found_kind, given["file"], more, by))


@router.post(
    "/evidence/{int:number}/remove", response={200: shapes.Evidence, **WRITTEN}, url_name="factories-remove-file"
)
def remove(request: HttpRequest, number: int) -> dict[str, Any]:
    """Take a file away, as long as its assessment is a draft; with the last one the answer counts as claimed again."""
    by = owner(request)
    rows = EvidenceFile.objects.filter(assessment__in=Assessment.objects.open_to(by))
    found = one_of(rows.select_related("assessment"), number)
    plain = evidence_plain(found)
    drop_file(found, by)
    return plain


@router.post(
    "/assessments/{int:number}/submit", response={200: shapes.Assessment, **WRITTEN}, url_name="factories-submit"
)
def submit(request: HttpRequest, number: int) -> dict[str, Any]:
    """Hand in: the owner for a factory, an assessor for a reading. Since then nothing in it changes."""
    by = owner(request)
    found = _open(by, number)
    if found.of is None and not bodies_of(by, Role.FACTORY_OWNER).filter(pk=found.factory.body.pk).exists():
        raise nothing()
    if not found.answers.exclude(value=NOT_ANSWERED).exists():
        raise RefusedError("expected an answer, found none")
    hand_in(found, by)
    found.refresh_from_db()
    return assessment_plain(found)


@router.post(
    "/factories/{int:number}/programmes/{slug:name}",
    response={201: shapes.Application, **WRITTEN},
    url_name="factories-apply",
)
def apply(request: HttpRequest, number: int, name: str, sent: shapes.ApplicationAsked) -> tuple[int, dict[str, Any]]:
    """Write an application, or change it as long as it is a draft and nobody else changed it since it was read."""
    by = owner(request)
    factory = _kept(by, number)
    given = held(ApplicationForm(chance_of(factory, name).most, sent.dict()))
    made = applying.draft(factory, name, given, by)
    if made is None:
        raise RefusedError("somebody else has changed or sent it since", {"version": ["it is another now"]})
    return 201, application_plain(made, by)


@router.post(
    "/applications/{int:number}/send", response={200: shapes.Application, **WRITTEN}, url_name="factories-send"
)
def send(request: HttpRequest, number: int) -> dict[str, Any]:
    """Send an application: from now on the city and consented lenders see it."""
    by = owner(request)
    return application_plain(applying.send(storable(number), by), by)


@router.post(
    "/applications/{int:number}/withdraw", response={200: shapes.Application, **WRITTEN}, url_name="factories-withdraw"
)
def withdraw(request: HttpRequest, number: int) -> dict[str, Any]:
    """Take an application back; no lender sees it from now on."""
    by = owner(request)
    return application_plain(applying.withdraw(storable(number), by), by)


@router.post(
    "/factories/{int:number}/consents/{int:lender}",
    response={200: shapes.Consent, **WRITTEN},
    url_name="factories-consent",
)
def consent(request: HttpRequest, number: int, lender: int, sent: shapes.Consented) -> dict[str, Any]:
    """Let a lender see these fields from now on and no others; none withdraws the consent. It holds at once."""
    by = owner(request)
    factory = one_of(Factory.objects.owned_by(by), number)
    body = one_of(Organisation.objects.lenders_for(by), lender)
    settle(factory, body, held(ConsentForm({"fields_seen": sent.fields}))["fields_seen"], by)
    last = factory.consents.filter(lender=body).select_related("lender").order_by("-id").first()
    if last is None:
        raise RefusedError("expected fields to show, found none and no consent to withdraw")
    return consent_plain(last)
