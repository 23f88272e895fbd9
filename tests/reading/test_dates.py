"""Times in a sentence, resolved against the day of the document."""

from datetime import date

import pytest

from haidang.reading.dates import mentions

DAY = date(2025, 12, 9)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("chiều 9-12 tại thành phố", (2025, 12, 9), (2025, 12, 9)),
        ("ngày 26/11/2025", (2025, 11, 26), (2025, 11, 26)),
        ("ngày 26 tháng 11 năm 2025", (2025, 11, 26), (2025, 11, 26)),
        ("sáng 15/1", (2026, 1, 15), (2026, 1, 15)),
        ("tháng 3/2026", (2026, 3, 1), (2026, 3, 31)),
        ("quý II/2025", (2025, 4, 1), (2025, 6, 30)),
        ("6 tháng đầu năm", (2025, 1, 1), (2025, 6, 30)),
        ("nửa cuối năm 2024", (2024, 7, 1), (2024, 12, 31)),
        ("giai đoạn 2026-2030", (2026, 1, 1), (2030, 12, 31)),
        ("trong 5 năm tới", (2026, 1, 1), (2030, 12, 31)),
        ("năm ngoái", (2024, 1, 1), (2024, 12, 31)),
        ("vào năm 2030", (2030, 1, 1), (2030, 12, 31)),
        ("by 2030", None, (2030, 12, 31)),
        ("on November 26, 2025", (2025, 11, 26), (2025, 11, 26)),
        ("over the next five years", (2026, 1, 1), (2030, 12, 31)),
        ("on December 3rd", (2025, 12, 3), (2025, 12, 3)),
        ("the 3rd of December 2024", (2024, 12, 3), (2024, 12, 3)),
        ("8 tháng năm 2024", (2024, 1, 1), (2024, 8, 31)),
        ("lũy kế 11 tháng", (2025, 1, 1), (2025, 11, 30)),
        ("11 tháng qua", (2025, 1, 1), (2025, 11, 30)),
        ("in the past three months", (2025, 9, 1), (2025, 11, 30)),
        ("sáng nay", (2025, 12, 9), (2025, 12, 9)),
        ("yesterday", (2025, 12, 8), (2025, 12, 8)),
        ("on Friday", (2025, 12, 5), (2025, 12, 5)),
        ("tháng trước", (2025, 11, 1), (2025, 11, 30)),
        ("next month", (2026, 1, 1), (2026, 1, 31)),
        ("cả năm", (2025, 1, 1), (2025, 12, 31)),
        ("the 2026-30 period", (2026, 1, 1), (2030, 12, 31)),
        ("the third quarter of 2024", (2024, 7, 1), (2024, 9, 30)),
        ("in the first half", (2025, 1, 1), (2025, 6, 30)),
    ],
)
def test_a_time_is_resolved_against_the_day_of_the_document(
    text: str, start: tuple[int, int, int] | None, end: tuple[int, int, int]
) -> None:
    (found,) = mentions(text, DAY)
    assert found.period is not None
    assert found.period.start == (None if start is None else date(*start))
    assert found.period.end == date(*end)


@pytest.mark.parametrize("text", ["chiều 9-12", "trong 5 năm tới", "năm ngoái", "quý II"])
def test_without_a_day_of_the_document_a_relative_time_stays_open(text: str) -> None:
    (found,) = mentions(text, None)
    assert found.period is None


@pytest.mark.parametrize("text", ["ngày 31/2/2025", "ngày 40 tháng 13 năm 2025", "quý V"])
def test_a_day_that_is_none_is_no_time(text: str) -> None:
    assert [one.period for one in mentions(text, DAY) if one.period and one.period.start == one.period.end] == []


@pytest.mark.parametrize("published", [date(2024, 2, 29), date(2025, 3, 1)])
def test_the_leap_day_needs_no_leap_year(published: date) -> None:
    (found,) = mentions("ngày 29/2", published)
    assert found.period is None or found.period.start == date(2024, 2, 29)


@pytest.mark.parametrize(
    "text",
    ["so với cùng kỳ năm 2024", "so với cuối năm 2024", "compared to the same period of 2024", "các tháng 9 và 10"],
)
def test_a_time_that_is_only_compared_with_is_no_period_of_the_claim(text: str) -> None:
    (found,) = mentions(text, DAY)
    assert found.period is None


def test_the_first_months_of_something_else_are_not_those_of_the_year() -> None:
    assert mentions("in its first ten months of operation", DAY) == ()
