"""A pack with a few records, and stores on SQLite and on a private PostgreSQL server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from haidang.facts import Source
from haidang.track.records import Claim, Commitment, Quantity, SourcePlace, Stage
from haidang.track.store import close_store, open_store
from tests.postgres import another

if TYPE_CHECKING:
    from haidang.track.store import Store

SOURCE = Source("paper", "A paper", "A publisher", "2025-11-26", "https://example.org/paper")


@pytest.fixture
def commitment() -> Callable[..., Commitment]:
    """A promise with one claim; what is given replaces a field."""

    def make(name: str = "promise", **fields: object) -> Commitment:
        claim = Claim("first", SourcePlace("paper", "page 1"), date(2025, 11, 26), quantity=Quantity(5.0, 5.0, "VND"))
        given: dict[str, object] = {
            "id": name,
            "title": {"vi": "Lời hứa", "en": "A promise"},
            "kind": "pledge",
            "parties": ("A bank",),
            "responsible": None,
            "claims": (claim,),
            "stages": (Stage("announced", date(2025, 11, 26), SourcePlace("paper")),),
        }
        return Commitment(**(given | fields))  # pyright: ignore[reportArgumentType]

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, first SQLite, then PostgreSQL."""
    if request.param == "sqlite":
        return str(tmp_path / "track.sqlite3")
    return another(request.getfixturevalue("postgres"), f"track_{uuid4().hex}")


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    """A store in that database."""
    opened = open_store(address)
    yield opened
    close_store(opened)
