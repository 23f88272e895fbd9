"""The rules as patterns, made once for each set of rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from haidang.reading.draft import Qualifier
from haidang.reading.numbers import NUMERAL
from haidang.reading.rules import Rules, alternatives

__all__ = ["Patterns", "patterns_of"]

_SIGNS = ("$", "US$", "S$", "A$", "€", "¥", "£", "₫", "USD", "VND", "VNĐ", "EUR", "GBP", "SGD", "JPY")


_AGES = ("năm", "tháng", "thế kỷ", "ngày", "giờ", "tiếng", "year", "day", "century", "dozen", "hour", "mile")
"""What half of which is a length and no share."""
LETTER = r"(?=[^\W\d_])"
"""In front of many words, what lets a place without a letter fail at once."""
GLUED = r"(?:(?<!\w)|(?<=[^\W\d_])(?=khoảng|xấp\s))"
"""In front of a qualifier no letter stands, but where it ends no other word: a page may have lost the space."""
MEASURED = frozenset(("km", "ha", "m", "mw", "gw", "kwp", "kv", "mva"))
"""Short signs of units that a hyphen may join to a number: `14.7-km`."""
LONGEST_DIGIT = 4
"""Letters of the longest Vietnamese ordinal."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """The rules as patterns; `words` are the numbers in words, tens joined with ones."""

    words: Mapping[str, float]
    bare: Mapping[str, float]
    amount: re.Pattern[str]
    begins: re.Pattern[str]
    multiplier: re.Pattern[str]
    hundreds: re.Pattern[str]
    more: re.Pattern[str]
    half: re.Pattern[str]
    letter: re.Pattern[str]
    spelled: re.Pattern[str]
    part_of: re.Pattern[str]
    changed: re.Pattern[str]
    dated: re.Pattern[str]
    one_in: re.Pattern[str]
    unit: re.Pattern[str]
    units: Mapping[str, str]
    any_unit: re.Pattern[str]
    counted: frozenset[str]
    several: Mapping[str, tuple[tuple[str, re.Pattern[str]], ...]]
    hyphened: re.Pattern[str]
    singular: Mapping[str, str]
    bare_share: re.Pattern[str]
    in_words: re.Pattern[str]
    amounts_to: re.Pattern[str]
    number_of: re.Pattern[str]
    label_counts: re.Pattern[str]
    number_lead: re.Pattern[str]
    respectively: re.Pattern[str]
    leads: tuple[tuple[str, re.Pattern[str]], ...]
    stand_for: tuple[tuple[str, re.Pattern[str]], ...]
    fate: re.Pattern[str]
    index: re.Pattern[str]
    again: re.Pattern[str]
    measured_by: re.Pattern[str]
    range_sign: re.Pattern[str]
    out_of: re.Pattern[str]
    before: tuple[tuple[Qualifier, re.Pattern[str]], ...]
    after: tuple[tuple[Qualifier, re.Pattern[str]], ...]
    compared: re.Pattern[str]
    raised: re.Pattern[str]
    capped: re.Pattern[str]
    rank: re.Pattern[str]
    top: re.Pattern[str]
    top_group: re.Pattern[str]
    ranked: re.Pattern[str]
    risen: re.Pattern[str]
    placed: re.Pattern[str]
    series: re.Pattern[str]
    counting: re.Pattern[str]
    ordinal: re.Pattern[str]
    first: re.Pattern[str]
    among: tuple[tuple[str, re.Pattern[str]], ...]
    label: re.Pattern[str]
    no_label: re.Pattern[str]
    idiom: re.Pattern[str]
    trifle: re.Pattern[str]
    pointed: re.Pattern[str]
    pointing: re.Pattern[str]
    not_five: re.Pattern[str]
    sign: re.Pattern[str]
    whole: tuple[tuple[str, re.Pattern[str]], ...]
    per: tuple[tuple[str, re.Pattern[str]], ...]
    each: re.Pattern[str]


@lru_cache(maxsize=8)
def patterns_of(rules: Rules) -> Patterns:
    """The patterns of a set of rules."""
    between = rf"(?:\s+(?:{alternatives(rules.between)}))?"
    spellings = {one.casefold(): unit.name for unit in rules.units.values() for one in unit.spellings}
    spellings |= {one.casefold(): one for one in rules.several}
    # A sign ends a unit by itself; a word must end where the unit does.
    wordy = [one for one in spellings if one[0].isalpha() and (one[-1].isalnum() or one[-1] in "²³₂")]
    signed = [one for one in spellings if one not in wordy and len(one) > 1]
    single = alternatives((*rules.words, *rules.halves))
    words = rf"(?:{alternatives(rules.tens)})(?:[\s-]+(?:{alternatives(rules.ones)}))?|{single}"
    adjectives = r"(?:[a-z-]+\s+){0,3}?"
    few = rf"\d{{1,3}}|{single}"
    wholes = [one for words in rules.whole.values() for one in words]
    singular = {one.removesuffix("s"): name for one, name in spellings.items() if one.isascii() and len(one) > 3}
    singular |= {one: name for one, name in spellings.items() if one.isascii() and one.isalpha() and one in MEASURED}
    qualifiers = [one for words in rules.before.values() for one in words]
    changes = [one for words in rules.change.values() for one in words]
    peers = [one for words in rules.among.values() for one in words]
    lead = rf"(?:{alternatives(rules.rank)})(?:\s+thứ)?\s+"
    return Patterns(
        words=_words(rules),
        bare=rules.bare,
        amount=_any(rf"(?:{NUMERAL})|(?<!\w)(?=[^\W\d_])(?:{words})(?!\w)"),
        begins=_any(rf"(?:{NUMERAL})|(?<!\w)(?=[^\W\d_])(?:(?:{words})|(?P<bare>{alternatives(rules.bare)}))(?!\w)"),
        multiplier=_any(rf"(?:\s*|-)(?:{alternatives(rules.multipliers)})(?!\w)"),
        # Behind hundreds `năm` is a year as often as five, so only `năm mươi` is taken in.
        hundreds=_any(
            rf"\s+(?:trăm|hundred)(?:(?:\s+(?:{alternatives(rules.joints)}))?\s+(?!năm(?!\s+mươi))"
            rf"(?P<small>{words}))?(?!\w)"
        ),
        more=_any(rf"\s+(?:(?P<digits>\d{{1,3}})(?=\s)|(?P<words>{words})(?=\s))"),
        half=_any(r"\s+(?:rưỡi|and\s+a\s+half)(?!\w)"),
        letter=_any(rf"(?P<letter>{alternatives(rules.money_letters)})(?!\w)"),
        spelled=_any(rf"\s*\((?:{words})\)"),
        part_of=_any(rf"\s+(?:{alternatives((*rules.parts_of, *wholes))})(?!\w)"),
        changed=_any(
            rf"(?<!\w)(?:{alternatives(changes)})"
            rf"(?:\s+(?:by|đi|thêm|được))?(?:\s+(?:{alternatives(qualifiers)}))?\s*$"
        ),
        dated=_left(rules.dated, r"\s*"),
        one_in=_any(
            rf"(?<!\w)(?:(?P<lead>cứ)(?:\s+mỗi)?\s+(?P<first>{few})(?:\s+[^\W\d_]+){{1,5}}?\s*,?"
            rf"(?:\s+(?:thì|lại|sẽ|có))+\s+(?P<second>{few})|"
            rf"(?<![/.,])(?P<part>{few})(?:\s+[a-z]+(?=\s+in\s+every\s))?\s+(?P<joint>in|out\s+of|trong|trên)(?:\s+(?:every|mỗi|số))?\s+(?P<whole>{few}))(?![\w/]|[.,]\d)"
        ),
        unit=_any(
            rf"\s*(?:(?P<signed>{alternatives(signed)})|(?P<sign>%|\$|€|¥|£|₫)|"
            rf"{LETTER}(?P<word>(?:{alternatives(wordy)})(?!\w)))"
        ),
        units=spellings,
        any_unit=_any(rf"(?<!\w){LETTER}(?P<word>{alternatives(wordy)})(?!\w)"),
        counted=frozenset((*rules.several, *(unit.name for unit in rules.units.values() if unit.counted))),
        several={
            word: tuple((unit, _any(rf"(?<!\w)(?:{alternatives(words)})(?!\w)")) for unit, words in senses.items())
            for word, senses in rules.several.items()
        },
        hyphened=_any(rf"-(?P<unit>{alternatives(singular)})(?![\w])"),
        singular=singular,
        bare_share=_any(
            rf"(?<!\w)(?:{alternatives(qualifiers)})\s+(?P<share>{alternatives(rules.bare_shares)})"
            rf"(?!\w|\s+(?:an?|of\s+an?|time|party|of|{alternatives((*rules.multipliers, *_AGES))})(?!\w))"
        ),
        in_words=_any(
            rf"(?<!\w)(?:{alternatives((*rules.multiples, *rules.shares, *rules.figures))})"
            r"(?!\w|(?<=half)\s+an?\s|(?<=of)\s+an?\s|(?<=quarter)\s+of\s+a\s)"
        ),
        amounts_to=_any(
            rf"(?<!\w){_open((*rules.amount_to, *qualifiers))}(?:{alternatives((*rules.amount_to, *qualifiers))})\s*$"
        ),
        number_of=_any(
            rf"(?<!\w)(?:{alternatives(rules.number_of)})\s+{adjectives}(?P<unit>{alternatives(wordy)})(?!\w)[^,;.:()]*?"
            rf"(?<!\w)(?:{alternatives((*rules.amount_to, *changes))})(?:\s+(?:{alternatives(qualifiers)}))?\s*$"
        ),
        label_counts=_any(rf"(?:{alternatives(rules.number_of)})\s+(?P<unit>{alternatives(wordy)})(?!\w)"),
        number_lead=_any(r"number\s+of\s+(?P<noun>[a-z]+s)(?!\w)"),
        respectively=_any(rf"(?<!\w)(?:{alternatives(rules.respectively)})(?!\w)"),
        leads=tuple((name, _left(words, r"\s*")) for name, words in rules.leads.items()),
        stand_for=tuple(
            (name, _any(rf"(?<!\w)(?:{alternatives(words)})(?!\w)")) for name, words in rules.stand_for.items()
        ),
        fate=_any(rf"\s+(?:(?:were|was|others|khác)\s+)?(?:{alternatives(rules.fates)})(?!\w)"),
        index=_any(rf"(?<!\w)(?:{alternatives(rules.indices)})(?!\w)"),
        again=_left(rules.again, r"\s*"),
        measured_by=_any(
            rf"(?:(?<!\w)(?:{alternatives(rules.again)})(?:\s+\w+){{0,2}}|"
            r"(?:\d\s*%|per\s?cent)(?:\s+(?:của|of))?(?:\s+\w+){0,2})\s+$"
        ),
        range_sign=_any(rf"\s*(?:{alternatives(rules.range_words)})\s*"),
        out_of=_any(rf"\s+(?:{alternatives(rules.out_of)})\s+(?:\w+['’]s\s+)?"),
        before=tuple(
            (cast("Qualifier", name), _any(rf"{GLUED}{_open(words)}(?P<said>{alternatives(words)}){between}\s*$"))
            for name, words in rules.before.items()
        ),
        after=tuple((cast("Qualifier", name), _right(words)) for name, words in rules.after.items()),
        compared=_left(rules.compared, r"\s*"),
        raised=_left(rules.raised, r"\s*"),
        capped=_any(rf"(?<!\w)(?:{alternatives(rules.capped)})\s+(?P<said>đến\s*)$"),
        rank=_left(rules.rank, r"(?:\s+(?:thứ|số))?[\s:]*"),
        top=_left(rules.top, r"[\s-]*"),
        top_group=_left(rules.top_group, r"\s*"),
        ranked=_right(rules.ranked),
        risen=_left(rules.risen, r"(?:\s+the)?\s*"),
        placed=_any(rf"(?:st|nd|rd|th)?\s+(?:{alternatives((*rules.placed, *rules.superlatives))})(?!\w)"),
        series=_left(("thứ",), r"\s+"),
        counting=_left(rules.counting, r"\s*"),
        ordinal=_any(
            rf"(?<!\w)(?:{lead}(?P<behind>{alternatives(rules.ordinals)})|"
            rf"(?P<before>{alternatives(rules.ordinals)})[\s-](?:{alternatives(rules.superlatives)})|"
            rf"(?P<placed>{alternatives(one for one in rules.ordinals if one.isascii() and len(one) > LONGEST_DIGIT)})"
            rf"(?=\s+(?:among|{alternatives(rules.placed)})(?!\w))|"
            rf"(?<!lần\s)thứ\s+(?P<series>{alternatives(rules.ordinals)})(?=\s+(?:{alternatives(rules.placed)})(?!\w)))"
            rf"(?!\w)"
        ),
        first=_any(
            rf"(?<!\w)(?:{alternatives(rules.first)}|"
            rf"(?:{alternatives((*peers, 'country'))})['’]s\s+(?:current\s+)?(?:{alternatives(rules.superlatives)})|"
            rf"(?:{alternatives(rules.leading)})(?=(?:\s+\w+){{0,4}}?\s+(?:{alternatives(peers)})))(?!\w)"
        ),
        among=tuple((name, _any(rf"(?<!\w)(?:{alternatives(words)})(?!\w)")) for name, words in rules.among.items()),
        label=_left(rules.labels, r"[\s.]*"),
        no_label=_left(rules.no_labels, r"\s*"),
        idiom=_any(rf"(?:{alternatives(rules.idioms)})(?!\w)"),
        trifle=_right(rules.trifles),
        pointed=_any(
            rf"(?!\s+(?:{alternatives(rules.apart)})\s+này)(?:(?:\s+[^\W\d_]+){{0,2}}\s+này|\s+(?:{alternatives(rules.pointed)}))(?!\w)"
        ),
        pointing=_left(rules.pointing, r"\s*"),
        not_five=_left(rules.not_five, r"\s*"),
        sign=re.compile(rf"(?<!\w)(?P<sign>{alternatives(_SIGNS)})\s*$"),
        whole=tuple(
            (
                name,
                _any(
                    rf"\s*(?:(?:of|so với|của)\s+(?:\w+\s+)?(?:\w+['’]s\s+)?)?(?:{alternatives(words)})(?!\w|\s+to\s)"
                ),
            )
            for name, words in rules.whole.items()
        ),
        # `a year ago` is no rate.
        per=tuple(
            (name, _any(rf"\s*(?:{alternatives(words)})(?!\w|\s+(?:ago|earlier|later|before|after|on)(?!\w))"))
            for name, words in rules.per.items()
        ),
        each=_any(
            rf"(?:/|\s+(?:per|mỗi|một)\s+)(?:(?P<word>{alternatives(wordy)})|(?P<one>{alternatives(singular)}))(?!\w)"
        ),
    )


def _any(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _right(words: Iterable[str]) -> re.Pattern[str]:
    """Any of the words, right behind a place."""
    return _any(rf"\s*(?:{alternatives(words)})(?!\w)")


def _open(words: Iterable[str]) -> str:
    """What lets a place without a letter fail at once, where every word begins with one."""
    return LETTER if all(one[:1].isalpha() for one in words) else ""


def _left(words: Iterable[str], between: str) -> re.Pattern[str]:
    """Any of the words, at the end of a text."""
    return _any(rf"(?<!\w){_open(words)}(?:{alternatives(words)}){between}$")


def _words(rules: Rules) -> Mapping[str, float]:
    """Numbers in words: those of the rules, and tens with ones, `hai mươi lăm`, `twenty-five`."""
    joined = {
        f"{ten}{between}{one}": value + more
        for ten, value in rules.tens.items()
        for one, more in rules.ones.items()
        for between in (" ", "-")
    }
    return {**rules.words, **dict.fromkeys(rules.halves, 0.5), **rules.tens, **joined}
