"""Numbers that plain news states in many ways, and the time each of them is of; in sentences written for this test."""

from dataclasses import replace
from datetime import date

import pytest

from haidang.reading import Document, Draft, RuleExtractor, link, load_rules
from haidang.reading.draft import Language

RULES = load_rules()
DAY = date(2026, 3, 20)
Told = tuple[float | None, float | None, str, str]


def drafts(sentence: str, language: Language, day: date | None = DAY) -> tuple[Draft, ...]:
    """The drafts of a sentence in a document of a day."""
    return RuleExtractor(RULES)(Document("a.txt", sentence, language, None, day, None, ""), 1)


def exact(value: float, unit: str) -> Told:
    return (value, value, unit, "exactly")


@pytest.mark.parametrize(
    ("sentence", "language", "told"),
    [
        # One counts behind a bound, and is a word otherwise.
        ("Every house was moved up by at least one band.", "en", [(1, None, "band", "at_least")]),
        ("The clinic moved to one street.", "en", []),
        # What no list has is counted in dozens and by its own name.
        ("The city dropped more than three dozen court actions.", "en", [(36, None, "actions", "more_than")]),
        ("The firm sold 4 million eScooters.", "en", [exact(4e6, "eScooters")]),
        ("Bus passes reached 45,000.", "en", [exact(45_000, "passes")]),
        # A part of a stated whole, and the whole.
        ("It shut three of its 14 plants.", "en", [exact(3, "plants"), exact(14, "plants")]),
        ("Đã xong 12/15 hạng mục.", "vi", [exact(12, "hạng mục")]),
        ("Gần 2/3 trong số 500 doanh nghiệp đồng ý.", "vi", [(66.67, 66.67, "%", "nearly"), exact(500, "enterprises")]),
        ("Taxis took one trip in every ten.", "en", [exact(10, "%")]),
        # A share in words behind how firmly it is said.
        ("Profits fell by almost a third to $95m.", "en", [(33.33, 33.33, "%", "nearly"), exact(95e6, "USD")]),
        ("It took over half a year.", "en", []),
        ("Hơn nửa số hộ có nước sạch.", "vi", [(50, None, "%", "more_than")]),
        # Ranges with what stands behind both, or behind the first alone.
        ("The bridge will cost between £3m and £4m.", "en", [(3e6, 4e6, "GBP", "exactly")]),
        ("Giá nước từ 8.000 đồng một m3 đến 9.500 đồng.", "vi", [(8000, 9500, "VND/m3", "exactly")]),
        ("Unemployment rose by 17,000 to 4.6 million.", "en", [exact(17_000, "people"), exact(4.6e6, "people")]),
        ("It takes two or three weeks.", "en", [(2, 3, "weeks", "exactly")]),
        ("Giảm 30% hoặc 40 dự án.", "vi", [exact(30, "%"), exact(40, "projects")]),
        ("Herds were valued at between \"two and three times\" the estimate.", "en", [(2, 3, "times", "exactly")]),
        # Money by its letter, its coins, or the word in front of it.
        ("The court fined the firm 497m euros.", "en", [exact(497e6, "EUR")]),
        ("The toll rises by 5p.", "en", [exact(5, "pence")]),
        ("Khách đặt cọc 50 triệu.", "vi", [exact(50e6, "VND")]),
        ("Rates were cut by a quarter of a percentage point.", "en", [exact(0.25, "percentage points")]),
        # What a rule bounds with `đến`, and what it only stresses.
        ("Hành vi này bị phạt tiền đến 50 triệu đồng.", "vi", [(None, 50e6, "VND", "at_most")]),
        ("Lượng khách giảm đến 34,2%.", "vi", [exact(34.2, "%")]),
        # A change of what was counted, a majority, the figure.
        ("Tuyển 7.300 sinh viên, tăng 500 so với năm ngoái.", "vi", [exact(7300, "students"), exact(500, "students")]),
        ("The motion had a majority of 76.", "en", [exact(76, "votes")]),
        ("There were 900 people; others put the figure at 2,500.", "en", [exact(900, "people"), exact(2500, "people")]),
        # Rates of what is else left out; ages are still.
        ("They view 1,444 pages per month.", "en", [exact(1444, "pages/month")]),
        ("The report has 144 pages.", "en", []),
        ("Tuổi thọ bình quân 74,5 tuổi.", "vi", [exact(74.5, "tuổi")]),
        ("Ông Ba, 74 tuổi, bán vé.", "vi", []),
        # Places behind the first of a list; what ends at naught; how strong the wind is.
        ("Đứng đầu là quận A, thứ hai là quận B.", "vi", [exact(1, "rank"), exact(2, "rank")]),
        ("Thành phố đưa phát thải ròng về 0 vào năm 2050.", "vi", [exact(0, "net emissions")]),
        ("Phà chạy được khi gió giật cấp 8.", "vi", [exact(8, "wind force")]),
        ("Huyện mua cho mỗi đại biểu 01 Ipad.", "vi", [exact(1, "Ipad")]),
        # A price in a sentence about something else than land, gold, oil or shares.
        ("Nông dân bán được với mức giá 25.000 đồng/kg.", "vi", [exact(25_000, "VND/kg")]),
    ],
)  # fmt: skip
def test_a_stated_number_is_read(sentence: str, language: Language, told: list[Told]) -> None:
    read = [one.quantity for one in drafts(sentence, language) if one.quantity is not None]
    assert [(one.minimum, one.maximum, one.unit, one.qualifier) for one in read] == told


def year(of: int) -> tuple[date, date]:
    return (date(of, 1, 1), date(of, 12, 31))


@pytest.mark.parametrize(
    ("sentence", "language", "times"),
    [
        # What a number is compared with has its own time, or none, and lends it to no other.
        ("Turnout was 61%, compared with 59% in 2001.", "en", [None, year(2001)]),
        ("Growth eased to 2.1% from 3.0% in 2024.", "en", [None, year(2024)]),
        ("Năm 2025 doanh thu tăng 23% so với nửa đầu năm 2022.", "vi", [year(2025)]),
        ("Năm 2025 đạt 10 tỷ USD, tăng so với 9 tỷ USD của năm 2023.", "vi", [year(2025), year(2023)]),
        # A time behind a dash or `but` is of another clause.
        ("Năm 2025 giá là 85.000 đồng - mức đỉnh của tháng 9.", "vi", [year(2025)]),
        ("Năm 2025 bán được 40 xe nhưng năm 2026 chỉ còn 25 xe.", "vi", [year(2025), year(2026)]),
        ("It has paid 97% of the bills since 2001, but owes 57 contractors.", "en", [(date(2001, 1, 1), DAY), None]),
        # Years beside the document's own, and how long ago.
        ("Tháng 6 năm ngoái có 40 trạm.", "vi", [(date(2025, 6, 1), date(2025, 6, 30))]),
        ("Quý I năm nay thu 5 tỷ USD.", "vi", [(date(2026, 1, 1), date(2026, 3, 31))]),
        ("10 tháng năm ngoái thu 5 tỷ USD.", "vi", [(date(2025, 1, 1), date(2025, 10, 31))]),
        ("Cách đây ba hôm, xe buýt chở 40 khách.", "vi", [(date(2026, 3, 17), date(2026, 3, 17))]),
        ("In August last year it ran 40 buses.", "en", [(date(2025, 8, 1), date(2025, 8, 31))]),
        ("Sales rose 4% in the three months to January.", "en", [(date(2025, 11, 1), date(2026, 1, 31))]),
    ],
)  # fmt: skip
def test_a_stated_number_is_of_the_time_that_is_its_own(
    sentence: str, language: Language, times: list[tuple[date, date] | None]
) -> None:
    read = [one.period for one in drafts(sentence, language) if one.quantity is not None]
    assert [None if one is None else (one.start, one.end) for one in read] == times


def test_since_a_year_has_no_end_where_the_document_tells_no_day() -> None:
    (draft,) = drafts("The depot has served 40 buses since 2001.", "en", None)
    assert draft.period is not None
    assert (draft.period.start, draft.period.end) == (date(2001, 1, 1), None)


def test_what_is_only_said_is_a_statement_and_no_value() -> None:
    (draft,) = drafts("The dikes along the southern canal are weaker than thought, the engineers said.", "en")
    assert (draft.kind, draft.quantity) == ("statement", None)


def test_a_statement_is_linked_with_a_promise_that_says_the_same() -> None:
    (said,) = drafts("The Bus Authority said that the southern routes remain far too slow for commuters.", "en")
    other = replace(said, id="commitment/slow-routes", document=2, kind="commitment")
    strange = replace(said, id="event/slow-routes", document=3, kind="event")
    linked = {one.id: one.duplicates for one in link([said, other, strange], RULES)}
    assert (said.kind, linked[said.id]) == ("statement", (other.id,))
