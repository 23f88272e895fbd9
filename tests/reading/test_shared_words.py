"""Numbers that share what is said of them with their neighbours, in sentences written for this test."""

from datetime import date

import pytest

from haidang.reading import RuleExtractor, load_rules
from haidang.reading.dates import mentions
from haidang.reading.draft import Document, Language
from haidang.reading.quantities import quantities

RULES = load_rules()
DAY = date(2026, 3, 20)


def read(sentence: str, language: Language) -> list[tuple]:
    """What is read in a sentence, as plain tuples: least, most, unit, qualifier."""
    found = quantities(sentence, mentions(sentence, DAY), language, RULES)
    return [(one.quantity.minimum, one.quantity.maximum, one.quantity.unit, one.quantity.qualifier) for one in found]


def drafts(sentence: str, language: Language) -> list[tuple]:
    """Kind and least number of what is drafted of a sentence."""
    document = Document("a.txt", sentence, language, None, DAY, None, "")
    return [
        (one.kind, None if one.quantity is None else one.quantity.minimum) for one in RuleExtractor(RULES)(document, 1)
    ]


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("The port has received VNĐ20 billion this week.", [(2e10, 2e10, "VND", "exactly")]),
        ("A VNĐ700 million prize goes to the winner.", [(7e8, 7e8, "VND", "exactly")]),
        (
            "Fees will rise from the current 10 percent to 12 percent, and from 20 percent to 30 percent for vans.",
            [(10, 10, "%", "exactly"), (12, 12, "%", "exactly"), (20, 20, "%", "exactly"), (30, 30, "%", "exactly")],
        ),
        (
            "Bus fares increased from an initial 5 percent to 8 percent of income.",
            [(5, 5, "%", "exactly"), (8, 8, "%", "exactly")],
        ),
        ("Wages range from 5 percent to 8 percent of sales.", [(5, 8, "%", "exactly")]),
        ("The new terminal is four times bigger than the old one.", [(4, 4, "times", "exactly")]),
        ("Noise was two times higher at night.", [(2, 2, "times", "exactly")]),
        ("The mayor met them two times.", []),
        ("Loans are offered at rates starting at 5.2 per cent a year.", [(5.2, None, "%/year", "at_least")]),
        ("Tickets are sold from as low as 12,000 dong.", [(12000, None, "VND", "at_least")]),
        (
            "The city needs at least 40 buses in 2027 and 90 buses in 2030.",
            [(40, None, "vehicles", "at_least"), (90, None, "vehicles", "at_least")],
        ),
        (
            "The city has at least 40 buses and runs 90 buses on loan.",
            [(40, None, "vehicles", "at_least"), (90, 90, "vehicles", "exactly")],
        ),
        ("The assembly passed three bills on Monday.", [(3, 3, "bills", "exactly")]),
    ],
)
def test_english_numbers_are_read_with_what_they_share(sentence: str, told: list[tuple]) -> None:
    assert read(sentence, "en") == told


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Kỳ họp thông qua hai dự án luật.", [(2, 2, "bills", "exactly")]),
        ("Ủy ban góp ý 4 dự thảo luật.", [(4, 4, "bills", "exactly")]),
        ("Quỹ cho vay với lãi suất chỉ từ 4,8%/năm.", [(4.8, None, "%/year", "at_least")]),
        ("Cầu mới rộng hơn cầu cũ ba lần.", [(3, 3, "times", "exactly")]),
        ("Giá thuê cao gấp hơn bốn lần mức cũ.", [(4, None, "times", "more_than")]),
        ("Bến mới lớn hơn bốn lần bến cũ.", [(4, 4, "times", "exactly")]),
        ("Đoàn đã đến phường này hai lần.", []),
        ("Công ty sẽ xây 3.500 căn loại này ở Nhà Bè.", [(3500, 3500, "homes", "exactly")]),
        ("Thành phố có 600 doanh nghiệp ngành này.", [(600, 600, "enterprises", "exactly")]),
        ("Ba căn nhà này đã cũ.", []),
        (
            "Thành phố cần khoảng 2.000 xe buýt năm 2028 và 3.100 xe buýt vào năm 2030.",
            [(2000, 2000, "vehicles", "about"), (3100, 3100, "vehicles", "about")],
        ),
        (
            "Thành phố có khoảng 2.000 xe buýt và thuê 3.100 xe buýt.",
            [(2000, 2000, "vehicles", "about"), (3100, 3100, "vehicles", "exactly")],
        ),
        ("Dự án mở bán 750 sản phẩm nhà ở xã hội.", [(750, 750, "homes", "exactly")]),
    ],
)
def test_vietnamese_numbers_are_read_with_what_they_share(sentence: str, told: list[tuple]) -> None:
    assert read(sentence, "vi") == told


@pytest.mark.parametrize(
    ("sentence", "language", "told"),
    [
        ("Theo Nghị quyết 31, 98 và 123 của Quốc hội, thành phố được thí điểm.", "vi", {31, 98, 123}),
        ("Under Resolutions 31 and 98, the city may try it.", "en", {31, 98}),
        ("Document No. 77 / UBND-KT sets out the fees.", "en", {77}),
        ("Theo Nghị quyết 98, 12 dự án được thí điểm.", "vi", {98}),
        ("Theo Quyết định 15 và 20 tỷ đồng đã được cấp, phường sửa chợ.", "vi", {15}),
    ],
)
def test_decisions_that_share_their_word_are_each_cited(sentence: str, language: Language, told: set[int]) -> None:
    assert {least for kind, least in drafts(sentence, language) if kind == "reference"} == told


@pytest.mark.parametrize(
    ("sentence", "language", "told"),
    [
        (
            "The council plans to raise the share of buses from the current 9 percent to 15 percent by 2030.",
            "en",
            [("indicator", 9), ("target", 15)],
        ),
        (
            "Mục tiêu là nâng tỷ lệ xử lý nước thải từ mức 21% lên 80% vào năm 2030.",
            "vi",
            [("indicator", 21), ("target", 80)],
        ),
        ("The bank forecasts that traffic will reach 12 million passengers in 2030.", "en", [("indicator", 1.2e7)]),
        ("Viện dự báo dân số thành phố đạt 14 triệu người vào năm 2035.", "vi", [("indicator", 1.4e7)]),
        ("Thành phố đặt mục tiêu đón 14 triệu khách vào năm 2035.", "vi", [("target", 1.4e7)]),
    ],
)
def test_what_a_number_rises_from_and_what_is_forecast_is_no_aim(
    sentence: str, language: Language, told: list[tuple]
) -> None:
    assert drafts(sentence, language) == told


@pytest.mark.parametrize(
    ("sentence", "language", "told"),
    [
        ("The bank donated VND3 billion to the hospital.", "en", [("commitment", 3e9)]),
        ("The fund has set aside 40 billion dong for flood repairs.", "en", [("commitment", 4e10)]),
        ("The port announced a relief package of US$2 million for small shippers.", "en", [("commitment", 2e6)]),
        ("Công ty trao tặng 200 suất học bổng cho học sinh nghèo.", "vi", [("commitment", 200)]),
        ("Ngân hàng dành ra 500 tỷ đồng cho vay sửa nhà.", "vi", [("commitment", 5e11)]),
        ("Tập đoàn sẽ xây 1.200 căn hộ tại Bình Chánh trong năm 2027.", "vi", [("commitment", 1200)]),
        (
            "Thành phố đặt mục tiêu xây 8.000 căn hộ, cùng với đó quỹ nhà ở trao tặng 300 căn nhà cho hộ nghèo.",
            "vi",
            [("target", 8000), ("commitment", 300)],
        ),
        ("Thành phố sẽ đón 12 triệu khách trong năm 2027.", "vi", [("target", 1.2e7)]),
        ("Mỗi người dân ủng hộ việc thu phí, theo khảo sát 900 hộ.", "vi", [("indicator", 900)]),
    ],
)
def test_what_is_given_or_will_be_built_is_a_commitment(sentence: str, language: Language, told: list[tuple]) -> None:
    assert drafts(sentence, language) == told


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("The wharf is the world's largest.", [(1, 1, "rank", "exactly")]),
        ("Cat Lai is Vietnam's current biggest container port.", [(1, 1, "rank", "exactly")]),
        ("The canal is one of the world's longest.", []),
        ("It is among the largest bridges in Vietnam.", []),
        ("The country is the world's 15th largest.", [(15, 15, "rank", "exactly")]),
        ("The line opens with 17 trains.", [(17, 17, "trains", "exactly")]),
        ("Its population reached 8 million.", [(8e6, 8e6, "people", "exactly")]),
        (
            "The fund paid for 9,000 homes, of which 4,100 are let.",
            [(9000, 9000, "homes", "exactly"), (4100, 4100, "homes", "exactly")],
        ),
        (
            "The school trains 800 teachers, including 120 with a second language.",
            [(800, 800, "teachers", "exactly"), (120, 120, "teachers", "exactly")],
        ),
        (
            "Of the 90 samples tested, 14 exceeded the limit.",
            [(90, 90, "samples", "exactly"), (14, 14, "samples", "exactly")],
        ),
        ("The plant treats 90,000 cubic metres of wastewater a day.", [(90000, 90000, "m3/day", "exactly")]),
        ("Water costs 9,000 dong per cubic metre.", [(9000, 9000, "VND/m3", "exactly")]),
        ("Dust was more than three times the limit.", [(3, None, "times", "more_than")]),
        ("Dust averaged 30 micrograms per cubic metre.", [(30, 30, "µg/m3", "exactly")]),
        ("Offices rent at 40 dollars per sq.m.", [(40, 40, "USD/square metre", "exactly")]),
    ],
)
def test_english_parts_and_places_are_read(sentence: str, told: list[tuple]) -> None:
    assert read(sentence, "en") == told


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Cầu này dài nhất Việt Nam.", [(1, 1, "rank", "exactly")]),
        ("Đây là một trong những cây cầu dài nhất Việt Nam.", []),
        (
            "Có 820 hồ sơ, trong đó 310 đã được giải quyết.",
            [(820, 820, "applications", "exactly"), (310, 310, "applications", "exactly")],
        ),
        (
            "Trường đào tạo 600 kỹ sư, trong đó hơn 150 có bằng thạc sĩ.",
            [(600, 600, "engineers", "exactly"), (150, None, "engineers", "more_than")],
        ),
        ("Giá nước tăng thêm 1.100 đồng/m3.", [(1100, 1100, "VND/m3", "exactly")]),
        ("Xe buýt điện đang chạy trên 48 tuyến.", [(48, 48, "lines", "exactly")]),
        ("Thành phố có trên 48 tuyến xe buýt.", [(48, None, "lines", "more_than")]),
    ],
)
def test_vietnamese_parts_and_places_are_read(sentence: str, told: list[tuple]) -> None:
    assert read(sentence, "vi") == told
