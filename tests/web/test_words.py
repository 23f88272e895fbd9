"""The two languages say the same things."""

import re

import pytest

from haidang.web.words import LANGUAGES, words


def test_both_languages_have_the_same_keys() -> None:
    assert words("vi").texts.keys() == words("en").texts.keys()


@pytest.mark.parametrize("key", sorted(words("en").texts))
def test_both_languages_fill_in_the_same_values(key: str) -> None:
    holes = [set(re.findall(r"\{(\w+)\}", words(language).texts[key])) for language in LANGUAGES]
    assert holes[0] == holes[1]
    assert all(words(language).texts[key].strip() for language in LANGUAGES)
