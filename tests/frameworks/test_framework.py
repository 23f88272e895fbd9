"""Reading frameworks: what is in a file is in the framework, and every mistake has its line, key and hint."""

from pathlib import Path

import pytest

from haidang.errors import HaidangError
from haidang.frameworks.framework import RightsError, forbid_licensed
from haidang.frameworks.read import find_framework, load_framework, parse_framework, shipped
from haidang.frameworks.write import framework_yaml
from tests.frameworks.small import YAML, small


def test_a_framework_holds_what_its_file_says() -> None:
    found = small()
    assert [one.id for one in found.areas] == ["process", "flow"]
    assert [one.id for one in found.capabilities] == ["standard-work", "quality", "visibility"]
    assert found.capability("standard-work").top == 3
    assert found.capability("quality").applies == {"sector": ("food", "metal")}
    assert found.areas[1].weight == 2.5
    assert found.criteria[0].question["vi"] == "Có P1-1 không?"
    assert found.crosswalks[0].target == "siri:Vertical Integration"
    assert found.top == 5


def test_writing_and_reading_again_gives_the_same_framework_and_the_same_text() -> None:
    text = framework_yaml(small())
    again = parse_framework(text, "again.yaml")
    assert again == small()
    assert framework_yaml(again) == text


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("kind: must", "kind: msut", "small.yaml:29: areas.process.capabilities.standard-work.criteria.P1-1.kind: "
         "expected one of must, should, found 'msut'; did you mean 'must'?"),
        ("            level: 2\n            kind: must", "            level: 7\n            kind: must",
         "expected a level from 1 to 5, found 7"),
        ("kinds: [photo, record]", "kinds: [phot]", "expected a kind of evidence, found 'phot'; did you mean 'photo'?"),
        ("rights: own", "rights: mine", "small.yaml:5: rights: expected one of own, official, licensed"),
        ("date: 2026-11-22", "date: 22/11/2026", "small.yaml:4: date: expected a day such as 2026-11-22"),
        ("from: visibility", "from: visibilty", "found 'visibilty'; did you mean 'visibility'?"),
        ("relation: narrower", "relation: same", "expected one of equivalent, narrower, broader, related"),
        ("siri:Shop Floor", "Shop Floor", "expected 'framework:name of a part'"),
        ("          P2-1:", "          P1-1:", "expected each id once, found 'P1-1' first in line"),
        ("level: 3, title", "level: 4, title", "expected the levels in order from 0, here 3, found 4"),
        ("sector: [food, metal]", "sektor: [food]", "did you mean 'sector'?"),
        ("sector: [food, metal]", "size: [tiny]", "expected one of small, medium, large, found 'tiny'"),
        ("weight: 2.5", "weight: 0", "expected a weight above 0, found 0"),
        ("en: Small framework", "fr: Petit", "expected a known key, found this one"),
        ("{vi: Khung nhỏ, en: Small framework}", "{vi: Khung nhỏ}", "expected the key 'en', found none"),
    ],
)  # fmt: skip
def test_a_mistake_names_its_line_key_and_the_nearest_spelling(before: str, after: str, said: str) -> None:
    assert before in YAML
    with pytest.raises(HaidangError) as mistake:
        parse_framework(YAML.replace(before, after, 1), "small.yaml")
    assert said in str(mistake.value)


def test_a_level_without_a_must_criterion_is_refused() -> None:
    text = YAML.replace(
        "            level: 2\n            kind: must", "            level: 2\n            kind: should", 1
    )
    with pytest.raises(HaidangError, match=r"expected a must criterion for every level .* none for level 2"):
        parse_framework(text, "small.yaml")


def test_licensed_text_may_not_stand_in_a_public_pack() -> None:
    found = parse_framework(YAML.replace("rights: own", "rights: licensed"), "small.yaml")
    with pytest.raises(RightsError, match="a public pack may not hold licensed text"):
        forbid_licensed(found)
    assert forbid_licensed(small()) == small()


def test_an_unknown_framework_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(HaidangError, match="expected a framework's id or file, found 'smart'"):
        find_framework("smart")
    with pytest.raises(HaidangError, match="no such file"):
        load_framework(tmp_path / "none.yaml")


@pytest.mark.parametrize("name", shipped() or ["none"])
def test_every_shipped_framework_is_whole_and_may_be_public(name: str) -> None:
    if name == "none":
        return
    found = find_framework(name)
    assert found.id == name
    assert found.rights != "licensed"
    assert parse_framework(framework_yaml(found), name) == found
