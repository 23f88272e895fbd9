"""The time that a document implies for what tells none, in sentences written for this test."""

from datetime import date

import pytest

from haidang.reading import Document, Draft, Period, RuleExtractor, as_tree, load_rules
from haidang.reading.draft import Language
from haidang.reading.implied import Supposed, supposed_day
from haidang.reading.reading import Reading

RULES = load_rules()
DAY = date(2026, 3, 20)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def drafts(text: str, language: Language = "vi", day: date | None = DAY) -> tuple[Draft, ...]:
    """The drafts of a text."""
    return RuleExtractor(RULES)(Document("a.txt", text, language, None, day, None, ""), 1)


@pytest.mark.parametrize(
    ("text", "language"),
    [("Khu chế xuất có 45 nhà máy.", "vi"), ("The zone has 45 factories.", "en")],
)
def test_a_value_without_a_time_is_implied_to_be_of_the_year_of_its_document(text: str, language: Language) -> None:
    (one,) = drafts(text, language)
    assert (one.period, one.implied) == (None, YEAR)


def test_a_promise_stands_from_the_day_of_its_occasion() -> None:
    text = "Ngày 12/3, lãnh đạo cảng gặp UBND TP.HCM. Cảng cam kết hỗ trợ ngư dân đóng thuyền mới."
    assert drafts(text)[-1].implied == Period(date(2026, 3, 12), None)


def test_a_promise_without_an_occasion_stands_from_the_day_of_its_document() -> None:
    assert drafts("UBND TP.HCM cam kết hỗ trợ ngư dân đóng thuyền mới.")[-1].implied == Period(DAY, None)


def test_a_day_long_before_a_document_is_no_occasion_of_it() -> None:
    text = "Ngày 12/1, lãnh đạo cảng gặp UBND TP.HCM. Cảng cam kết hỗ trợ ngư dân đóng thuyền mới."
    assert drafts(text)[-1].implied == Period(DAY, None)


def test_what_tells_its_time_is_given_no_other() -> None:
    (one,) = drafts("Năm 2025, khu chế xuất có 45 nhà máy.")
    assert (one.period, one.implied) == (Period(date(2025, 1, 1), date(2025, 12, 31)), None)


def test_a_decision_cited_without_its_day_is_given_no_time() -> None:
    assert drafts("Theo Nghị quyết 98/2023/QH15, cảng có 4 bến.")[0].implied is None


@pytest.mark.parametrize(
    ("text", "supposed"),
    [
        ("Tháng 5/2024, cảng đón 300 tàu. Đến năm 2030 sẽ đón 900 tàu.", Supposed(date(2024, 5, 31), False)),
        ("Sản lượng giảm 3% so với cùng kỳ năm 2021.", Supposed(date(2022, 7, 1), True)),
        ("This year 2023 the port won a prize.", Supposed(date(2023, 7, 1), True)),
        ("Năm nay 2023, lễ khai mạc ngày 14/2 có 300 khách.", Supposed(date(2023, 2, 14), False)),
        ("Cảng sẽ mở cửa vào tháng 6/2027.", None),
        ("Cảng có 4 bến.", None),
    ],
)
def test_the_day_of_a_document_without_one_is_supposed_by_what_it_tells_as_past(
    text: str, supposed: Supposed | None
) -> None:
    assert supposed_day(text, RULES) == supposed


def test_what_only_a_supposed_day_resolves_is_implied() -> None:
    first, second = drafts("Ba tháng đầu năm, cảng đón 400 tàu. Sản lượng giảm 3% so với cùng kỳ năm 2021.", day=None)
    assert (first.period, first.implied) == (None, Period(date(2022, 1, 1), date(2022, 3, 31)))
    assert second.implied == Period(date(2022, 1, 1), date(2022, 3, 31))


def test_a_promise_of_a_year_of_which_no_day_is_known_stands_from_its_beginning() -> None:
    text = "Sản lượng giảm 3% so với cùng kỳ năm 2021. UBND TP.HCM cam kết hỗ trợ ngư dân đóng thuyền mới."
    assert drafts(text, day=None)[-1].implied == Period(date(2022, 1, 1), None)


def test_a_document_without_any_year_implies_nothing() -> None:
    assert [one.implied for one in drafts("Ba tháng đầu năm, cảng đón 400 tàu.", day=None)] == [None]


def test_an_implied_time_is_kept_apart_in_what_is_written() -> None:
    document = Document("a.txt", "Cảng có 4 bến.", "vi", None, DAY, None, "")
    (told,) = as_tree(Reading((document,), RuleExtractor(RULES)(document, 1)))["drafts"]
    assert "period" not in told
    assert told["implied_period"] == {"start": "2026-01-01", "end": "2026-12-31"}
