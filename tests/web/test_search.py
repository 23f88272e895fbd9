"""Names as people type them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.web.search import folded

VIETNAMESE = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ 0123"


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Đông Á", "dong a"), ("ĐỨC LỢI", "duc loi"), ("An Phú (2)", "an phu (2)"), ("Straße", "strasse"), ("", "")],
)
def test_a_name_is_held_against_what_is_typed_without_capitals_and_accents(text: str, plain: str) -> None:
    assert folded(text) == plain


def test_every_letter_of_vietnamese_is_a_letter_of_the_typewriter() -> None:
    assert folded(VIETNAMESE.upper()) == folded(VIETNAMESE)
    assert folded(VIETNAMESE).isascii()


@given(st.text(st.characters(max_codepoint=0x1EFF), max_size=40))
def test_it_is_the_same_however_a_letter_is_written(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert folded(unicodedata.normalize("NFC", text)) == folded(unicodedata.normalize("NFD", text)) == folded(text)
