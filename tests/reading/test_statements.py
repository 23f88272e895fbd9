"""A sentence in which somebody says, asks, plans or does something is drafted once, where nothing else of it is."""

from __future__ import annotations

from datetime import date

import pytest

from haidang.reading import Document, Draft, RuleExtractor, load_rules
from haidang.reading.draft import Language
from haidang.reading.rules import words_pattern
from haidang.reading.sentences import sentences

RULES = load_rules(None)


def drafts(text: str, language: Language = "vi") -> tuple[Draft, ...]:
    """The drafts of a text of 26 November 2025."""
    return RuleExtractor(RULES)(Document("a.txt", text, language, None, date(2025, 11, 26), None, ""), 1)


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("Các nhà khoa học cho rằng nước ngầm ở ven biển đang mặn dần theo từng mùa khô.", "vi", "statement"),
        ("Sở Xây dựng đã gửi thư cho chủ các chung cư cũ ở trung tâm.", "vi", "event"),
        ("Công ty Cấp nước đang đàm phán với các chủ đầu tư ở vùng ven.", "vi", "commitment"),
        ("Sở Y tế hối thúc các phòng khám tư báo ca bệnh trong ngày.", "vi", "proposal"),
        ("The dikes along the southern canal are weaker than thought, the engineers said.", "en", "statement"),
        ("The Harbour Authority denied the leak the same evening in a letter to residents.", "en", "event"),
        ("The Harbour Authority is in talks with shipping lines over night berths.", "en", "commitment"),
        ("The Harbour Authority pressed for cleaner ferries along the whole river.", "en", "proposal"),
        ("Harbour Authority weighs cleaner ferries for river commuters", "en", "commitment"),
    ],
)
def test_a_statement_is_drafted_once_as_it_stands_and_of_the_kind_of_its_verb(
    text: str, language: Language, kind: str
) -> None:
    found = [one for one in drafts(text, language) if one.quantity is None]
    assert [(one.kind, one.span.text) for one in found] == [(kind, text)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Cần Giờ là vùng đất nằm giữa những cánh rừng ngập mặn ven biển.", "vi"),
        ("Cùng dự có ông Trần Văn Ba và nhiều đồng chí khác cho biết quê ở miền Trung.", "vi"),
        ("Sở Xây dựng từ chối bình luận về việc này trong chiều cùng ngày.", "vi"),
        ("Theo ông Ba, đúng thế.", "vi"),
        ("Những hàng cây ven kênh rợp bóng mát suốt bốn mùa trong năm.", "vi"),
        ("The United States is a country with many rivers, lakes and hills.", "en"),
        ("The Harbour Authority did not immediately respond to questions, a reader said.", "en"),
        ("Old ferries on the river, a reader said", "en"),
        ("The ferry is a quiet place with green benches and tall windows.", "en"),
    ],
)
def test_what_states_nothing_stays_out(text: str, language: Language) -> None:
    assert drafts(text, language) == ()


def test_a_word_of_stating_ends_the_name_in_front_of_it() -> None:
    (found,) = drafts("Cục Thuế khuyến cáo người bán hàng qua mạng giữ hóa đơn.")
    assert found.actors == ("Cục Thuế",)


def test_a_sentence_with_a_number_has_no_second_draft_of_what_somebody_said() -> None:
    found = drafts("The port handled 4,200 containers in May, the harbour master said.", "en")
    assert [one.quantity is not None for one in found] == [True]


def test_sentences_that_a_page_has_glued_together_are_parted_and_names_are_not() -> None:
    text = 'Nhà máy chạy bằng điện mặt trời.Công ty mở thêm kho ở cảng."Chúng tôi chờ", ông nói ở TP.Thủ Đức.'
    assert [one.text for one in sentences(text, RULES)] == [
        "Nhà máy chạy bằng điện mặt trời.",
        "Công ty mở thêm kho ở cảng.",
        '"Chúng tôi chờ", ông nói ở TP.Thủ Đức.',
    ]


@pytest.mark.parametrize(
    ("text", "language", "bounds"),
    [
        ("The council raised the toll four times between 2019 and 2023.", "en", (4, 4, "times", "exactly")),
        ("This is the third time that the bridge has been closed.", "en", (3, 3, "times", "exactly")),
        ("Thành phố tăng giá vé lần thứ ba trong năm nay.", "vi", (3, 3, "times", "exactly")),
        ("A rule capping most parking fees at $9 was kept.", "en", (None, 9, "USD", "at_most")),
        ("Lượng xe bán ra chưa bằng một nửa so với năm trước.", "vi", (None, 50, "%", "at_most")),
    ],
)
def test_how_often_and_how_far_at_most_is_read(
    text: str, language: Language, bounds: tuple[float | None, float, str, str]
) -> None:
    found = [one.quantity for one in drafts(text, language) if one.quantity is not None]
    assert bounds in [(one.minimum, one.maximum, one.unit, one.qualifier) for one in found]


def test_two_measures_of_one_thing_are_said_as_firmly() -> None:
    found = drafts("Cảng nhập khoảng 4.600 xe về lượng và 83 triệu USD về giá trị.")
    assert [one.quantity.qualifier for one in found if one.quantity is not None] == ["about", "about"]


@pytest.mark.parametrize("text", ["Đại hội lần thứ ba họp ở Huế.", "Lần thứ ba ông đến Huế."])
def test_a_congress_of_its_number_is_no_count(text: str) -> None:
    assert [one for one in drafts(text) if one.quantity is not None] == []


def test_no_word_of_stating_is_also_one_that_silences() -> None:
    words = [one for kind in RULES.stating.values() for one in kind]
    assert [one for one in words if words_pattern(RULES.silent).search(one)] == []
