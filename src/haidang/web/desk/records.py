"""Promises on screen: by stage and by who answers for them, one by one with what documents say, and as files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from haidang.track.contradictions import contradictions
from haidang.track.history import Step, steps
from haidang.track.of_each import OfEach
from haidang.track.progress import progress, stage_of
from haidang.track.promises import Prospects
from haidang.track.records import ENDED, STAGES, Claim, Commitment
from haidang.track.report.view import Cite, View, web
from haidang.track.say import Say
from haidang.track.store.chain import Link
from haidang.track.tracked import Tracked, as_of
from haidang.web.city.files import written_last
from haidang.web.city.pack import pack
from haidang.web.desk.book import STORE, Same, book, looked_at, visible_to
from haidang.web.desk.downloads import FORMS, download
from haidang.web.desk.models import SHOWN, Evidence, Proposal
from haidang.web.desk.reminders import LATE, entries
from haidang.web.once import once
from haidang.web.people.models import roles_of, viewer
from haidang.web.people.roles import CHECKERS, CITY_STAFF, RECORDERS
from haidang.web.shell import language

PAGE = 100
NO_STAGE, NO_BODY = "none", "-"
"""In addresses, for promises whose stage or responsible body no document names."""


@dataclass(frozen=True, slots=True)
class Row:
    """A promise in the list."""

    id: str
    title: str
    stage: str
    body: str
    due: str
    late: tuple[str, ...]
    unseen: int


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim on a promise's page.

    Args:
        id: of the claim.
        cite: what is said, and where.
        entered: who wrote it down; empty where it stood in the pack's files.
        open: whether nobody has held it against its document yet.
        hidden: whether everybody sees it only once somebody has.
        mine: whether this reader entered it, and so cannot confirm it.
    """

    id: str
    cite: Cite
    entered: str
    open: bool
    hidden: bool
    mine: bool


@require_GET
def commitments(request: HttpRequest) -> HttpResponse:
    """Promises by stage and by responsible body, and which are late."""
    tracked = visible_to(viewer(request))
    wanted = {key: request.GET.get(key, "")[:200] for key in ("stage", "body", "q", "late")}
    say, counts = Say(language()), _counts(Same(tracked))
    late = _late(Same(tracked), timezone.localdate())
    page = Paginator(_kept(tracked, wanted, late), PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    values = {
        "page": page,
        "rows": [_row(one, late) for one in page],
        "query": query.urlencode(),
        "wanted": wanted,
        "stages": [(name, say.word(f"stage_{name}"), count) for name, count in counts.stages.items()],
        "bodies": counts.bodies,
        "all": len(tracked.commitments),
        "late_count": len(late),
        "forms": list(FORMS),
        "no_body": NO_BODY,
        "staff_nav": bool(roles_of(viewer(request)) & CITY_STAFF),
    }
    return render(request, "desk/commitments.html", values)


def _kept(tracked: Tracked, wanted: Mapping[str, str], late: Mapping[str, object]) -> list[Commitment]:
    """The promises that somebody looks for."""
    found = list(tracked.commitments.values())
    if stage := wanted["stage"]:
        found = [one for one in found if (stage_of(one) or NO_STAGE) == stage]
    if body := wanted["body"]:
        found = [one for one in found if (one.responsible or NO_BODY) == body]
    if wanted["late"]:
        found = [one for one in found if one.id in late]
    if words := wanted["q"].casefold().split():
        texts = _texts(Same(tracked))
        found = [one for one in found if all(word in texts[one.id] for word in words)]
    return found


@once(maxsize=4)
def _texts(same: Same) -> Mapping[str, str]:
    """By promise where words are looked for."""
    promises = same.tracked.commitments
    return dict(zip(promises, _TEXTS(promises.values()), strict=True))


def _text(one: Commitment) -> str:
    return " ".join((one.id, *one.title.values(), *one.parties, one.responsible or "")).casefold()


_TEXTS = OfEach[Commitment, str](_text)


def _row(one: Commitment, late: Mapping[str, tuple[str, ...]]) -> Row:
    say = Say(language())
    reasons = tuple(say.word(f"reason_{reason}") for reason in late.get(one.id, ()))
    unseen = sum(1 for claim in one.claims if not looked_at(claim))
    told = (say.word(f"stage_{stage_of(one) or NO_STAGE}"), one.responsible or say.word("nobody"), say.day(one.due))
    return Row(one.id, say.title(one.title), *told, reasons, unseen)


@dataclass(frozen=True, slots=True)
class _Counts:
    """How many promises stand in each stage, and how many each body answers for."""

    stages: Mapping[str, int]
    bodies: tuple[tuple[str, int], ...]


@once(maxsize=4)
def _counts(same: Same) -> _Counts:
    promises = same.tracked.commitments.values()
    stages = Counter(stage_of(one) or NO_STAGE for one in promises)
    bodies = Counter(one.responsible or NO_BODY for one in promises)
    ordered = sorted(bodies.items(), key=lambda each: (each[0] == NO_BODY, each[0].casefold()))
    return _Counts({name: stages[name] for name in (*STAGES, NO_STAGE) if stages[name]}, tuple(ordered))


@once(maxsize=4)
def _late(same: Same, on: date) -> Mapping[str, tuple[str, ...]]:
    """For each promise that is late or silent, why."""
    return {
        one.id: tuple(dict.fromkeys(each.reason for each in told))
        for _, one, told in entries(same.tracked, on, LATE)
    }  # fmt: skip


@require_GET
def commitment(request: HttpRequest, name: str) -> HttpResponse:
    """A promise: who made it, who answers for it, what documents say, how far it is."""
    found, tracked = commitment_of(request, name)
    return commitment_page(request, found, tracked)


def commitment_of(request: HttpRequest, name: str) -> tuple[Commitment, Tracked]:
    """A promise that this reader may see, and the book that it stands in."""
    tracked = visible_to(viewer(request))
    if name not in tracked.commitments:
        raise Http404
    return tracked.commitments[name], tracked


def commitment_page(
    request: HttpRequest, found: Commitment, tracked: Tracked, forms: Mapping[str, Any] | None = None
) -> HttpResponse:
    """The page of a promise.

    Args:
        request: of the reader.
        found: the promise.
        tracked: the book that it stands in.
        forms: forms that were filled in and could not be taken, by name.
    """
    from haidang.web.desk.work import blank_forms

    on = _day(request.GET.get("on", ""))
    then = found if on is None else as_of(tracked, on).commitments.get(found.id)
    roles = roles_of(viewer(request))
    staff = bool(roles & CITY_STAFF)
    same = Same(tracked)
    view = View(
        Say(language()), tracked.sources, _titles(same), _likely(same, on or timezone.localdate()), tracked.names
    )
    values: dict[str, Any] = {
        "one": found,
        "then": then,
        "on": on,
        "title": found.title[language()],
        "card": None if then is None else view.commitment(then),
        "claims": [] if then is None else [_claim(request, view, each) for each in then.claims],
        "against": [] if then is None else [
            (view.say.word(f"about_{each.about}"), view.cites(each.claims)) for each in contradictions([then])
        ],
        "stages": [] if then is None else [_stage(view, tracked, each) for each in then.stages],
        "milestones": [] if then is None else [_milestone(view.say, each) for each in then.milestones],
        "progress": None if then is None else progress(then.milestones),
        "programmes": [
            (each, pack().programmes[each].base.title[language()])
            for each in found.programmes if each in pack().programmes
        ],
        "proposals": Proposal.objects.visible_to(viewer(request)).filter(
            became_commitment=found.id, state__in=SHOWN
        ),
        "staff": staff,
        "may_write": bool(roles & RECORDERS) and on is None,
        "may_confirm": bool(roles & CHECKERS) and on is None and not all(each.confirmed_by for each in found.claims),
        "history": _history(found.id) if staff else [],
        "seal": _seal(found.id),
        "ended": stage_of(found) in ENDED,
    }  # fmt: skip
    if values["may_write"]:
        values |= blank_forms(found) | dict(forms or {})
        values["record_version"] = book().versions.get(("commitment", found.id), 0)
        values["sources"] = [(each.id, each.title) for each in tracked.sources.values()]
        values["bodies"] = [name for name, _ in _counts(Same(tracked)).bodies if name != NO_BODY]
    return render(request, "desk/commitment.html", values)


@once(maxsize=4)
def _titles(same: Same) -> Mapping[tuple[str, str], Mapping[str, str]]:
    """What every record is called to which a promise may lead."""
    programmes = {("programme", name): file.base.title for name, file in pack().programmes.items()}
    return {(each, one.id): one.title for each, many in _linked(same.tracked) for one in many.values()} | programmes


@once(maxsize=4)
def _likely(same: Same, on: date) -> Prospects:
    """By promise how likely it is delivered: it takes all of them to say it of one."""
    return Prospects(tuple(same.tracked.commitments.values()), on)


def _linked(tracked: Tracked) -> list[tuple[str, Mapping[str, Any]]]:
    return [("commitment", tracked.commitments), ("proposal", tracked.proposals), ("indicator", tracked.indicators)]


def _claim(request: HttpRequest, view: View, claim: Claim) -> ClaimRow:
    user = viewer(request)
    mine = claim.entered_by is not None and claim.entered_by == getattr(user, "email", None)
    cite, hidden = view.cite(claim), not looked_at(claim)
    return ClaimRow(claim.id, cite, claim.entered_by or "", claim.confirmed_by is None, hidden, mine)


def _stage(view: View, tracked: Tracked, stage: Any) -> dict[str, Any]:
    source = None if stage.evidence is None else tracked.sources.get(stage.evidence.source)
    file = Evidence.objects.filter(digest=stage.file).first() if stage.file else None
    return {
        "name": view.say.word(f"stage_{stage.name}"),
        "on": view.say.day(stage.on),
        "source": None if source is None else f"{source.publisher}: {source.title}",
        "address": web(source),
        "passage": "" if stage.evidence is None else stage.evidence.passage or "",
        "digest": stage.file or "",
        "file": file,
        "by": stage.by or "",
    }


def _milestone(say: Say, one: Any) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": say.title(one.title),
        "due": say.day(one.due),
        "done": None if one.done is None else say.share(one.done),
        "reported": say.day(one.reported),
        "weight": 1.0 if one.weight is None else one.weight,
    }


def _history(name: str) -> list[tuple[Step, Link]]:
    """Each change of a promise with its link of the chain, the last first."""
    links = list(STORE.history("commitment", name))
    return list(zip(steps(links), links, strict=True))[::-1]


def _seal(name: str) -> Link | None:
    """The last link of the chain that speaks of a promise."""
    return max(STORE.history("commitment", name), key=lambda link: link.number, default=None)


def _day(text: str) -> date | None:
    """A day that somebody asks for; none where the text names none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_safe
def download_file(request: HttpRequest, form: str) -> FileResponse:
    """The records that everybody may see, as a file written for a state of them that stood a short while ago."""
    now = written_last()
    if form not in FORMS or not now.records:
        raise Http404
    path = download(now.key, form)
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"records-{now.on}.{FORMS[form]}")
