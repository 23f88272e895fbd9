"""What the reader looks for, read from YAML: units, qualifiers, kinds of claim, organisations, what is left out.

An office extends the shipped files by a folder of its own with files of the same names: its units, organisations and
multipliers are added or replace those of the same key, and its lists of words are joined to the shipped ones. Words
are taken literally, never as patterns, so no rule can make reading slow.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TypeVar
from unicodedata import normalize

from haidang.errors import HaidangError, Place, did_you_mean
from haidang.facts import Reader, WrongValueError, parse_yaml, read_yaml

__all__ = ["KINDS", "Rules", "RulesError", "Unit", "alternatives", "load_rules", "words_pattern"]

KEYS = {
    "units": (
        "units", "multipliers", "money_where_silent", "whole", "per", "words", "tens", "ones", "multiples", "shares",
        "bare_shares",
        "number_of", "amount_to", "again", "money_per", "money_letters", "joints", "halves", "figures", "parts_of",
        "bare", "populations", "respectively", "leads", "indices", "stand_for", "fates", "several",
    ),
    "qualifiers": (
        "before", "after", "compared", "raised", "capped", "between", "rank", "top", "ordinals", "superlatives",
        "leading", "first", "among", "range", "out_of", "top_group", "ranked", "risen", "placed", "counting",
        "grounds",
    ),
    "kinds": (
        "kinds", "without_number", "items", "will", "tenses", "acts", "unsaid", "nouned", "talk", "listening",
        "recently", "occasions", "stating", "silent", "decisions", "status", "change", "verbs", "openers",
        "going_on",
    ),
    "organisations": (
        "organisations", "heads", "name_words", "places", "tails", "not_names", "titles", "speakers", "saying",
        "published", "scopes",
    ),
    "leave_out": (
        "paragraphs", "captions", "end", "market", "no_market", "labels", "no_labels", "stops", "idioms", "trifles",
        "pointed", "apart", "pointing", "not_five", "dated",
    ),
    "concepts": ("concepts",),
}  # fmt: skip
"""What each file may hold."""
FILES = tuple(KEYS)
KINDS = ("proposal", "target", "commitment", "event", "indicator")
QUALIFIERS = ("about", "nearly", "more_than", "at_least", "at_most")

T = TypeVar("T")
Lists = Mapping[str, tuple[str, ...]]


class RulesError(HaidangError):
    """A folder of rules that cannot be used."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure.

    Args:
        name: as it stands in the drafts.
        spellings: as documents write it.
        counted: whether it counts whole things.
    """

    name: str
    spellings: tuple[str, ...]
    counted: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that the rules say, in the order of the files; what the office added comes last."""

    units: Mapping[str, Unit]
    several: Mapping[str, Lists]
    multipliers: Mapping[str, float]
    money_where_silent: Mapping[str, str]
    whole: Lists
    per: Lists
    words: Mapping[str, float]
    tens: Mapping[str, float]
    ones: Mapping[str, float]
    multiples: Mapping[str, float]
    shares: Mapping[str, float]
    bare_shares: Mapping[str, float]
    number_of: tuple[str, ...]
    amount_to: tuple[str, ...]
    again: tuple[str, ...]
    money_per: Mapping[str, str]
    money_letters: Mapping[str, float]
    joints: tuple[str, ...]
    halves: tuple[str, ...]
    figures: Mapping[str, float]
    parts_of: tuple[str, ...]
    bare: Mapping[str, float]
    populations: tuple[str, ...]
    respectively: tuple[str, ...]
    leads: Lists
    stand_for: Lists
    fates: tuple[str, ...]
    indices: tuple[str, ...]
    before: Lists
    after: Lists
    compared: tuple[str, ...]
    raised: tuple[str, ...]
    capped: tuple[str, ...]
    between: tuple[str, ...]
    rank: tuple[str, ...]
    top: tuple[str, ...]
    top_group: tuple[str, ...]
    ranked: tuple[str, ...]
    risen: tuple[str, ...]
    placed: tuple[str, ...]
    counting: tuple[str, ...]
    grounds: tuple[str, ...]
    ordinals: Mapping[str, float]
    superlatives: tuple[str, ...]
    leading: tuple[str, ...]
    first: tuple[str, ...]
    among: Lists
    range_words: tuple[str, ...]
    out_of: tuple[str, ...]
    kinds: Lists
    without_number: Lists
    items: tuple[str, ...]
    will: tuple[str, ...]
    tenses: Lists
    acts: tuple[str, ...]
    unsaid: tuple[str, ...]
    nouned: tuple[str, ...]
    talk: tuple[str, ...]
    listening: tuple[str, ...]
    recently: tuple[str, ...]
    occasions: tuple[str, ...]
    stating: Lists
    silent: tuple[str, ...]
    decisions: tuple[str, ...]
    status: Lists
    change: Lists
    verbs: tuple[str, ...]
    openers: tuple[str, ...]
    going_on: tuple[str, ...]
    organisations: Lists
    heads: tuple[str, ...]
    name_words: tuple[str, ...]
    places: tuple[str, ...]
    tails: tuple[str, ...]
    not_names: tuple[str, ...]
    titles: tuple[str, ...]
    speakers: tuple[str, ...]
    saying: tuple[str, ...]
    published: tuple[str, ...]
    scopes: Lists
    paragraphs: tuple[str, ...]
    captions: tuple[str, ...]
    end: tuple[str, ...]
    market: tuple[str, ...]
    no_market: tuple[str, ...]
    labels: tuple[str, ...]
    no_labels: tuple[str, ...]
    stops: tuple[str, ...]
    idioms: tuple[str, ...]
    trifles: tuple[str, ...]
    pointed: tuple[str, ...]
    apart: tuple[str, ...]
    pointing: tuple[str, ...]
    not_five: tuple[str, ...]
    dated: tuple[str, ...]
    concepts: Lists

    def __hash__(self) -> int:
        """By identity: compiled patterns are kept for each set of rules."""
        return id(self)

    def __eq__(self, other: object) -> bool:
        """By identity."""
        return self is other


def alternatives(words: Iterable[str]) -> str:
    """A pattern for any of the words, longest first, any run of spaces for a space."""
    ordered = sorted(set(words), key=lambda one: (-len(one), one))
    return "|".join(re.escape(one).replace(r"\ ", r"\s+") for one in ordered) or r"(?!)"


@lru_cache(maxsize=512)
def words_pattern(words: tuple[str, ...], cased: bool = False) -> re.Pattern[str]:
    """A pattern for any of the words, standing as whole words; case counts where `cased`."""
    return re.compile(rf"(?<!\w)(?:{alternatives(words)})(?!\w)", 0 if cased else re.IGNORECASE)


@lru_cache(maxsize=8)
def load_rules(folder: Path | None = None) -> Rules:
    """The shipped rules, extended by those of a folder.

    Raises:
        RulesError: the folder is none, or has a file of another name.
        HaidangError: a file is not as it should be; with file, line and key.
    """
    readers = {name: _readers(name, folder) for name in FILES}
    if folder is not None:
        _refuse_strangers(folder)
    units, qualifiers, kinds = readers["units"], readers["qualifiers"], readers["kinds"]
    names, left = readers["organisations"], readers["leave_out"]
    for name, keys in KEYS.items():
        _only(readers[name], keys)
    return Rules(
        units=_merged(units, "units", _unit),
        several={word: senses for one in units for word, senses in _several(one)},
        multipliers=_merged(units, "multipliers", _factor),
        money_where_silent=_merged(units, "money_where_silent", Reader.text),
        whole=_lists(units, "whole"),
        per=_lists(units, "per"),
        words=_merged(units, "words", _factor),
        tens=_merged(units, "tens", _factor),
        ones=_merged(units, "ones", _factor),
        multiples=_merged(units, "multiples", _factor),
        shares=_merged(units, "shares", _factor),
        bare_shares=_merged(units, "bare_shares", _factor),
        number_of=_list(units, "number_of"),
        amount_to=_list(units, "amount_to"),
        again=_list(units, "again"),
        money_per=_merged(units, "money_per", Reader.text),
        money_letters=_merged(units, "money_letters", _factor),
        joints=_list(units, "joints"),
        halves=_list(units, "halves"),
        figures=_merged(units, "figures", _factor),
        parts_of=_list(units, "parts_of"),
        bare=_merged(units, "bare", _factor),
        populations=_list(units, "populations"),
        respectively=_list(units, "respectively"),
        leads=_lists(units, "leads"),
        stand_for=_lists(units, "stand_for"),
        fates=_list(units, "fates"),
        indices=_list(units, "indices"),
        before=_lists(qualifiers, "before", QUALIFIERS),
        after=_lists(qualifiers, "after", QUALIFIERS),
        compared=_list(qualifiers, "compared"),
        raised=_list(qualifiers, "raised"),
        capped=_list(qualifiers, "capped"),
        between=_list(qualifiers, "between"),
        rank=_list(qualifiers, "rank"),
        top=_list(qualifiers, "top"),
        top_group=_list(qualifiers, "top_group"),
        ranked=_list(qualifiers, "ranked"),
        risen=_list(qualifiers, "risen"),
        placed=_list(qualifiers, "placed"),
        counting=_list(qualifiers, "counting"),
        grounds=_list(qualifiers, "grounds"),
        ordinals=_merged(qualifiers, "ordinals", _factor),
        superlatives=_list(qualifiers, "superlatives"),
        leading=_list(qualifiers, "leading"),
        first=_list(qualifiers, "first"),
        among=_lists(qualifiers, "among"),
        range_words=_list(qualifiers, "range"),
        out_of=_list(qualifiers, "out_of"),
        kinds=_lists(kinds, "kinds", KINDS),
        without_number=_lists(kinds, "without_number", KINDS),
        items=_list(kinds, "items"),
        will=_list(kinds, "will"),
        tenses=_lists(kinds, "tenses", KINDS),
        acts=_list(kinds, "acts"),
        unsaid=_list(kinds, "unsaid"),
        nouned=_list(kinds, "nouned"),
        talk=_list(kinds, "talk"),
        listening=_list(kinds, "listening"),
        recently=_list(kinds, "recently"),
        occasions=_list(kinds, "occasions"),
        stating=_lists(kinds, "stating", KINDS),
        silent=_list(kinds, "silent"),
        decisions=_list(kinds, "decisions"),
        status=_lists(kinds, "status"),
        change=_lists(kinds, "change", ("increase", "decrease")),
        verbs=_list(kinds, "verbs"),
        openers=_list(kinds, "openers"),
        going_on=_list(kinds, "going_on"),
        organisations=_lists(names, "organisations"),
        heads=_list(names, "heads"),
        name_words=_list(names, "name_words"),
        places=_list(names, "places"),
        tails=_list(names, "tails"),
        not_names=_list(names, "not_names"),
        titles=_list(names, "titles"),
        speakers=_list(names, "speakers"),
        saying=_list(names, "saying"),
        published=_list(names, "published"),
        scopes=_lists(names, "scopes", ("city_old", "city_new", "national")),
        paragraphs=_list(left, "paragraphs"),
        captions=_list(left, "captions"),
        end=_list(left, "end"),
        market=_list(left, "market"),
        no_market=_list(left, "no_market"),
        labels=_list(left, "labels"),
        no_labels=_list(left, "no_labels"),
        stops=_list(left, "stops"),
        idioms=_list(left, "idioms"),
        trifles=_list(left, "trifles"),
        pointed=_list(left, "pointed"),
        apart=_list(left, "apart"),
        pointing=_list(left, "pointing"),
        not_five=_list(left, "not_five"),
        dated=_list(left, "dated"),
        concepts=_lists(readers["concepts"], "concepts"),
    )


def _readers(name: str, folder: Path | None) -> list[Reader]:
    shipped = files("haidang.reading").joinpath("rules", f"{name}.yaml").read_text(encoding="utf-8")
    found = [Reader(parse_yaml(normalize("NFC", shipped), f"{name}.yaml"), f"{name}.yaml")]
    if folder is not None and (folder / f"{name}.yaml").exists():
        found.append(Reader(read_yaml(folder / f"{name}.yaml"), folder / f"{name}.yaml"))
    return found


def _refuse_strangers(folder: Path) -> None:
    if not folder.is_dir():
        raise RulesError("expected a folder of rules, found none", Place(str(folder)))
    known = [f"{name}.yaml" for name in FILES]
    held = sorted(path.name for path in folder.iterdir() if path.suffix in {".yaml", ".yml"})
    for name in held:
        if name not in known:
            raise RulesError(
                "expected a file of rules, found one of another name",
                Place(str(folder / name)),
                did_you_mean(name, known),
            )
    if not held:
        raise RulesError(f"expected one of {', '.join(known)}, found none of them", Place(str(folder)))


def _only(readers: list[Reader], keys: tuple[str, ...]) -> None:
    for reader in readers:
        reader.forbid_unknown(keys)


def _texts(reader: Reader, key: str) -> tuple[str, ...]:
    return tuple(normalize("NFC", one) for one in reader.texts(key))


def _list(readers: list[Reader], key: str) -> tuple[str, ...]:
    joined = (one for reader in readers if reader.optional(key) is not None for one in _texts(reader, key))
    return tuple(dict.fromkeys(joined))


def _lists(readers: list[Reader], key: str, known: tuple[str, ...] | None = None) -> Lists:
    found: dict[str, tuple[str, ...]] = {}
    for reader in readers:
        around = reader.child_or(key, None)
        if around is None:
            continue
        if known is not None:
            around.forbid_unknown(known)
        for name in around.keys:
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), *_texts(around, name))))
    return found


def _merged(readers: list[Reader], key: str, read: Callable[[Reader, str], T]) -> Mapping[str, T]:
    found: dict[str, T] = {}
    for reader in readers:
        around = reader.child_or(key, None)
        if around is not None:
            found |= {normalize("NFC", name): read(around, name) for name in around.keys}
    return found


def _unit(around: Reader, name: str) -> Unit:
    one = around.child(name)
    one.forbid_unknown(("spellings", "counted"))
    counted = one.flag("counted") if one.optional("counted") is not None else False
    return Unit(name, _texts(one, "spellings"), counted)


def _several(reader: Reader) -> Iterator[tuple[str, Lists]]:
    """The words that count different things, each with the words beside it that tell which."""
    for one in () if reader.optional("several") is None else reader.each("several"):
        one.forbid_unknown(("words", "senses"))
        senses = _lists([one], "senses")
        yield from ((word, senses) for word in _texts(one, "words"))


def _factor(around: Reader, name: str) -> float:
    value = around.number(name)
    if not (value > 0 and math.isfinite(value)):
        raise WrongValueError(f"expected a number above zero, found {value:g}", around.place(name))
    return value
