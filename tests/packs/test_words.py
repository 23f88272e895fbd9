"""What the city's facts say stands in Vietnamese and in English, and says the same numbers."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from haidang.facts import Claim, FactBook
from haidang.packs import find_pack

NUMERAL = re.compile(r"[0-9](?:[0-9.,]*[0-9])?")
CODE = re.compile(r"ARC [0-9.]+(?:(?:-|, | and | và )[0-9.]+)*")
NEUTRAL = re.compile(r"(100 % - )?[a-z0-9_]+(, n = [0-9]+)?")


@pytest.fixture(scope="module")
def claims() -> dict[str, Claim]:
    """What stands behind every number of the pack, rivals too, by its place."""
    book = FactBook.load(find_pack("hcmc"))
    found = {str(fact.where): fact.claim for fact in book.facts.values()}
    return found | {str(rival.where): rival.claim for fact in book.facts.values() for rival in fact.rivals}


def pairs(claims: dict[str, Claim]) -> Iterator[tuple[str, str, str]]:
    """Where, in Vietnamese, in English."""
    for where, claim in claims.items():
        for words in (claim.assumption, claim.note):
            if words is not None:
                assert not isinstance(words, str), where
                yield where, words["vi"], words["en"]


def numerals(text: str, separators: str) -> Counter[str]:
    """The numbers with these marks for decimals and thousands written as `.,` are in English; codes are left out."""
    return Counter(found.translate(str.maketrans(separators, ".,")) for found in NUMERAL.findall(CODE.sub("", text)))


def test_every_reason_and_every_note_stands_in_both_languages(claims: dict[str, Claim]) -> None:
    found = list(pairs(claims))
    assert len(found) > 150
    # Two letters that English does not have tell that the Vietnamese text is not the English one once more.
    assert [where for where, vi, en in found if vi == en or len(set(re.findall("[^ -~“”]", vi))) < 2] == []


def test_places_in_a_source_stand_in_both_languages_unless_they_are_codes(claims: dict[str, Claim]) -> None:
    plain = [claim.passage for claim in claims.values() if isinstance(claim.passage, str)]
    assert [passage for passage in plain if not NEUTRAL.fullmatch(passage)] == []


def test_the_vietnamese_text_has_every_number_of_the_english_one_with_a_decimal_comma(claims: dict[str, Claim]) -> None:
    # The Vietnamese may hold more: it writes months as numbers.
    lost = {where: numerals(en, ".,") - numerals(vi, ",.") for where, vi, en in pairs(claims)}
    assert {where: numbers for where, numbers in lost.items() if numbers} == {}
