"""What a token may do: never more than its owner, and of that only what its scopes name.

What everybody sees needs `read`; what stands in a room behind a door needs the room's own scope, so that a token made
for the public data opens nothing else of its owner's.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ImproperlyConfigured
from django.db.models import TextChoices


class Scope(TextChoices):
    """One thing that a token may do."""

    READ = "read"
    JOBS = "jobs:write"
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
    "api:factories": Scope.FACTORIES,
    "api:lending": Scope.LENDING,
    "api:lab": Scope.LAB,
    "api:pilots": Scope.PILOTS,
    "api:desk": Scope.DESK,
}
"""By the beginning of a route: what a token needs to read in the room."""

READS: dict[str, Scope] = {
    "api:log": Scope.ADMINISTER,
    "api:log-verify": Scope.ADMINISTER,
    "api:people": Scope.ADMINISTER,
    "api:people-one": Scope.ADMINISTER,
    "api:organisations": Scope.ADMINISTER,
    "api:organisations-one": Scope.ADMINISTER,
    "api:backups": Scope.ADMINISTER,
    "api:health": Scope.ADMINISTER,
    "api:hooks": Scope.ADMINISTER,
    "api:hooks-messages": Scope.ADMINISTER,
    # The plans of registered pilots are for everybody.
    "api:pilots": Scope.READ,
    "api:pilots-one": Scope.READ,
}
"""By route: what a token needs to read there, where that is not said by its room."""


SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Ways of asking that change nothing."""


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


def needed(route: str, method: str) -> Scope | None:
    """The scope that a request needs; none where nobody may send such a request there."""
    if method in SAFE:
        return READS.get(route, ROOMS.get(route.partition("-")[0], Scope.READ))
    return WRITES.get(route)
