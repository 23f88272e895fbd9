"""From a draft that a person went through to a claim of a record: all of it, or nothing."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import chain, count
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from haidang.errors import HaidangError
from haidang.track.current import Current, named
from haidang.track.drafts import Drafts, read_drafts
from haidang.track.edit import entered, extend, sign_more
from haidang.track.records import Commitment, Record, claims_of
from haidang.web.desk.book import book, change
from haidang.web.desk.models import Passage
from haidang.web.ledger.write import note
from haidang.web.people.models import User

LONGEST_ID = 60
NONE_NAMED = "none named"
"""What a file says of a promise for which no document names a body."""


class TakeError(HaidangError):
    """A draft that was decided already."""


def take(by: User, passage: Passage, given: Mapping[str, Any]) -> Record:
    """Make a draft a claim of a record that is there, or of a new one.

    Args:
        by: who went through it; another person confirms it.
        passage: the draft.
        given: what the person made of it, as `TakeForm` gives it.

    Returns:
        The record with the claim.

    Raises:
        HaidangError: something in it cannot be, or somebody changed the record in the meantime; nothing is changed.
    """
    current = book()
    if passage.state != Passage.State.OPEN:
        raise TakeError("expected a draft that is open, found one that was decided")
    kind, name = _record(current, given)
    drafts = _read(current, _tree(current, passage, given, kind, name))
    before = [named(current.tracked, f"{kind}/{name}") for kind, name in drafts.more]
    today = timezone.localdate()
    if before and _claim_id(passage, given) in {claim.id for claim in claims_of(before[0])}:
        # The record has it: the machine fell after it was written there and before it was written down here.
        with transaction.atomic():
            _decide(by, passage, kind, name)
            note(
                by, "desk.claim.taken", f"desk.record:{kind}/{name}", document=passage.document.digest,
                draft=passage.pk, late=True,
            )  # fmt: skip
        return before[0]
    grown = [
        extend(record, sign_more(more, by.email, today))
        for record, more in zip(before, drafts.more.values(), strict=True)
    ]
    fresh = [entered(_plain(record), by.email, today) for record in drafts.records]
    change(
        by, before, [*drafts.sources, *fresh, *grown], "add", "desk.claim.taken", current=current,
        document=passage.document.digest, draft=passage.pk, also=lambda: _decide(by, passage, kind, name),
    )  # fmt: skip
    return (*fresh, *grown)[0]


def _decide(by: User, passage: Passage, kind: str, name: str) -> None:
    passage.state, passage.record_kind, passage.record_name = Passage.State.TAKEN, kind, name
    passage.decided_by, passage.decided = by, timezone.now()
    passage.save(update_fields=["state", "record_kind", "record_name", "decided_by", "decided"])


def _record(current: Current, given: Mapping[str, Any]) -> tuple[str, str]:
    """Kind and id of the record that the claim is joined to, or of a new one."""
    kind, _, name = given["record"].partition("/")
    return (kind, name) if name else (given["kind"], _fresh_id(current, given["title_en"] or given["title_vi"]))


def _fresh_id(current: Current, title: str) -> str:
    """An id that no record has, from a title."""
    base = slugify(title.replace("đ", "d").replace("Đ", "D"))[:LONGEST_ID].strip("-") or "record"
    return free(base, {one.id for one in current.tracked.records()})


def free(base: str, known: Collection[str]) -> str:
    """A name that is not known yet: this one, or with the first number that makes it so."""
    return next(name for name in chain([base], (f"{base}-{n}" for n in count(2))) if name not in known)


def _claim_id(passage: Passage, given: Mapping[str, Any]) -> str:
    """Of one draft always the same, so that it never counts twice."""
    return f"{passage.document.source}-{passage.start}-{passage.end}-{given['about']}"


def _tree(
    current: Current, passage: Passage, given: Mapping[str, Any], kind: str, name: str
) -> dict[str, Any]:  # fmt: skip
    """What a file of drafts would hold, which the tracking room reads and checks."""
    document = passage.document
    tree: dict[str, Any] = {}
    if document.source not in current.tracked.sources:
        told = {
            "title": document.title, "publisher": document.publisher, "date": document.day.isoformat(),
            "address": document.address, "note": f"sha256:{document.digest[:16]}",
        }  # fmt: skip
        tree["sources"] = {document.source: {key: value for key, value in told.items() if value}}
    claim = _claim(passage, given, kind)
    own = {"observations" if kind == "indicator" else "claims": [claim]}
    tree[f"{kind}s"] = {name: own if given["record"] else {**_new(passage, given, kind), **own}}
    return tree


SAYS = {"kind": "promise_kind", "responsible": "responsible"}
"""By what a claim is about, the field of the form that holds what it says of that."""


def _claim(passage: Passage, given: Mapping[str, Any], kind: str) -> dict[str, Any]:
    claim = {
        "id": _claim_id(passage, given),
        "source": passage.document.source,
        "passage": " ".join(passage.words.split()),
        "span": [passage.start, passage.end],
        "about": given["about"],
        "by": given["said_by"],
        "quantity": quantity_text(given["minimum"], given["maximum"], given["unit"]),
        "period": _period(given),
        "scope": given["scope"],
        "says": given[SAYS[given["about"]]] if given["about"] in SAYS else "",
    }
    if claim["quantity"]:
        claim["qualifier"] = given["qualifier"]
    if kind == "indicator":
        claim |= {"status": given["status"], "method": given["method"]}
    return {key: value for key, value in claim.items() if value not in ("", None)}


def _new(passage: Passage, given: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The keys of a new record, its claims left out."""
    told: dict[str, Any] = {"title": {"vi": given["title_vi"], "en": given["title_en"]}}
    parties = [each.strip() for each in given["parties"].split(";") if each.strip()]
    if kind == "commitment":
        told |= {"kind": given["promise_kind"], "parties": parties, "due": _day(given["due"])}
        told["responsible"] = NONE_NAMED if given["none_named"] else given["responsible"]
        if given["stage"]:
            document = passage.document
            evidence = {"source": document.source, "passage": " ".join(passage.words.split())}
            told["stages"] = [{"stage": given["stage"], "on": document.day.isoformat(), **evidence}]
    elif kind == "indicator":
        definition = {"vi": given["definition_vi"], "en": given["definition_en"]}
        told |= {"unit": given["unit"] or "1", "definition": definition, "publisher": passage.document.publisher}
        told["main"] = given["method"]
    elif kind == "target":
        told |= {
            "kind": given["target_kind"], "by": _day(given["until"]), "indicator": given["indicator"],
            "lower": given["minimum"], "upper": given["maximum"], "unit": given["unit"] or "1",
            "since": _day(given["since"]),
        }  # fmt: skip
    elif kind == "event":
        told |= {"period": _period(given), "hosts": parties}
    else:
        told |= {"by": given["said_by"], "status": "open"}
    return {key: value for key, value in told.items() if value not in ("", None, [])}


def _plain(record: Record) -> Record:
    """A new record whose responsible body is none where no document names one."""
    unnamed = isinstance(record, Commitment) and record.responsible == NONE_NAMED
    return replace(record, responsible=None) if unnamed else record


def quantity_text(minimum: float | None, maximum: float | None, unit: str) -> str:
    """A quantity as a file of drafts writes it: `1500e9 VND`, `[30, 40] %`; nothing where there is no number."""
    ends = list(dict.fromkeys(each for each in (minimum, maximum) if each is not None))
    if not ends:
        return ""
    numbers = f"{ends[0]!r}" if len(ends) == 1 else f"[{ends[0]!r}, {ends[1]!r}]"
    return f"{numbers} {unit}".strip()


def _period(given: Mapping[str, Any]) -> str:
    since, until = _day(given["since"]), _day(given["until"])
    return f"{since}..{until}" if since or until else ""


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


def _read(current: Current, tree: Mapping[str, Any]) -> Drafts:
    """The tree as the tracking room reads it from a file; JSON is YAML."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "draft.yaml"
        file.write_text(json.dumps(tree, ensure_ascii=False, indent=1), encoding="utf-8")
        return read_drafts(file, current.tracked)
