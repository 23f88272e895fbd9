"""Rules of an office: they add to the shipped ones, replace what has the same key, and are refused with the line."""

from datetime import date
from pathlib import Path

import pytest

from haidang.errors import HaidangError
from haidang.reading import Document, Draft, RuleExtractor, Rules, RulesError, load_rules


def drafts(text: str, rules: Rules, language: str = "vi") -> tuple[Draft, ...]:
    """The drafts of a text."""
    return RuleExtractor(rules)(Document("a.txt", text, language, None, date(2025, 12, 9), None, ""), 1)


def office(folder: Path, **written: str) -> Rules:
    """The shipped rules with files of an office."""
    for name, text in written.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_rules(folder)


def test_a_unit_of_the_office_is_counted_and_the_shipped_ones_still_are(tmp_path: Path) -> None:
    rules = office(tmp_path, units="units: {water buses: {spellings: [buýt sông], counted: true}}")
    text = "Bến có 12,000 buýt sông và 40 dự án."
    assert [(one.quantity and one.quantity.unit) for one in drafts(text, rules)] == ["water buses", "projects"]
    assert drafts(text, rules)[0].quantity != drafts(text, load_rules())[0].quantity


def test_a_qualifier_a_multiplier_and_a_number_in_words_of_the_office_are_read(tmp_path: Path) -> None:
    rules = office(
        tmp_path,
        units="multipliers: {chục: 10}\nwords: {tá: 12}",
        qualifiers="before: {nearly: [suýt soát]}",
    )
    first, second = drafts("Chợ có suýt soát 5 chục dự án, thêm tá dự án.", rules)
    assert first.quantity is not None
    assert (first.quantity.minimum, first.quantity.qualifier) == (50, "nearly")
    assert second.quantity is not None
    assert second.quantity.minimum == 12


def test_an_organisation_of_the_office_is_named_as_it_says(tmp_path: Path) -> None:
    rules = office(tmp_path, organisations="organisations: {Quỹ Mầm Xanh: [QMX, Mầm Xanh]}")
    (draft,) = drafts("QMX tài trợ 3 tỷ đồng.", rules)
    assert draft.actors == ("Quỹ Mầm Xanh",)


def test_a_verb_of_the_office_makes_a_promise_and_one_of_its_words_leaves_out(tmp_path: Path) -> None:
    rules = office(
        tmp_path,
        kinds="without_number: {commitment: [xung phong]}",
        leave_out="market: [giá mít]\nlabels: [bến số]",
    )
    (draft,) = drafts("Sở Tư pháp xung phong dịch luật sang tiếng Anh.", rules)
    assert draft.kind == "commitment"
    assert drafts("Hôm nay giá mít tăng 20%.", rules) == ()
    assert drafts("Hôm nay giá mít tăng 20%.", load_rules()) != ()


def test_a_concept_of_the_office_links_two_wordings(tmp_path: Path) -> None:
    from haidang.reading import link

    rules = office(tmp_path, concepts="concepts: {river bus: [buýt đường sông, tàu thủy chở khách]}")
    found = [
        *drafts("Thành phố đặt mục tiêu buýt đường sông đạt 30% vào năm 2030.", rules),
        *drafts("Đến năm 2030, tàu thủy chở khách đạt 30%.", rules),
    ]
    named = [Draft(f"d{place}", *(getattr(one, key) for key in Draft.__slots__[1:])) for place, one in enumerate(found)]
    assert [one.duplicates for one in link(named, rules)] == [("d1",), ("d0",)]
    assert [one.duplicates for one in link(named, load_rules())] == [(), ()]


def test_decomposed_letters_in_rules_meet_composed_ones_in_texts(tmp_path: Path) -> None:
    from unicodedata import normalize

    rules = office(tmp_path, units=normalize("NFD", "units: {pots: {spellings: [chậu kiểng], counted: true}}"))
    (draft,) = drafts("Vườn có 15 chậu kiểng đẹp.", rules)
    assert draft.quantity is not None
    assert draft.quantity.unit == "pots"


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("unit", "units: {}", "did you mean 'units.yaml'"),
        ("units", "unit: {}", "did you mean 'units'"),
        ("units", "units: {a: {spelling: [b]}}", "units.yaml:1"),
        ("units", "multipliers: {chục: -1}", "expected a number above zero"),
        ("qualifiers", "before: {almost: [suýt]}", "qualifiers.yaml:1"),
        ("kinds", "without_number: {promise: [hứa]}", "kinds.yaml:1"),
        ("kinds", "will: {sẽ: 1}", "kinds.yaml:1"),
        ("organisations", "scopes: {moon: [trăng]}", "organisations.yaml:1"),
        ("leave_out", "market: [giá vàng", "leave_out.yaml"),
    ],
)
def test_a_mistake_in_rules_is_named_with_its_file_and_line(tmp_path: Path, name: str, text: str, says: str) -> None:
    with pytest.raises(HaidangError) as raised:
        office(tmp_path, **{name: text})
    assert says in str(raised.value)
    assert str(tmp_path) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_folder_without_rules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="found none of them"):
        load_rules(tmp_path)
    with pytest.raises(RulesError, match="expected a folder of rules, found none"):
        load_rules(tmp_path / "none")


def test_the_rules_of_the_page_are_used(root: Path, tmp_path: Path) -> None:
    page = (root / "docs" / "concepts" / "reading.md").read_text(encoding="utf-8")
    rules = office(tmp_path, kinds=page.split("```yaml\n")[1].split("```")[0])
    (draft,) = drafts("Sở Xây dựng xung phong sơn lại cầu.", rules)
    assert draft.kind == "commitment"
    assert [one.kind for one in drafts("Thành phố sẽ thả cá xuống kênh Tàu Hủ.", rules)] == ["commitment"]


def test_words_of_an_office_are_never_patterns(tmp_path: Path) -> None:
    rules = office(tmp_path, qualifiers='before: {about: ["(a+)+$", "[", "\\\\"]}')
    (draft,) = drafts("Kho chứa " + "a" * 200 + " 7 dự án.", rules)
    assert draft.quantity is not None
    assert draft.quantity.qualifier == "exactly"


def test_units_are_shown_in_vietnamese_by_their_plain_words() -> None:
    shown = {name: unit.spellings[0] for name, unit in load_rules().units.items()}
    plain = {"people": "người", "homes": "căn nhà", "ships": "tàu", "m2": "m²", "points": "điểm", "VND": "đồng"}
    assert {name: shown[name] for name in plain} == plain
