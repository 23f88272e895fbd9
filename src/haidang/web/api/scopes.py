"""What a token may do: never more than its owner, and of that only what its scopes name."""

from __future__ import annotations

from django.db.models import TextChoices


class Scope(TextChoices):
    """One thing that a token may do."""

    READ = "read"
    JOBS = "jobs:write"
    ADMINISTER = "office:read"


WRITES: dict[str, Scope] = {"api:jobs": Scope.JOBS}
"""By route: what a token needs beyond reading to send something there."""

READS: dict[str, Scope] = {
    "api:log": Scope.ADMINISTER,
    "api:people": Scope.ADMINISTER,
    "api:health": Scope.ADMINISTER,
}
"""By route: what a token needs to read there, where plain reading is not enough."""


def needed(route: str, method: str) -> Scope | None:
    """The scope that a request needs; none where nobody may send such a request there."""
    if method in {"GET", "HEAD", "OPTIONS"}:
        return READS.get(route, Scope.READ)
    return WRITES.get(route)
