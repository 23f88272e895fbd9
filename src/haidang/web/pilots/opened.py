"""A plan that is not registered yet, opened in the form: what the form is filled in with, and what it cannot show.

Nothing of a plan is lost by the form: one is opened only where the form, sent back as it stands, writes the same
declaration again, and where its file holds nothing beside the declaration.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from math import inf, nextafter
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from haidang.web.people.models import User
from haidang.web.pilots.choices import offers
from haidang.web.pilots.design import DesignForm
from haidang.web.pilots.desk import PilotDeskError, read_plan
from haidang.web.pilots.kinds import ARMS, KINDS
from haidang.web.pilots.models import Pilot
from haidang.web.pilots.rows import ALWAYS, PACE
from haidang.web.pilots.written import BESIDE, exact

if TYPE_CHECKING:
    from haidang.learn.pilot.declaration import Arm, Declaration, Guardrail

Filled = dict[str, str | list[str]]
ROWS: Mapping[str, str] = {"waves": "arms", "guardrails": "guardrails", "stops": "stop"}
"""By sort of row the key of the declaration that it stands under."""


class NotInFormError(PilotDeskError):
    """A plan that holds what the form cannot show."""

    def __init__(self, key: str) -> None:
        """It, by the key under which it stands."""
        super().__init__(f"expected a plan that the form can show, found the key '{key}'")


def file_digest(pilot: Pilot) -> str:
    """SHA-256 of a plan's file as it lies there."""
    return hashlib.sha256(pilot.plan.read_bytes()).hexdigest()


def opened(viewer: User | AnonymousUser, pilot: Pilot) -> QueryDict:
    """What the form is filled in with of a pilot's plan.

    Raises:
        HaidangError: the plan is registered, cannot be read, or holds what the form cannot show.
    """
    from haidang.learn.pilot.declaration import as_json
    from haidang.learn.pilot.registration import changes

    if pilot.registered is not None:
        raise PilotDeskError("expected a plan that is not registered yet, found it registered")
    seen, declared = file_digest(pilot), read_plan(pilot)
    _refuse_beside(pilot)
    if (unshown := next(_lines(_keyed(as_json(declared))), None)) is not None:
        raise NotInFormError(unshown)
    given = _as_sent(_filled(declared) | {"seen": seen})
    form = DesignForm(viewer, given, name=pilot.name)
    if not form.is_valid():
        raise NotInFormError(_wrong(form))
    lost = changes(_keyed(as_json(declared)), _keyed(as_json(_read(form.text))))
    if lost:
        raise NotInFormError(lost[0].key)
    return given


def _refuse_beside(pilot: Pilot) -> None:
    """What a file holds beside the declaration: other designs, and remarks of whoever wrote it."""
    from ruamel.yaml import YAML
    from ruamel.yaml.tokens import ScalarToken

    from haidang.facts import Reader, read_yaml

    if "designs" in Reader(read_yaml(pilot.plan), pilot.plan).keys:
        raise NotInFormError("designs")
    text, at = pilot.plan.read_text(encoding="utf-8"), 0
    tokens = cast("Iterator[Any]", YAML(typ="safe", pure=True).scan(text))  # pyright: ignore[reportUnknownMemberType]
    told = [one for one in tokens if isinstance(one, ScalarToken)]
    for start, end in [*((one.start_mark.index, one.end_mark.index) for one in told), (len(text), len(text))]:
        if "#" in text[at:start]:
            line = text.count("\n", 0, text.index("#", at)) + 1
            raise PilotDeskError(f"expected a plan that the form can show, found a remark in line {line}")
        at = end


def _keyed(plain: Mapping[str, Any]) -> dict[str, Any]:
    """A declaration with its arms, guardrails and stop rules by name, so that a difference names them; in order."""
    found = dict(plain)
    for key in ("arms", "guardrails"):
        rows = cast("list[dict[str, Any]]", plain[key])
        found[key] = {one["id"]: one for one in rows}
        found[f"{key} in order"] = [one["id"] for one in rows]
    found["stop"] = {str(place): one for place, one in enumerate(cast("list[Any]", plain["stop"]), 1)}
    return found


def _lines(value: Any, way: str = "") -> Iterator[str]:
    """The keys of texts that are no line a field can hold: a browser sends them back without what it cannot show."""
    if isinstance(value, dict):
        for key, one in cast("dict[str, Any]", value).items():
            yield from _lines(one, f"{way}.{key}" if way else key)
    elif isinstance(value, list):
        for one in cast("list[Any]", value):
            yield from _lines(one, way)
    elif isinstance(value, str) and (value != value.strip() or len(value.splitlines()) > 1):
        yield way


def _filled(declared: Declaration) -> Filled:
    rule, units, outcome = declared.assignment, declared.units, declared.outcome
    least, most = outcome.between or ("", "")
    programme = (declared.programme or "").partition("/")[2]
    cost = declared.measuring_cost
    return {
        "name": declared.id, **_both("title", declared.title), **_both("question", declared.question),
        "programme": programme, "units_from": "number", "size": str(units.size), "where": units.where or "",
        **_arms(declared, programme),
        "rule": rule.rule, "strata": ", ".join(units.strata), "cluster": units.cluster or "",
        "balance": ", ".join(rule.balance), "acceptance": _percent(rule.acceptance), "takeup": rule.takeup or "",
        "score": rule.score or "", "cutoff": "" if rule.cutoff is None else exact(rule.cutoff),
        "above": "above" if rule.above else "below",
        "column": outcome.column, "unit": outcome.unit, "better": outcome.better,
        "least": least if isinstance(least, str) else exact(least),
        "most": most if isinstance(most, str) else exact(most),
        "smallest_worthwhile": exact(declared.smallest_worthwhile),
        "measuring_cost": f"{exact(cost)} VND" if cost else "",
        "first_year": str(declared.years[0]), "last_year": str(declared.years[-1]),
        "start": declared.start.isoformat(), "end": declared.end.isoformat(),
        "estimator": declared.estimator, "covariates": ", ".join(declared.covariates),
        "alpha": _percent(declared.alpha), "power": _percent(declared.power),
        **_guardrails(declared), **_stops(declared),
    }  # fmt: skip


def _arms(declared: Declaration, programme: str) -> Filled:
    kind, found = KINDS[declared.assignment.rule], Filled()
    own = declared.arms[: len(kind.arms)]
    for name, arm in zip(kind.arms, own, strict=False):
        found |= {f"{name}_{key}": value for key, value in _arm(arm, programme).items()}
    further = declared.arms[len(own) :]
    if further and not kind.waves:
        raise NotInFormError(f"arms.{further[0].id}")
    for place, arm in enumerate(further, 1):
        told = _arm(arm, programme)
        titles = {f"waves-{place}-title_{language}": told.pop(language) for language in ("vi", "en")}
        found |= titles | {f"waves-{place}-{key}": value for key, value in told.items()}
    return found | ({"waves": str(len(further))} if kind.waves else {})


def _arm(arm: Arm, programme: str) -> Filled:
    """An arm; its offers in the order in which the form has them and a browser sends them."""
    wanted = [f"{programme}|{one}" for one in arm.offers]
    known = [value for _, each in offers() for value, _ in each]
    return {
        "id": arm.id,
        "vi": arm.title["vi"],
        "en": arm.title["en"],
        "share": _percent(arm.share or None),
        "start": "" if arm.start is None else str(arm.start),
        "offers": [*(one for one in known if one in wanted), *(one for one in wanted if one not in known)],
    }


def _guardrails(declared: Declaration) -> Filled:
    found: Filled = {"guardrails": str(len(declared.guardrails))}
    shared = declared.alpha / max(1, len(declared.guardrails))
    for place, one in enumerate(declared.guardrails, 1):
        found |= {f"guardrails-{place}-{key}": value for key, value in _guardrail(one, shared).items()}
    return found


def _guardrail(one: Guardrail, shared: float) -> Filled:
    unit = " VND" if one.kind == PACE else ""
    return {
        "name": one.id, **_both("title", one.title), "kind": one.kind, "column": one.column, "better": one.better,
        "bound": f"{exact(one.bound)}{unit}", "least": exact(one.between[0]), "most": exact(one.between[1]),
        "arm": one.arm, "alpha": "" if one.alpha == shared else _percent(one.alpha),
    }  # fmt: skip


def _stops(declared: Declaration) -> Filled:
    found: Filled = {"stops": str(len(declared.stop))}
    numbers = {one.id: f"guardrail-{place}" for place, one in enumerate(declared.guardrails, 1)}
    for place, one in enumerate(declared.stop, 1):
        found[f"stops-{place}-on"] = one.on if one.on in ALWAYS else numbers[one.on]
        found |= _both(f"stops-{place}-reason", one.reason)
    return found


def _both(name: str, text: Mapping[str, str]) -> dict[str, str]:
    return {f"{name}_{language}": text[language] for language in ("vi", "en")}


def _percent(part: float | None) -> str:
    """A part of 1 as the percentage that is read as the same number again."""
    from haidang.facts import canonical

    if part is None:
        return ""
    short, whole = float(f"{part * 100:.15g}"), part * 100
    near = (short, whole, nextafter(whole, inf), nextafter(whole, -inf))
    return exact(next((one for one in near if canonical(one, "%") == part), short))


def _as_sent(filled: Filled) -> QueryDict:
    found = QueryDict(mutable=True)
    for key, value in filled.items():
        found.setlist(key, [value] if isinstance(value, str) else value)
    return found


def _wrong(form: DesignForm) -> str:
    """The key of the first thing that the form does not take."""
    for name in form.errors:
        arm = next((one for one in ARMS if name.startswith(f"{one}_")), None)
        return next((key for key, field in BESIDE.items() if field == name and arm is None), "arms" if arm else name)
    return next(ROWS[sort] for sort, rows in form.sorts.items() if any(one.errors for one in rows))


def _read(text: str) -> Declaration:
    from haidang.learn.pilot.declaration_file import load_declaration

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pilot.yaml"
        path.write_text(text, encoding="utf-8")
        return load_declaration(path)
