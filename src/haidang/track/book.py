"""A pack's records, read whole and checked: what they name is there. Imports neither JAX nor Django."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeAlias

from haidang.errors import HaidangError, Place, did_you_mean
from haidang.packs import Pack
from haidang.track.pack_files import read_records
from haidang.track.pack_files.fields import RecordError
from haidang.track.records import Commitment, Indicator, Proposal, Record, Target, claims_of, kind_of
from haidang.track.tracked import Tracked, gather

Places: TypeAlias = Mapping[tuple[str, str], Place]


def load_tracked(pack: Pack) -> Tracked:
    """The records of a pack's files.

    Raises:
        HaidangError: the first mistake found.
    """
    found = read_records(pack.root, pack.book.sources)
    if found.mistakes:
        raise found.mistakes[0]
    tracked = gather(found.records.values(), pack.book.sources, found.names)
    for mistake in link_mistakes(pack, tracked, found.places):
        raise mistake
    return tracked


def track_mistakes(pack: Pack) -> tuple[HaidangError, ...]:
    """Every mistake of a pack's records that can be told at once; links are looked at where every record can be read.

    Args:
        pack: the pack.
    """
    found = read_records(pack.root, pack.book.sources)
    if found.mistakes:
        return found.mistakes
    return tuple(link_mistakes(pack, gather(found.records.values(), pack.book.sources), found.places))


def link_mistakes(pack: Pack, tracked: Tracked, places: Places) -> Iterator[HaidangError]:
    """Every name in a record behind which nothing stands, and every programme whose promise is not tracked.

    Args:
        pack: with the programmes and models that records name.
        tracked: the records.
        places: where each stands; a record from elsewhere has none.
    """
    for record in tracked.records():
        place = places.get((kind_of(record), record.id))
        yield from _unknown_documents(record, tracked, place)
        if isinstance(record, Commitment):
            yield from _commitment(pack, tracked, record, place)
        elif isinstance(record, Indicator):
            yield from _moved_by(pack, record, place)
            scores = () if record.scores is None else (record.scores,)
            yield from _named(scores, tracked.indicators, "an indicator", place, "scores")
            yield from _named(record.rivals, tracked.indicators, "an indicator", place, "rivals")
            yield from _stand_in(tracked, record, place)
        elif isinstance(record, Target):
            yield from _target(tracked, record, place)
        elif isinstance(record, Proposal):
            yield from _named(record.became, tracked.commitments, "a commitment", place, "became")
            yield from _named(record.programmes, pack.programmes, "a programme", place, "programmes")
    if tracked.commitments:
        yield from _programmes(pack, tracked)


def _unknown_documents(record: Record, tracked: Tracked, place: Place | None) -> Iterator[HaidangError]:
    named = [claim.place.source for claim in claims_of(record)]
    named += record.documents if isinstance(record, Indicator) else ()
    if isinstance(record, Commitment):
        named += [stage.evidence.source for stage in record.stages if stage.evidence is not None]
        named += [part.evidence.source for part in record.milestones if part.evidence is not None]
    yield from _named(dict.fromkeys(named), tracked.sources, "a source of the pack", place, "source")


def _commitment(pack: Pack, tracked: Tracked, one: Commitment, place: Place | None) -> Iterator[HaidangError]:
    yield from _named(one.programmes, pack.programmes, "a programme", place, "programmes")
    yield from _named(one.indicators, tracked.indicators, "an indicator", place, "indicators")
    yield from _named(one.proposals, tracked.proposals, "a proposal", place, "proposals")
    yield from _named(() if one.event is None else (one.event,), tracked.events, "an event", place, "event")


def _moved_by(pack: Pack, one: Indicator, place: Place | None) -> Iterator[HaidangError]:
    for link in one.moved_by:
        yield from _named((link.programme,), pack.programmes, "a programme", place, "moved_by")
        if link.programme in pack.programmes:
            card = pack.model(pack.programmes[link.programme].base.model).card
            outcomes = [outcome.id for outcome in card.outcomes]
            yield from _named((link.outcome,), outcomes, "an outcome of its model", place, "moved_by")


def _stand_in(tracked: Tracked, one: Indicator, place: Place | None) -> Iterator[HaidangError]:
    if one.stand_in is None:
        return
    yield from _named((one.stand_in.indicator,), tracked.indicators, "an indicator", place, "stand_in")
    other = tracked.indicators.get(one.stand_in.indicator)
    if other is not None and other.unit != one.unit:
        yield RecordError(f"expected what stands in for '{one.id}' in {one.unit}, found {other.unit}", place)


def _target(tracked: Tracked, one: Target, place: Place | None) -> Iterator[HaidangError]:
    yield from _named(one.commitments, tracked.commitments, "a commitment", place, "commitments")
    if one.indicator is None:
        return
    yield from _named((one.indicator,), tracked.indicators, "an indicator", place, "indicator")
    found = tracked.indicators.get(one.indicator)
    if found is not None and one.unit != found.unit:
        yield RecordError(
            f"expected the target '{one.id}' in the unit of its indicator, {found.unit}, found {one.unit}", place
        )


def _programmes(pack: Pack, tracked: Tracked) -> Iterator[HaidangError]:
    """A programme that names a promise and a promise that names a programme mean each other."""
    for file in pack.programmes.values():
        name = file.base.commitment
        if name is not None:
            place = Place(str(pack.root / "programmes" / f"{file.base.id}.yaml"), None, "commitment")
            yield from _named((name,), tracked.commitments, "a commitment", place, "commitment")


def _named(
    names: Iterable[str], known: Collection[str], what: str, place: Place | None, key: str
) -> Iterator[HaidangError]:
    for name in names:
        if name not in known:
            at = None if place is None else place.at(f"{place.key}.{key}" if place.key else key)
            yield RecordError(f"expected {what}, found '{name}'", at, did_you_mean(name, known))
