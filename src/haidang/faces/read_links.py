"""Drafts of a reading held against the records that are there: which of them seem to say the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import cast

from haidang.reading import Draft, Period, Quantity, Rules, Span, link
from haidang.reading.draft import Kind
from haidang.track.records import Commitment, Record, claims_of, kind_of

_NOWHERE = Span(0, 0, "")


def linked(drafts: Sequence[Draft], records: Iterable[Record], rules: Rules) -> tuple[Draft, ...]:
    """The drafts, each with the ids of others that seem to say the same, and with `KIND/ID` of such records.

    Args:
        drafts: each with an id of its own, in which no slash stands.
        records: of the pack and its database.
        rules: by which two are found to say the same.
    """
    own = {one.id for one in drafts}
    found = link([*(replace(one, duplicates=()) for one in drafts), *said(records)], rules)
    return tuple(
        replace(one, duplicates=tuple(dict.fromkeys(name.partition("#")[0] for name in one.duplicates)))
        for one in found if one.id in own
    )  # fmt: skip


def said(records: Iterable[Record]) -> Iterable[Draft]:
    """What the records' claims say, as the reading room knows drafts; in both of the languages of their titles."""
    for record in records:
        actors = record.parties if isinstance(record, Commitment) else ()
        for place, claim in enumerate(claims_of(record)):
            told = claim.quantity
            quantity = None if told is None else Quantity(told.minimum, told.maximum, told.unit, told.qualifier)
            period = None if claim.period is None else Period(claim.period.start, claim.period.end)
            for language in ("vi", "en"):
                name = f"{kind_of(record)}/{record.id}#{place}{language}"
                yield Draft(
                    name, 3, cast("Kind", kind_of(record)), record.title[language], actors, quantity, period,
                    claim.scope, (), _NOWHERE, _NOWHERE,
                )  # fmt: skip
