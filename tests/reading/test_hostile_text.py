"""Texts made to keep the reader busy: finding claims ends, in time that grows no faster than the text."""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.reading import Document, DocumentError, Draft, Quantity, RuleExtractor, Span, claims, link, load_rules

RULES = load_rules()


def drafts(text: str, language: str = "vi") -> tuple[Draft, ...]:
    """The drafts of a text."""
    return RuleExtractor(RULES)(Document("a.txt", text, language, None, date(2025, 12, 9), None, ""), 1)


def steps(work: Callable[[], object]) -> int:
    """How many Python functions a work enters: a clock that no load of the machine moves."""
    count = 0

    def enter(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(enter)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


# A pattern that goes back over what it read would take minutes for the shorter ones and hours for the megabyte.
@pytest.mark.parametrize(("piece", "letters"), [("1", 250_000), ("(", 250_000), ("cam kết ", 1_000_000)])
def test_a_long_text_of_one_thing_ends_without_a_claim(piece: str, letters: int) -> None:
    assert drafts(piece * (letters // len(piece))) == ()


@pytest.mark.parametrize("piece", ["Công ty ", "sẽ ", "; ", "\n", " ", "9.", "từ ", "1 ", "Nghị quyết "])
def test_many_of_one_thing_end_without_a_claim(piece: str) -> None:
    assert drafts(piece * (40_000 // len(piece))) == ()


@pytest.mark.parametrize("piece", ["5 dự án ", "1 và ", "hạng 1 ", "tháng 1 ", "2025 ", "1-", "Nghị quyết 1/", "$1 "])
def test_twice_the_text_is_twice_the_work(piece: str) -> None:
    text = piece * (3_000 // len(piece))
    drafts(text)
    once, twice = steps(lambda: drafts(text)), steps(lambda: drafts(text * 2))
    assert twice < 2.5 * once + 1000


def test_a_text_of_nothing_but_numbers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "MOST_CLAIMS", 500)
    with pytest.raises(DocumentError, match=r"a\.txt: expected prose with at most 500 claims, found more"):
        drafts("5 dự án. " * 600)


def test_many_drafts_of_one_bound_are_linked_in_linear_work() -> None:
    span = Span(0, 1, "5")
    one = Draft("", 1, "target", "trạm sạc", (), Quantity(5, 5, "stations"), None, None, (), span, span)

    def linked(count: int) -> None:
        link([replace(one, id=str(place)) for place in range(count)], RULES)

    linked(10)
    assert steps(lambda: linked(600)) < 3.0 * steps(lambda: linked(300))


@given(
    st.text('0123456789.,;-–/%$()\n "“”tỷđồngUSDtừđếnhơnTopsẽcamkếtNghịquyếtHCM', max_size=120),
    st.sampled_from(["vi", "en"]),
)
def test_any_text_is_read_without_an_error_and_every_span_is_what_stands_there(text: str, language: str) -> None:
    for one in drafts(text, language):
        assert text[one.span.start : one.span.end] == one.span.text
        assert one.sentence.start <= one.span.start
        assert one.span.end <= one.sentence.end
