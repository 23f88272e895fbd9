"""A file of drafts: new records, and more for records that are there, as `haidang track add` takes it.

It is what `haidang read` wrote and a person went through (`taken`), or written like a pack's own files, with the kinds
as its keys:

    sources: {paper: {title: ..., publisher: ..., date: 2026-11-20, address: ...}}
    commitments:
      techcombank-credit:            # is there already: only claims, stages, milestones or observations
        claims: [{id: lent, source: paper, about: amount, quantity: 300e9 VND}]
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from haidang.facts import Reader, Source, read_yaml
from haidang.track.drafted import SOURCE_KEYS, read_source
from haidang.track.edit import Drafts, More
from haidang.track.pack_files.claims import read_claims, read_milestones, read_observations, read_stages
from haidang.track.pack_files.fields import RecordError
from haidang.track.pack_files.load import ID
from haidang.track.pack_files.read import FOLDERS, read_record
from haidang.track.records import Record
from haidang.track.taken import take
from haidang.track.tracked import Tracked

MORE_KEYS = ("claims", "observations", "stages", "milestones")


def read_drafts(path: Path, known: Tracked) -> Drafts:
    """Read a file of drafts.

    Args:
        path: the file.
        known: the records and sources that are there.

    Raises:
        HaidangError: a key is wrong, a source is not known, or a record that is there is written anew.
    """
    top = Reader(read_yaml(path), path)
    if "drafts" in top.keys:
        return take(top, known)
    top.forbid_unknown(("sources", *FOLDERS.values()))
    fresh = _sources(top, known)
    sources = {**known.sources, **{one.id: one for one in fresh}}
    held = {"event": known.events, "indicator": known.indicators, "target": known.targets}
    held |= {"commitment": known.commitments, "proposal": known.proposals}
    records: list[Record] = []
    more: dict[tuple[str, str], More] = {}
    for kind, folder in FOLDERS.items():
        if top.optional(folder) is None:
            continue
        for name, entry in top.children(folder).items():
            if ID.fullmatch(name) is None:
                raise RecordError("expected an id of small letters, digits, '-', '_' and '.'", entry.place())
            if name in held[kind]:
                more[kind, name] = _more(entry, kind, name, sources)
            else:
                records.append(read_record(kind, entry, name, sources))
    return Drafts(fresh, tuple(records), more)


def _more(entry: Reader, kind: str, name: str, sources: Mapping[str, Source]) -> More:
    for key in entry.keys:
        if key not in MORE_KEYS:
            hint = f"the {kind} '{name}' is there already; add only claims, observations, stages or milestones to it"
            raise RecordError("expected more for a record that is there, found this key", entry.place(key), hint)
    claims = () if entry.optional("claims") is None else read_claims(entry, sources)
    observations, stages = read_observations(entry, sources), read_stages(entry, sources)
    return More(claims, observations, stages, read_milestones(entry, sources))


def _sources(top: Reader, known: Tracked) -> tuple[Source, ...]:
    if top.optional("sources") is None:
        return ()
    found: list[Source] = []
    for name, entry in top.children("sources").items():
        if name in known.sources:
            raise RecordError(f"expected a source that is new, found '{name}', which is there", entry.place())
        entry.forbid_unknown(SOURCE_KEYS)
        found.append(read_source(entry, name))
    return tuple(found)
