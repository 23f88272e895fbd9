"""Cells of too few units: hidden, also where one could be worked out from the others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from haidang.web.lab.groups import FEWEST, hidden
from haidang.web.lab.slug import slug_of


def test_a_lone_small_cell_takes_the_next_smallest_with_it() -> None:
    assert hidden([3, 40, 7, 100]) == {0, 2}
    assert hidden([40, 7, 100]) == frozenset()
    assert hidden([3, 4, 100]) == {0, 1}
    assert hidden([0, 3, 100]) == {1, 2}


@given(st.lists(st.integers(0, 30), min_size=2, max_size=8))
def test_no_small_cell_is_shown_and_none_is_hidden_alone_beside_others(counts: list[int]) -> None:
    found = hidden(counts)
    assert all(at in found for at, count in enumerate(counts) if 0 < count < FEWEST)
    others = [count for at, count in enumerate(counts) if count and at not in found]
    assert len(found) != 1 or not others


@given(st.text(max_size=80), st.integers(1, 10**6))
def test_every_name_gives_an_id_that_a_file_may_have(name: str, number: int) -> None:
    from haidang.packs.design_file import ID, LONGEST_ID

    found = slug_of(name, number)
    assert ID.fullmatch(found)
    assert len(found) <= LONGEST_ID
    assert found.endswith(f"-{number}")


def test_a_vietnamese_name_is_read_in_its_id() -> None:
    assert slug_of("Đường dài, vé rẻ", 7) == "duong-dai-ve-re-7"
