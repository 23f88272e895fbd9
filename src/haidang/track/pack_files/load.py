"""All records of a pack's folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from haidang.errors import HaidangError, Place
from haidang.facts import Reader, read_yaml
from haidang.track.pack_files.claims import Sources
from haidang.track.pack_files.fields import RecordError
from haidang.track.pack_files.read import FOLDERS, read_record
from haidang.track.records import Record, Title

BODIES = "bodies.yaml"
ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class Found:
    """What a folder states.

    Args:
        records: by kind and id, in the order of the files.
        places: where each stands.
        names: of bodies that records name, as a reader of each language knows them.
        mistakes: every one that can be told at once.
    """

    records: Mapping[tuple[str, str], Record]
    places: Mapping[tuple[str, str], Place]
    names: Mapping[str, Title]
    mistakes: tuple[HaidangError, ...]


def read_records(root: Path, sources: Sources) -> Found:
    """Every record of a pack; a record that is wrong is left out and its mistake is told.

    Args:
        root: the pack's folder.
        sources: its documents by id.
    """
    records: dict[tuple[str, str], Record] = {}
    places: dict[tuple[str, str], Place] = {}
    mistakes: list[HaidangError] = []
    for kind, folder in FOLDERS.items():
        for path in sorted((root / folder).glob("*.yaml")):
            try:
                top = Reader(read_yaml(path), path)
            except HaidangError as mistake:
                mistakes.append(mistake)
                continue
            for name in top.keys:
                try:
                    _refuse_id(name, top.place(name), places.get((kind, name)))
                    records[kind, name] = read_record(kind, top.child(name), name, sources)
                    places[kind, name] = top.place(name)
                except HaidangError as mistake:
                    mistakes.append(mistake)
    names, wrong = _names(root / BODIES)
    return Found(records, places, names, (*mistakes, *wrong))


def _names(path: Path) -> tuple[Mapping[str, Title], tuple[HaidangError, ...]]:
    """Bodies in both languages; none where the pack has no such file."""
    if not path.exists():
        return {}, ()
    try:
        top = Reader(read_yaml(path), path)
        return {name: top.title(name) for name in top.keys}, ()
    except HaidangError as mistake:
        return {}, (mistake,)


def _refuse_id(name: str, place: Place, before: Place | None) -> None:
    if ID.fullmatch(name) is None:
        raise RecordError("expected an id of small letters, digits, '-', '_' and '.'", place)
    if before is not None:
        raise RecordError(f"expected each id once, found '{name}' also in {before}", place)
