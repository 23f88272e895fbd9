"""The id of a design in files and runs, from its name."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from haidang.web.lab.slug import slug_of


@given(st.text(max_size=80), st.integers(1, 10**6))
def test_every_name_gives_an_id_that_a_file_may_have(name: str, number: int) -> None:
    from haidang.packs.design_file import ID, LONGEST_ID

    found = slug_of(name, number)
    assert ID.fullmatch(found)
    assert len(found) <= LONGEST_ID
    assert found.endswith(f"-{number}")


def test_a_vietnamese_name_is_read_in_its_id() -> None:
    assert slug_of("Đường dài, vé rẻ", 7) == "duong-dai-ve-re-7"
