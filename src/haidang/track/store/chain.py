"""The chain: what the hash of a change covers."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

START = "0" * 64
"""The hash before the first change."""


@dataclass(frozen=True, slots=True)
class End:
    """Where the log ends: the number of the last change and its hash."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Link:
    """A change, its hash left out.

    Args:
        number: its place in the chain, from one.
        kind: of the record.
        name: id of the record.
        version: of the record, from one.
        action: what was done: `add`, `confirm`, `advance`, `import`, `pack`.
        by: who did it.
        at: when.
        evidence: SHA-256 of the file that shows it; empty where none was given.
        body: the record after it, as JSON.
        previous: hash of the change before.
    """

    number: int
    kind: str
    name: str
    version: int
    action: str
    by: str
    at: datetime
    evidence: str
    body: str
    previous: str

    @property
    def hash(self) -> str:
        """SHA-256 over every field, written as a JSON list so that no two changes are written alike."""
        fields = [
            self.number, self.kind, self.name, self.version, self.action, self.by,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"), self.evidence, self.body, self.previous,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()
