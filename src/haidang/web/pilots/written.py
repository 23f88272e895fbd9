"""What was filled in about a pilot as a declaration, and beside which field a mistake in it stands."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from haidang.errors import Place
from haidang.web.city.pack import pack
from haidang.web.pilots.kinds import KINDS, arm_ids
from haidang.web.pilots.rows import SPEAKS

BOUNDS: Mapping[str, str] = {"harm": "tolerated", "rate": "at_most", "pace": "budget"}
"""By kind of a guardrail the key of its bound."""
BESIDE: Mapping[str, str] = {
    "id": "name", "programme": "programme", "years": "first_year", "units": "size", "units.size": "size",
    "units.where": "where", "units.strata": "strata", "units.cluster": "cluster", "arms": "control_share",
    "measuring_cost": "measuring_cost", "assignment": "rule",
    "assignment.rule": "rule", "assignment.balance": "balance", "assignment.acceptance": "acceptance",
    "assignment.score": "score", "assignment.cutoff": "cutoff", "assignment.takeup": "takeup",
    "outcome.column": "column", "outcome.unit": "unit", "outcome.between": "most",
    "smallest_worthwhile": "smallest_worthwhile", "dates.start": "start", "dates.end": "end", "alpha": "alpha",
    "power": "power", "covariates": "covariates",
}  # fmt: skip
"""By key of the declaration the field that a mistake in it stands beside."""
IN_A_ROW: Mapping[str, str] = {
    **dict.fromkeys(BOUNDS.values(), "bound"), "title": "title_vi", "between": "most", "kind": "kind",
    "column": "column", "arm": "arm", "better": "better", "alpha": "alpha", "share": "share", "start": "start",
    "offers": "offers",
}  # fmt: skip
"""The same within a guardrail or a wave."""


def declaration_text(given: Mapping[str, Any], size: int) -> str:
    """The declaration as YAML.

    Args:
        given: what was filled in, as `DesignForm` gives it; with `waves`, `guardrails` and `stops`, a mapping each.
        size: how many units.
    """
    units = {
        "size": size,
        "where": given["where"],
        "strata": listed(given.get("strata")),
        "cluster": given.get("cluster", ""),
    }
    between = [one for one in (given["least"], given["most"]) if one is not None]
    lines = {
        "id": given["name"],
        "title": _both(given, "title"),
        "question": _both(given, "question"),
        "programme": f"{pack().id}/{given['programme']}" if given["programme"] else "",
        "years": f"{given['first_year']}..{given['last_year']}",
        "units": units,
        "arms": _arms(given),
        "assignment": _assignment(given),
        "outcome": {"column": given["column"], "unit": given["unit"], "better": given["better"], "between": between},
        "covariates": listed(given["covariates"]),
        "estimator": given["estimator"],
        "smallest_worthwhile": given["smallest_worthwhile"],
        "alpha": _percent(given["alpha"]),
        "power": _percent(given["power"]),
        "dates": {"start": given["start"].isoformat(), "end": given["end"].isoformat()},
        "measuring_cost": given["measuring_cost"],
        "guardrails": {one["name"]: _guardrail(one) for one in given["guardrails"]},
        "stop": [_stop(one, given["guardrails"]) for one in given["stops"]],
    }
    return "".join(_lines(key, value) for key, value in lines.items() if value not in ("", [], {}))


def _arms(given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    arms, waves = _ids(given)
    own = {arm: _arm(given, f"{name}_", _both(given, name)) for name, arm in arms.items() if given[f"{name}_vi"]}
    rows = zip(waves, given["waves"], strict=True)
    return own | {wave: _arm(one, "", _both(one, "title")) for wave, one in rows}


def _ids(given: Mapping[str, Any]) -> tuple[dict[str, str], list[str]]:
    """The ids of the arms by their name, and of the waves, as they were opened or as the form calls them."""
    kind = KINDS[given["rule"]]
    own = {name: str(given.get(f"{name}_id") or "") for name in kind.arms}
    return arm_ids(kind, own, [str(one.get("id") or "") for one in given["waves"]] if kind.waves else [])


def _arm(given: Mapping[str, Any], begins: str, title: Mapping[str, str]) -> dict[str, Any]:
    share, start = given.get(f"{begins}share"), given.get(f"{begins}start")
    offers = [one.partition("|")[2] for one in given.get(f"{begins}offers", [])]
    told = {"title": title, "share": "" if share is None else _percent(share), "start": "" if start is None else start}
    return {**told, "offers": offers}


def _assignment(given: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"rule": given["rule"]}
    for name in KINDS[given["rule"]].lots:
        value = given[name]
        if name == "balance":
            told[name] = listed(value)
        elif name == "acceptance" and value is not None:
            told[name] = _percent(value)
        elif name == "above":
            told[name] = value == "above"
        elif name in {"score", "cutoff", "takeup"}:
            told[name] = value
    return told


def _guardrail(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": _both(one, "title"),
        "kind": one["kind"],
        "column": one["column"],
        BOUNDS[one["kind"]]: one["bound"],
        "between": [one["least"], one["most"]],
        "arm": one["arm"],
        "better": one.get("better", ""),
        "alpha": "" if one["alpha"] is None else _percent(one["alpha"]),
    }


def _stop(one: Mapping[str, Any], guardrails: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    on = SPEAKS.fullmatch(one["on"])
    return {"on": one["on"] if on is None else guardrails[int(on[1]) - 1]["name"], "reason": _both(one, "reason")}


def _both(given: Mapping[str, Any], name: str) -> dict[str, str]:
    return {"vi": given[f"{name}_vi"], "en": given[f"{name}_en"]}


def _percent(value: float) -> str:
    return f"{exact(value)} %"


def exact(value: float) -> str:
    """A number in as few digits as give the same number again."""
    short = f"{value:.15g}"
    return short if float(short) == value else repr(value)


def listed(text: str | None) -> list[str]:
    """Names that stand apart by commas."""
    return [one.strip() for one in (text or "").split(",") if one.strip()]


def _lines(key: str, value: Any) -> str:
    """A key with its value; arms, guardrails and stop rules stand on a line each."""
    if key in {"arms", "guardrails"}:
        return "".join((f"{key}:\n", *(f"  {json.dumps(name)}: {_flow(one)}\n" for name, one in value.items())))
    if key == "stop":
        return "".join((f"{key}:\n", *(f"  - {_flow(one)}\n" for one in value)))
    return f"{key}: {_flow(value)}\n"


def _flow(value: Any) -> str:
    """A value on one line; what holds nothing is left out, and a text is quoted, whatever stands in it."""
    if isinstance(value, dict):
        kept = ((key, one) for key, one in cast("dict[str, Any]", value).items() if one not in ("", []))
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in kept) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(one) for one in cast("list[Any]", value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def beside(place: Place | None, given: Mapping[str, Any]) -> tuple[str, int, str]:
    """Where a mistake in the declaration stands: the sort of row, empty for none; its place; the field."""
    key = "" if place is None or place.key is None else place.key
    first, _, rest = key.partition(".")
    name, _, within = rest.partition(".")
    within = within.partition(".")[0]
    if first == "guardrails":
        names = [one["name"] for one in given["guardrails"]]
        return ("guardrails", names.index(name), IN_A_ROW.get(within, "name")) if name in names else ("", 0, "name")
    if first == "arms" and name:
        return _of_an_arm(name, within, given)
    if key == "assignment" and given["rule"] == "pairs":
        return "", 0, "control_share"  # half of the units in each arm
    return "", 0, BESIDE.get(key) or BESIDE.get(first) or "name"


def _of_an_arm(arm: str, within: str, given: Mapping[str, Any]) -> tuple[str, int, str]:
    field = IN_A_ROW.get(within, "start" if KINDS[given["rule"]].waves else "share")
    arms, waves = _ids(given)
    if arm in waves:
        return "waves", waves.index(arm), field
    own = next((name for name, known in arms.items() if known == arm), "control")
    return "", 0, f"{own}_{field}"
