"""Times that a number or a decision has for its own, and those carried on, in sentences written for this test."""

from datetime import date

import pytest

from haidang.reading import Document, Period, RuleExtractor, load_rules
from haidang.reading.draft import Language

RULES = load_rules()
DAY = date(2026, 3, 20)


def times(text: str, language: Language) -> list[tuple[str | None, str | None] | None]:
    """The first and the last day of each draft of a text."""
    found = RuleExtractor(RULES)(Document("a.txt", text, language, None, DAY, None, ""), 1)
    return [one.period and (_day(one.period.start), _day(one.period.end)) for one in found]


def _day(one: date | None) -> str | None:
    return None if one is None else one.isoformat()


MARCH = ("2026-03-01", "2026-03-31")
FEBRUARY = ("2026-02-01", "2026-02-28")


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        # The day of saying is no time of what was said.
        ("Ngày 18/3, ông Hải cho biết cảng có 40 tàu.", "vi", [None]),
        ("The port has 40 ships, officials said on Thursday.", "en", [None]),
        ("February trade data released on Thursday showed exports fell 4 percent.", "en", [FEBRUARY]),
        ("On March 12 the port lent 40 boats to fishermen.", "en", [("2026-03-12", "2026-03-12")]),
        # The one time of a sentence holds for the numbers before it.
        ("Cảng chi 12 tỷ đồng và 300 lao động trong tháng 2.", "vi", [FEBRUARY, FEBRUARY]),
        ("Doanh thu giảm 24%, chỉ còn 830 tỷ đồng trong tháng 2.", "vi", [FEBRUARY, FEBRUARY]),
        ("Tỷ trọng đạt 22%, đến năm 2030 đạt 40%.", "vi", [None, (None, "2030-12-31")]),
        # A time that is a quantity itself does not end the part of the one before it.
        (
            "The port needs 40 cranes in the next three years.",
            "en",
            [("2027-01-01", "2029-12-31"), ("2027-01-01", "2029-12-31")],
        ),
        # What goes on with a sentence has its time.
        (
            "Theo số liệu của cảng vụ công bố hôm qua thì trong tháng 2 có 40 tàu. Trong đó có 12 tàu khách.",
            "vi",
            [FEBRUARY, FEBRUARY],
        ),
        ("The port saw 40 ships in February. Of these, 12 ships were new.", "en", [FEBRUARY, FEBRUARY]),
        (
            "Theo số liệu của cảng vụ công bố hôm qua thì trong tháng 2 có 40 tàu. Cảng rộng 12 ha.",
            "vi",
            [FEBRUARY, None],
        ),
        # Now, since, and what something is the highest since.
        ("Đến nay, cảng có 40 tàu.", "vi", [(None, "2026-03-20")]),
        ("To date the port has 40 ships.", "en", [(None, "2026-03-20")]),
        ("Cảng đón 40 tàu, mức cao nhất từ trước đến nay.", "vi", [None]),
        ("Từ nay đến năm 2030, cảng cần 40 tàu.", "vi", [("2026-03-20", "2030-12-31")]),
        ("Sản lượng tăng 5% mỗi năm kể từ năm 2019.", "vi", [("2019-01-01", "2026-03-20")]),
        ("Imports fell to 40 tonnes, the lowest amount since 2016.", "en", [None]),
        # Without a year, a quarter is the last that has begun or soon will.
        ("Output rose 4 percent in Q4.", "en", [("2025-10-01", "2025-12-31")]),
        ("Output rose 4 percent in Q1.", "en", [("2026-01-01", "2026-03-31")]),
        ("Thu phí dịch vụ 2 tháng 102 tỷ đồng.", "vi", [("2026-01-01", "2026-02-28")]),
        ("Nhà máy vay 102 tỷ đồng trong 8 tháng.", "vi", [None, None]),
        ("Tám tháng, cảng đón 40 tàu.", "vi", [("2025-01-01", "2025-08-31")]),
    ],
)
def test_a_number_has_the_time_that_its_sentence_or_the_one_before_tells(
    text: str, language: Language, told: list[tuple[str | None, str | None] | None]
) -> None:
    assert times(text, language) == told


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("Kế hoạch số 12/KH-UBND ngày 16/9/2021 hỗ trợ ngư dân.", "vi", date(2021, 9, 16)),
        ("Ngày 5/12/2022, UBND tỉnh ban hành Kế hoạch số 12/KH-UBND hỗ trợ ngư dân.", "vi", date(2022, 12, 5)),
        ("The port follows Decree 12/2021 dated September 16, 2021.", "en", date(2021, 9, 16)),
        ("Ngày 5/12/2022, cảng họp về Nghị quyết 98/2023/QH15.", "vi", None),
    ],
)
def test_a_decision_holds_from_its_own_day(text: str, language: Language, day: date | None) -> None:
    found = RuleExtractor(RULES)(Document("a.txt", text, language, None, DAY, None, ""), 1)
    (period,) = [one.period for one in found if one.kind == "reference"]
    assert period == (None if day is None else Period(day, None))


def test_a_weekday_that_is_to_come_is_the_next() -> None:
    (one,) = times("The port will open 40 berths on Monday.", "en")
    assert one == ("2026-03-23", "2026-03-23")
