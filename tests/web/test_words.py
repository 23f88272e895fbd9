"""The two languages say the same things."""

import ast
import re
from pathlib import Path

import pytest

from haidang.web.words import LANGUAGES, words


def test_both_languages_have_the_same_keys() -> None:
    assert words("vi").texts.keys() == words("en").texts.keys()


@pytest.mark.parametrize("key", sorted(words("en").texts))
def test_both_languages_fill_in_the_same_values(key: str) -> None:
    holes = [set(re.findall(r"\{(\w+)\}", words(language).texts[key])) for language in LANGUAGES]
    assert holes[0] == holes[1]
    assert all(words(language).texts[key].strip() for language in LANGUAGES)


def test_every_deed_that_the_log_may_hold_has_words(root: Path) -> None:
    deeds: set[str] = {"city.run.published", "city.run.taken_back"}
    for file in (root / "src" / "haidang" / "web").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "note":
                said = (each.value for each in ast.walk(node.args[1]) if isinstance(each, ast.Constant))
                deeds |= {each for each in said if isinstance(each, str) and each.count(".") == 2}
    assert len(deeds) > 10
    assert {f"deed.{deed}" for deed in deeds} - words("vi").texts.keys() == set()
