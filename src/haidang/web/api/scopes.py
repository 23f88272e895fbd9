"""What a token may do: never more than its owner, and of that only what its scopes name.

With `read` alone a token reads what everybody sees, and one's own account. What its owner sees besides, in a room that
is open to everybody or in one behind a door, needs the room's own scope: a token made for the public data opens nothing
else of its owner's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.db.models import TextChoices


class Scope(TextChoices):
    """One thing that a token may do."""

    READ = "read"
    WORK = "jobs:read"
    JOBS = "jobs:write"
    RUNS = "runs:read"
    PUBLISH = "runs:write"
    FACTORIES = "factories:read"
    FILL_IN = "factories:write"
    LENDING = "lending:read"
    RECORD = "lending:write"
    LAB = "lab:read"
    TRY = "lab:write"
    PILOTS = "pilots:read"
    REPORT = "pilots:write"
    DESK = "desk:read"
    BRING = "desk:write"
    PROPOSE = "proposals:write"
    ADMINISTER = "office:read"
    RUN = "office:write"


WRITES: dict[str, Scope] = {
    **{f"api:jobs{name}": Scope.JOBS for name in ("", "-cancel", "-again")},
    "api:run-publish": Scope.PUBLISH,
    **{f"api:lending-{name}": Scope.RECORD for name in ("record", "records", "lists", "publish-list", "hand-over")},
    **{
        f"api:factories-{name}": Scope.FILL_IN
        for name in (
            "profile",
            "assessments",
            "section",
            "add-file",
            "remove-file",
            "submit",
            "second",
            "apply",
            "send",
            "withdraw",
            "consent",
        )
    },
    "api:factories": Scope.FILL_IN,
    **{f"api:lab-{name}": Scope.TRY for name in ("designs", "try", "save", "fork", "share")},
    "api:lab-ask-run": Scope.TRY,
    "api:lab-ask-list": Scope.TRY,
    **{
        f"api:pilots-{name}": Scope.REPORT
        for name in ("declare", "change", "register", "lots", "site-lots", "reports", "outcomes", "ask-power", "decide")
    },
    **{
        f"api:desk-{name}": Scope.BRING
        for name in (
            "documents",
            "document-files",
            "correct",
            "reread",
            "take",
            "reject",
            "confirm",
            "advance",
            "done",
            "milestone",
            "step",
            "moderate",
        )
    },
    "api:proposals": Scope.PROPOSE,
    # Whoever has the number of a proposal may read where it stands, which everybody could with it.
    "api:proposals-receipt": Scope.READ,
    "api:organisations": Scope.RUN,
    "api:organisations-rename": Scope.RUN,
    "api:backups": Scope.RUN,
    "api:backups-check": Scope.RUN,
    "api:hooks": Scope.RUN,
    "api:hooks-end": Scope.RUN,
}
"""By route: what a token needs to send something there."""

ROOMS: dict[str, Scope] = {
    "api:me": Scope.READ,
    **{f"api:{name}": Scope.RUNS for name in ("run", "runs")},
    "api:jobs": Scope.WORK,
    "api:factories": Scope.FACTORIES,
    "api:lending": Scope.LENDING,
    "api:lab": Scope.LAB,
    "api:pilots": Scope.PILOTS,
    **{
        f"api:{name}": Scope.DESK
        for name in ("desk", "commitment", "commitments", "indicators", "proposal", "proposals")
    },
    **{f"api:{name}": Scope.ADMINISTER for name in ("backups", "health", "hooks", "log", "organisations", "people")},
}
"""By the beginning of a route: what a token needs to read there as its owner does. Without it, what the room shows to
everybody is read with `read`, as everybody does; a room that is not named shows a token nothing else."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Ways of asking that change nothing."""


@dataclass(frozen=True, slots=True)
class Needed:
    """What a token needs that asks for something.

    Args:
        owner: the scope with which it is answered as its owner; none where it never is.
        everybody: the scope with which it is answered as everybody; none where that is refused.
    """

    owner: Scope | None
    everybody: Scope | None


class UnscopedError(ImproperlyConfigured):
    """Programs could send something for which no scope is named: any token would do, so the site does not start."""


def require_scopes(taken: Iterable[tuple[str, Iterable[str]]]) -> None:
    """Refuse an interface at which something can be sent without a scope of its own.

    Args:
        taken: the interface's routes, each with the ways in which it is asked.

    Raises:
        UnscopedError: a route that takes something is not among `WRITES`.
    """
    unnamed = sorted({route for route, ways in taken if not SAFE.issuperset(ways)} - WRITES.keys())
    if unnamed:
        raise UnscopedError(f"which scope does a token need to send to {', '.join(unnamed)}? name it in WRITES")


def needed(route: str, method: str, *, public: bool) -> Needed:
    """What a token needs for a request.

    Args:
        route: what is asked.
        method: how it is asked.
        public: whether the route is open to everybody.
    """
    write = None if method in SAFE else WRITES.get(route)
    if write not in {None, Scope.READ}:
        return Needed(write, None)
    return Needed(ROOMS.get(route.partition("-")[0]), Scope.READ if public else None)
