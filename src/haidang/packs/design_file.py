"""A design: a programme of the pack with a short list of changes, in a file of its own.

```yaml
design: cheaper-loans
title: {vi: Vay rẻ hơn, en: Cheaper loans}
programme: smart-manufacturing-credit
from: best-first
changes:
  credit:
    eligible: level < 3
    levers: {loan_rate: market_rate - 3 %/year}
    budget: {loan: {amount: 2000e9 VND}}
facts: {market_rate: 7 %/year}
```

`from` names the variant that it begins with; without it, it begins with the programme itself. `facts` are supposed to
have these values for certain, in every scenario of a run, the baseline too.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from haidang.errors import HaidangError, Place
from haidang.facts import Reader, parse_yaml, suppose_facts
from haidang.facts.reader import spelling
from haidang.packs.load import Pack
from haidang.programmes import Programme, ProgrammeFile, amend_programme, programme_mistakes

KEYS = ("design", "title", "programme", "from", "changes", "facts")
ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
LONGEST_ID = 80
RESERVED = ("baseline", "optimal")
MOST_DESIGNS = 6
_EMPTY = Reader(parse_yaml("{}", ""), "")


class DesignFileError(HaidangError):
    """A design that is not one, or that cannot stand beside the others of a run."""


@dataclass(frozen=True, slots=True)
class Design:
    """A design as stated.

    Args:
        id: the scenario that it is in a run.
        title: in both languages.
        programme: the id of the programme.
        origin: the variant that it begins with; none for the programme itself.
        changes: by instrument, what is changed.
        facts: by fact, the value that it is supposed to have.
        digest: SHA-256 of the text.
        place: where it stands.
    """

    id: str
    title: Mapping[str, str]
    programme: str
    origin: str | None
    changes: Reader
    facts: Reader
    digest: str
    place: Place

    @property
    def supposed(self) -> Mapping[str, str]:
        """The supposed values as written, by fact, sorted."""
        return {name: self.facts.text(name) for name in sorted(self.facts.keys)}


def read_design(path: Path) -> Design:
    """The design of a file.

    Raises:
        HaidangError: the first mistake that the file alone shows.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "bytes that are no text"
        raise DesignFileError(f"expected the file of a design, found: {reason}", Place(str(path))) from error
    return parse_design(text, str(path))


def parse_design(text: str, path: str) -> Design:
    """The design of a text; `path` is what errors name.

    Raises:
        HaidangError: the first mistake that the text alone shows.
    """
    reader = Reader(parse_yaml(text, path), path)
    reader.forbid_unknown(KEYS)
    name = reader.text("design")
    if ID.fullmatch(name) is None or len(name) > LONGEST_ID or name in RESERVED:
        hint = "an id has small letters, digits and single hyphens"
        raise DesignFileError(
            f"expected an id such as 'cheaper-loans', found '{name[:80]}'", reader.place("design"), hint
        )
    return Design(
        id=name,
        title=reader.title(),
        programme=reader.text("programme"),
        origin=reader.text_or("from", None),
        changes=reader.child_or("changes", None) or _EMPTY,
        facts=reader.child_or("facts", None) or _EMPTY,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        place=reader.place("design"),
    )


def write_design(
    name: str,
    title: Mapping[str, str],
    programme: str,
    origin: str | None,
    changes: Mapping[str, Mapping[str, object]],
    facts: Mapping[str, str],
) -> str:
    """A design as a file that `parse_design` reads. Nothing is checked here.

    Args:
        name: its id.
        title: in both languages.
        programme: the id of the programme.
        origin: the variant that it begins with.
        changes: by instrument, what is changed: texts, and mappings of texts.
        facts: by fact, the value that it is supposed to have.
    """
    whole: dict[str, object] = {
        "design": name,
        "title": {language: title[language] for language in ("vi", "en")},
        "programme": programme,
        **({} if origin is None else {"from": origin}),
        **({"changes": changes} if changes else {}),
        **({"facts": dict(sorted(facts.items()))} if facts else {}),
    }
    return "".join(f"{line}\n" for line in _lines(whole, 0))


def _lines(entries: Mapping[str, object], depth: int) -> Iterator[str]:
    """Mappings as indented lines; every text in double quotes, as JSON writes it, which is YAML too."""
    for key, value in entries.items():
        indent = "  " * depth
        if isinstance(value, Mapping):
            yield f"{indent}{key}:"
            yield from _lines(cast(Mapping[str, object], value), depth + 1)
        else:
            yield f"{indent}{key}: {json.dumps(str(value), ensure_ascii=False)}"


def designed(pack: Pack, design: Design) -> Programme:
    """The programme that a design is.

    Args:
        pack: the pack, in which the design's facts are supposed already.
        design: the design.

    Raises:
        HaidangError: the first of `design_mistakes`.
    """
    for mistake in design_mistakes(pack, design):
        raise mistake
    return _amended(pack, design)


def design_mistakes(pack: Pack, design: Design) -> tuple[HaidangError, ...]:
    """What is wrong with a design beside its pack; empty where it can be run."""
    try:
        programme = _amended(pack, design)
        card = pack.model(programme.model).card
    except HaidangError as mistake:
        return (mistake,)
    return programme_mistakes(programme, card, pack.book)


def _amended(pack: Pack, design: Design) -> Programme:
    origin = origin_of(pack, design)
    amended = amend_programme(origin, design.changes, pack.book)
    return replace(amended, id=design.id, title=design.title, note=origin.note, place=design.place)


def origin_of(pack: Pack, design: Design) -> Programme:
    """The programme or the variant that a design begins with.

    Raises:
        HaidangError: the pack has none of that id.
    """
    file = pack.programme(design.programme)
    if design.id in {file.base.id, *file.variants}:
        problem = f"expected an id of its own, found that of '{file.base.id}' or of a variant, '{design.id}'"
        raise DesignFileError(problem, design.place)
    if design.origin is None:
        return file.base
    if design.origin not in file.variants:
        place = Place(design.place.path, design.place.line, "from")
        problem = f"expected a variant of '{design.programme}', found '{design.origin}'"
        raise DesignFileError(problem, place, spelling(design.origin, file.variants))
    return file.variants[design.origin]


def supposing(pack: Pack, designs: Sequence[Design]) -> Pack:
    """The pack in which the facts that designs suppose have these values.

    Raises:
        HaidangError: a fact that cannot be supposed, or designs of one run that suppose different things.
    """
    if not designs:
        return pack
    first = designs[0]
    for other in designs[1:]:
        if other.supposed != first.supposed:
            problem = f"expected designs that suppose the same facts in one run, found '{other.id}' beside '{first.id}'"
            raise DesignFileError(problem, other.place)
    if not first.facts.keys:
        return pack
    reason = {
        "vi": f"Đặt cố định trong thiết kế “{first.title['vi']}”.",
        "en": f"Held fixed in the design “{first.title['en']}”.",
    }
    return pack.with_book(suppose_facts(pack.book, first.facts, reason))


def standing_in(pack: Pack, design: Design) -> Pack:
    """The pack in which a design stands in place of its programme: for what takes a programme by name.

    Raises:
        HaidangError: the design cannot be run.
    """
    supposed = supposing(pack, [design])
    found = replace(designed(supposed, design), id=design.programme)
    own = replace(supposed)
    vars(own)["programmes"] = {**supposed.programmes, design.programme: ProgrammeFile(found, {})}
    return own


def refuse_mixed(designs: Sequence[Design], programme: str) -> None:
    """See that designs can stand in one run of a programme.

    Raises:
        DesignFileError: one is of another programme, two have one id, or there are too many.
    """
    if len(designs) > MOST_DESIGNS:
        raise DesignFileError(f"expected at most {MOST_DESIGNS} designs in a run, found {len(designs)}")
    seen: set[str] = set()
    for one in designs:
        if one.programme != programme:
            place = Place(one.place.path, one.place.line, "programme")
            raise DesignFileError(f"expected a design of '{programme}', found one of '{one.programme}'", place)
        if one.id in seen:
            raise DesignFileError(f"expected each design once, found '{one.id}' twice", one.place)
        seen.add(one.id)
