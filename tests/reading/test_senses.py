"""Words that count different things: what stands beside them tells which, and else they are kept as they are."""

from pathlib import Path

import pytest

from haidang.reading import Document, RuleExtractor, load_rules
from haidang.reading.dates import mentions
from haidang.reading.quantities import quantities

RULES = load_rules()


def units(sentence: str, language: str = "vi") -> list[str]:
    """The units that are read in a sentence."""
    return [one.quantity.unit for one in quantities(sentence, mentions(sentence, None), language, RULES)]


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Quy hoạch 28 sân bay, gồm 14 cảng quốc tế.", ["airports", "airports"]),
        ("Nhóm cảng biển số 4 có 14 cảng.", ["ports"]),
        ("Vùng có 14 cảng.", ["cảng"]),
        ("Sân bay Long Thành đạt công suất 25 triệu khách mỗi năm.", ["passengers/year"]),
        ("Ngành du lịch đón 6 triệu lượt khách.", ["visits"]),
        ("Khách du lịch qua sân bay đạt 6 triệu lượt khách.", ["lượt khách"]),
        ("Phố đi bộ đón 2 triệu lượt khách.", ["lượt khách"]),
        ("Tàu Thống Nhất cắt giảm 38 đoàn.", ["trains"]),
        ("Thành lập 38 đoàn kiểm tra.", ["delegations"]),
        ("Có 38 đoàn về dự.", ["đoàn"]),
        ("Tuyến đường sắt khởi công tại 5 điểm.", ["điểm"]),
        ("Chỉ số cải cách hành chính đạt 85 điểm.", ["points"]),
        ("Trường lấy 27,5 điểm.", ["points"]),
        ("Lãi suất giảm 2 điểm %.", ["percentage points"]),
        ("Hơn 100 phương án đã chi trả xong.", ["phương án"]),
        ("Bảy cầu bắc qua sông Hồng đã xong.", ["bridges"]),
        ("Đội bóng có 11 cầu thủ.", ["cầu thủ"]),
    ],
)
def test_a_word_counts_what_the_words_beside_it_tell_and_else_stands_for_itself(sentence: str, told: list[str]) -> None:
    assert units(sentence) == told


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("The carmaker shut 3 plants.", ["factories"]),
        ("They grew 300 plants.", ["plants"]),
        ("Vietnam exports to 120 markets.", ["markets"]),
        ("The city has 120 traditional markets.", ["shops"]),
    ],
)
def test_an_english_word_does_so_too(sentence: str, told: list[str]) -> None:
    assert units(sentence, "en") == told


def test_what_tells_the_sense_stands_near_by() -> None:
    apart = "và tiếp tục hoàn thiện các thủ tục theo quy định " * 6
    assert units(f"Vùng có 14 cảng {apart} quanh sân bay.") == ["cảng"]


def test_a_draft_shows_the_documents_own_word_with_what_is_counted() -> None:
    text = "Đến năm 2030, vùng sẽ có 14 cảng tổng hợp."
    [draft] = RuleExtractor(RULES)(Document("a.txt", text, "vi", None, None, None, ""), 1)
    assert draft.quantity is not None
    assert draft.quantity.unit == "cảng"
    assert "cảng tổng hợp" in draft.subject


def test_every_sense_is_a_unit_and_every_word_is_written_one_way() -> None:
    named = {unit for senses in RULES.several.values() for unit in senses}
    assert named <= set(RULES.units)
    assert all(word == " ".join(word.split()) for word in RULES.several)


def test_an_office_settles_what_a_word_counts(tmp_path: Path) -> None:
    (tmp_path / "units.yaml").write_text(
        "several:\n  - words: [cảng]\n    senses:\n      ports: [cảng]\n", encoding="utf-8"
    )
    rules = load_rules(tmp_path)
    [found] = quantities("Vùng có 14 cảng.", (), "vi", rules)
    assert found.quantity.unit == "ports"
