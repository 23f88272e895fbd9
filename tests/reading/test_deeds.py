"""Claims without a number by other marks than a verb of promising: what is granted, failed, dated or to come."""

from datetime import date

import pytest

from haidang.reading import Document, Draft, RuleExtractor, load_rules

RULES = load_rules()
DAY = date(2026, 3, 20)


def drafts(text: str, language: str = "vi") -> tuple[Draft, ...]:
    """The drafts of a text of 20 March 2026."""
    return RuleExtractor(RULES)(Document("article.txt", text, language, None, DAY, None, ""), 1)


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Thành phố được trao thẩm quyền lập khu thương mại tự do ven biển.", "proposal"),
        ("Dự thảo cho phép thành phố giữ lại tiền thuê mặt nước.", "proposal"),
        ("Chương trình xe đạp công cộng của thành phố đã thất bại vì thiếu bãi.", "statement"),
        ("Dự án cầu Rạch Dừa vẫn chậm tiến độ do vướng mặt bằng.", "statement"),
        ("Ngày 14.3, tại phường Sài Gòn, các hộ ven kênh nhận nhà mới của thành phố.", "event"),
        ("Từ ngày 1/6/2026, xe chở đất không chạy qua trung tâm ban ngày.", "target"),
        ("Tuyến đường sẽ nối cảng Hiệp Phước với vành đai phía nam.", "commitment"),
        ("Sở Nội vụ nhận trách nhiệm về việc trả kết quả trễ hẹn.", "commitment"),
        ("Sở Xây dựng rà soát các chung cư cũ ở trung tâm.", "commitment"),
        ("Theo đó, thành phố lập vùng phát thải thấp ở khu trung tâm.", "commitment"),
    ],
)
def test_a_vietnamese_sentence_is_drafted_by_what_it_tells_of_a_party(sentence: str, kind: str) -> None:
    assert [(one.kind, one.quantity) for one in drafts(sentence)] == [(kind, None)]


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("The draft allows the city to keep the rent of its waterfront.", "proposal"),
        ("The authority to license piers is delegated to the district.", "proposal"),
        ("The city has failed to open the canal path on time.", "statement"),
        ("Deputies listened to the report on the port on the morning of March 12.", "event"),
        ("The council passed the plan for a canal park.", "event"),
        ("The new line would link the port with the airport.", "commitment"),
        ("The company supports small farms along the river.", "commitment"),
    ],
)
def test_an_english_sentence_is_drafted_by_what_it_tells_of_a_party(sentence: str, kind: str) -> None:
    assert [(one.kind, one.quantity) for one in drafts(sentence, "en")] == [(kind, None)]


def test_an_item_of_a_list_is_told_by_whoever_made_the_list() -> None:
    text = "Thứ nhất, tăng cường đội nạo vét ở các kênh nhỏ."
    assert [one.kind for one in drafts(text)] == ["commitment"]
    assert drafts(text.removeprefix("Thứ nhất, ").capitalize()) == ()


def test_a_sentence_goes_on_with_an_act_behind_its_numbers() -> None:
    first, second = drafts("Thành phố lắp 40 trạm đo mưa và phối hợp với trường đại học dự báo ngập.")
    assert first.quantity is not None
    assert (second.kind, second.quantity) == ("commitment", None)


def test_a_small_number_that_opens_a_list_is_drafted_with_its_list() -> None:
    (draft,) = drafts("Thành phố sẽ tập trung vào ba lĩnh vực đột phá: cảng biển, thị trường vốn và vi mạch.")
    assert draft.quantity is not None
    assert draft.span.text.endswith("vi mạch.")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Thành phố trân trọng cảm ơn các nhà khoa học đã đồng hành.", "vi"),
        ("Câu hỏi đặt ra là thành phố sẽ làm gì để giữ người tài.", "vi"),
        ("Đại diện các bên tin tưởng rằng hợp tác sẽ ngày càng tốt đẹp.", "vi"),
        ("The chairman thanked the companies and said he was confident that ties would grow.", "en"),
    ],
)
def test_thanks_questions_and_hopes_claim_nothing(text: str, language: str) -> None:
    assert drafts(text, language) == ()


def test_of_two_mentions_of_a_decision_as_full_as_each_other_the_first_is_kept() -> None:
    text = "Nghị quyết 31 mở đường. Theo Nghị quyết số 31, việc này được phép."
    assert [one.span.text for one in drafts(text) if one.kind == "reference"] == ["Nghị quyết 31"]


def test_the_number_of_a_decision_is_no_rank() -> None:
    found = drafts("The draft amends Resolution No. 31/2024/QH15.", "en")
    assert [one.quantity.unit for one in found if one.quantity] == ["document number"]


def test_numbers_are_read_as_the_whole_document_writes_them() -> None:
    english = "Thu ngân sách tăng 12.5%. Chi tăng 3.4%. Vốn giải ngân 1,234 tỷ đồng."
    own = "Thu ngân sách tăng 12,5%. Chi tăng 3,4%. Vốn giải ngân 1,234 tỷ đồng."
    assert [one.quantity.minimum for one in drafts(english) if one.quantity] == [12.5, 3.4, 1.234e12]
    assert [one.quantity.minimum for one in drafts(own) if one.quantity] == [12.5, 3.4, 1.234e9]
