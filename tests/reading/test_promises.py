"""Claims without a number, in sentences written for these tests: what is drafted, of which kind, and what is not."""

from datetime import date

import pytest

from haidang.reading import Document, Draft, RuleExtractor, load_rules

RULES = load_rules()


def drafts(text: str, language: str = "vi", published: date | None = date(2025, 12, 9)) -> tuple[Draft, ...]:
    """The drafts of a text."""
    return RuleExtractor(RULES)(Document("article.txt", text, language, None, published, None, ""), 1)


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Sở Xây dựng sẽ sớm ban hành hướng dẫn về mái nhà điện mặt trời.", "commitment"),
        ("Thành phố đẩy nhanh việc số hóa hồ sơ đất đai ở mọi phường.", "commitment"),
        ("Công ty Cổ phần Sao Mai cam kết dùng điện sạch cho nhà xưởng.", "commitment"),
        ("Hai bên đã ký biên bản ghi nhớ về đào tạo kỹ sư vi mạch.", "commitment"),
        ("Hiệp hội Bao bì kiến nghị thành phố nới giờ cấm xe tải.", "proposal"),
        ("Bà Nguyễn Thị Sen đề nghị bỏ bớt giấy tờ cho hộ bán rong.", "proposal"),
        ("Sở Y tế cần sớm có cơ chế mua thuốc chung cho các trạm.", "proposal"),
        ("Sáng 3/12, Sở Du lịch khai trương tuyến buýt sông mới.", "event"),
        ("UBND TP.HCM vừa phê duyệt đồ án khu công viên ven kênh.", "event"),
        ("Đến năm 2030, thành phố phấn đấu phủ cây xanh mọi tuyến kênh.", "target"),
        ("Cầu đi bộ sẽ khánh thành vào tháng 6/2027 theo tiến độ.", "target"),
    ],
)
def test_a_vietnamese_sentence_without_a_number_is_drafted_by_its_verb(sentence: str, kind: str) -> None:
    (draft,) = drafts(sentence)
    assert (draft.kind, draft.quantity, draft.span.text) == (kind, None, sentence)


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("The city will soon introduce a single ticket for buses and trains.", "commitment"),
        ("Lotus Bank pledged to lend to small workshops without collateral.", "commitment"),
        ("The two sides agreed to share data on floods along the river.", "commitment"),
        ("Businesses urged the city to publish its plans for power cuts.", "proposal"),
        ("The council approved the plan for a canal park on December 3.", "event"),
        ("All school buses must run on electricity by 2032 in every ward.", "target"),
    ],
)
def test_an_english_sentence_without_a_number_is_drafted_by_its_verb(sentence: str, kind: str) -> None:
    (draft,) = drafts(sentence, "en")
    assert (draft.kind, draft.quantity) == (kind, None)


@pytest.mark.parametrize(
    "sentence",
    [
        "Công tác chuyển đổi số được đẩy mạnh ở thành phố.",
        "Lãnh đạo thành phố đã lắng nghe các nhà khoa học đề xuất chính sách.",
        "Anh ấy cam kết sẽ về nhà sớm hơn vào cuối tuần.",
        "Thành phố cam kết minh bạch",
        "Thành phố sẽ cố gắng.",
    ],
)
def test_who_has_not_done_listens_or_has_no_name_promises_nothing(sentence: str) -> None:
    assert drafts(sentence) == ()


def test_what_has_not_been_done_promises_nothing_and_is_the_state_of_things() -> None:
    for sentence in ("Thành phố chưa hoàn thiện khung giá cho dịch vụ này.", "Kè sông vẫn chưa được sửa chữa xong."):
        assert [one.kind for one in drafts(sentence)] == ["statement"]


def test_an_organisation_named_shortly_before_still_speaks() -> None:
    text = "Sở Công Thương họp với các chợ đầu mối. Đồng thời, khẩn trương lập bản đồ kho lạnh."
    assert [one.kind for one in drafts(text)] == ["commitment"]
    gap = "Trời mưa to. Đường ngập. Chợ vắng khách. "
    assert drafts(text.replace("Đồng thời", gap + "Đồng thời")) == ()


def test_each_item_of_a_list_is_a_claim_of_its_own() -> None:
    text = "Thành phố phấn đấu xóa mọi điểm ngập; khẩn trương nạo vét kênh; trồng thêm 40.000 cây xanh."
    assert [(one.kind, one.quantity is None) for one in drafts(text)] == [
        ("target", True),
        ("commitment", True),
        ("target", False),
    ]


def test_the_occasion_that_opens_a_sentence_is_an_event_beside_its_numbers() -> None:
    text = "Tại hội nghị sáng 8/12, Sở Tài chính cho biết thu ngân sách đạt 92% dự toán."
    event, share = drafts(text)
    assert (event.kind, event.quantity) == ("event", None)
    assert event.period is not None
    assert event.period.start == date(2025, 12, 8)
    assert share.quantity is not None


def test_a_milestone_behind_the_numbers_is_an_aim_of_its_own() -> None:
    text = "Tuyến đường dài 9 km, vốn 3.200 tỷ đồng, dự kiến khởi công tháng 5/2026."
    assert [(one.kind, one.quantity is None) for one in drafts(text)][-1] == ("target", True)


def test_what_happens_after_the_document_is_an_aim_and_no_event() -> None:
    text = "Sở Giao thông khánh thành cầu vượt sông ngày {day}."
    assert [one.kind for one in drafts(text.format(day="1/12/2025"))] == ["event"]
    assert [one.kind for one in drafts(text.format(day="1/12/2026"))] == ["target"]


def test_a_decision_is_drafted_once_where_it_is_named_most_fully() -> None:
    text = "Nghị quyết 31 mở đường. Theo Nghị quyết số 31/2024/QH15 và Quyết định 12, việc này được phép."
    found = [(one.span.text, one.quantity and one.quantity.minimum) for one in drafts(text) if one.kind == "reference"]
    assert found == [("Nghị quyết số 31/2024/QH15", 31), ("Quyết định 12", 12)]


def test_the_subject_of_a_count_keeps_its_numerals_whole() -> None:
    (draft,) = drafts("Toàn thành phố có hơn 156.300 người đăng ký học nghề.")
    assert "156" not in draft.subject
    assert draft.subject.endswith("người đăng ký học nghề")


def test_the_day_of_a_speech_is_not_the_time_of_what_was_said() -> None:
    *_, growth = drafts("Ngày 8/12, trước 20 doanh nghiệp, ông Ba nói tăng trưởng đạt 7%.")
    assert growth.period is None


def test_the_date_at_the_head_of_an_archived_text_is_no_part_of_its_claim() -> None:
    text = "date 2025-12-09 Sở Nội vụ cam kết trả hồ sơ đúng hẹn cho dân."
    (draft,) = drafts(text)
    assert draft.span.text == text[16:]
    assert text[draft.span.start : draft.span.end] == draft.span.text
