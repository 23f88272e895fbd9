"""The time on which a passage or a table reports, and what rows of tables and lines of lists tell."""

from datetime import date

from haidang.reading import Document, Draft, RuleExtractor, load_rules
from haidang.reading.html import extract

RULES = load_rules()
FIRST_NINE = (date(2025, 1, 1), date(2025, 9, 30))


def drafts(text: str, published: date | None = date(2025, 10, 9)) -> tuple[Draft, ...]:
    """The drafts of a text."""
    return RuleExtractor(RULES)(Document("t.txt", text, "vi", None, published, None, "0" * 64), 1)


def times(text: str, published: date | None = date(2025, 10, 9)) -> list[tuple[date | None, date | None] | None]:
    """The period of each draft."""
    return [one.period and (one.period.start, one.period.end) for one in drafts(text, published)]


def test_values_behind_the_time_of_a_report_are_of_that_time() -> None:
    text = "9 tháng đầu năm 2025, cảng đón 1.200 tàu. Trong đó có 300 tàu khách.\nDoanh thu đạt 45 tỷ đồng."
    assert times(text) == [FIRST_NINE] * 3


def test_another_time_ends_that_of_the_report() -> None:
    text = "9 tháng đầu năm 2025, cảng đón 1.200 tàu. Ngày 5/10, cảng đón 4 tàu. Có 300 tàu khách."
    assert times(text)[-1] is None


def test_a_time_long_gone_or_in_a_document_without_a_day_is_of_its_own_sentence_only() -> None:
    assert times("Năm 2016, khu có 5 nhà máy. Khu rộng 40 ha.") == [(date(2016, 1, 1), date(2016, 12, 31)), None]
    assert times("9 tháng đầu năm 2025, cảng đón 12 tàu. Có 3 tàu khách.", None) == [FIRST_NINE, None]


def test_an_aim_takes_no_time_from_a_report() -> None:
    text = "9 tháng đầu năm 2025, cảng đón 1.200 tàu. Mục tiêu là 2.000 tàu."
    assert times(text)[-1] is None


def test_a_time_right_behind_a_number_is_its_own() -> None:
    text = "Tỷ lệ giảm từ 18,2% năm 2022 xuống 14,5% năm 2024."
    assert times(text) == [(date(y, 1, 1), date(y, 12, 31)) for y in (2022, 2024)]


def test_the_time_of_a_plan_is_not_that_of_its_fulfilment() -> None:
    text = "Tính chung 9 tháng đầu năm 2025, thu đạt 69,2% so với kế hoạch năm 2025."
    (draft,) = drafts(text)
    assert (draft.kind, draft.period and draft.period.end) == ("indicator", date(2025, 9, 30))


def test_a_row_of_a_table_is_read_by_its_label_its_unit_and_its_heading() -> None:
    text = "Chỉ tiêu | Đơn vị | 2024 | 2030\nThu ngân sách | tỷ đồng | 508.000 | 900.000\nSố dự án |  | 45 | 60"
    assert [
        (
            one.subject,
            one.quantity and (one.quantity.minimum, one.quantity.unit),
            one.period and one.period.end,
            one.kind,
        )
        for one in drafts(text)
    ] == [
        ("Thu ngân sách", (5.08e14, "VND"), date(2024, 12, 31), "indicator"),
        ("Thu ngân sách", (9e14, "VND"), date(2030, 12, 31), "target"),
        ("Số dự án", (45, "projects"), date(2024, 12, 31), "indicator"),
        ("Số dự án", (60, "projects"), date(2030, 12, 31), "target"),
    ]


def test_a_row_with_other_cells_than_its_heading_has_no_time() -> None:
    assert times("Chỉ tiêu | 2023 | 2024\nSố dự án | 45") == [None]


def test_a_row_between_bars_is_read_and_a_link_behind_one_is_not() -> None:
    (draft,) = drafts("| Diện tích (ha) | 450 |\n|---|---|\n| Tin liên quan\n| 5 điều cần biết")
    assert draft.quantity is not None
    assert (draft.quantity.minimum, draft.quantity.unit, draft.subject) == (450, "ha", "Diện tích")


def test_the_cells_of_a_row_of_a_page_stand_in_one_line_and_a_layout_stays_as_it_is() -> None:
    long = "Đoạn văn dài. " * 20
    data = "<tr><th>Chỉ tiêu</th><th>2025</th></tr><tr><td><p>Số trạm</p></td><td>45</td></tr>"
    page = f"<table>{data}</table><table><tr><td>{long}</td><td>Bên</td></tr></table>"
    lines = extract(page.encode())["text"].split("\n")
    assert lines[:2] == ["Chỉ tiêu | 2025", "Số trạm | 45"]
    assert all("|" not in line for line in lines[2:])
