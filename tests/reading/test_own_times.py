"""Which time of several a number or an event has for its own, in sentences written for this test."""

from datetime import date

import pytest

from haidang.reading import RuleExtractor, load_rules
from haidang.reading.draft import Document, Language

RULES = load_rules()
DAY = date(2026, 3, 20)


def dated(sentence: str, language: Language) -> list[tuple]:
    """First and last day of what is drafted of a sentence, with its least number."""
    found = RuleExtractor(RULES)(Document("a.txt", sentence, language, None, DAY, None, ""), 1)
    return [
        (
            None if one.quantity is None else one.quantity.minimum,
            None if one.period is None else (str(one.period.start), str(one.period.end)),
        )
        for one in found
    ]


@pytest.mark.parametrize(
    ("sentence", "language", "told"),
    [
        (
            "Thành phố cần 900 xe buýt, giai đoạn 2031-2040 cần 1.700 xe buýt.",
            "vi",
            [(900, None), (1700, ("2031-01-01", "2040-12-31"))],
        ),
        (
            "The zone needs 300 buses, and in 2031 it needs 450 buses.",
            "en",
            [(300, None), (450, ("2031-01-01", "2031-12-31"))],
        ),
        (
            "Doanh thu đạt 40 tỷ đồng trong năm 2024, năm 2025 đạt 52 tỷ đồng.",
            "vi",
            [(4e10, ("2024-01-01", "2024-12-31")), (5.2e10, ("2025-01-01", "2025-12-31"))],
        ),
        (
            "The port moved 300 ships in 2024, and 450 ships in 2025.",
            "en",
            [(300, ("2024-01-01", "2024-12-31")), (450, ("2025-01-01", "2025-12-31"))],
        ),
        (
            "Tháng 2/2026, Thành phố ban hành quyết định miễn vé xe buýt từ năm học 2026-2027.",
            "vi",
            [(None, ("2026-02-01", "2026-02-28"))],
        ),
        (
            "In January 2026, the city council approved a plan to widen the road before 2029.",
            "en",
            [(None, ("2026-01-01", "2026-01-31"))],
        ),
    ],
)
def test_a_time_belongs_to_the_clause_that_it_opens(sentence: str, language: Language, told: list[tuple]) -> None:
    assert dated(sentence, language) == told


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("The old quay was discovered in 1987 by two divers of the port.", "en"),
        ("The company has donated books and desks to schools in Nha Be.", "en"),
        ("The People's Committee has permitted the company to survey the river bank.", "en"),
        ("Sở Công Thương đã giới thiệu các mô hình chợ mới cho tiểu thương.", "vi"),
    ],
)
def test_more_verbs_of_doing_are_drafted(sentence: str, language: Language) -> None:
    assert dated(sentence, language)
