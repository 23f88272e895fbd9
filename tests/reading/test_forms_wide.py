"""Numbers without a unit of their own, rates, multiples, ranks and prices, in sentences written for this test."""

from datetime import date

import pytest

from haidang.reading import Document, RuleExtractor, load_rules
from haidang.reading.draft import Language

RULES = load_rules()
Told = tuple[float | None, float | None, str, str]


def read(sentence: str, language: Language) -> list[Told]:
    """Least, most, unit and qualifier of each number that is drafted."""
    document = Document("a.txt", sentence, language, None, date(2026, 3, 20), None, "")
    told = [one.quantity for one in RuleExtractor(RULES)(document, 1)]
    return [(one.minimum, one.maximum, one.unit, one.qualifier) for one in told if one is not None]


def exact(value: float, unit: str) -> Told:
    return (value, value, unit, "exactly")


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        # Prices that are statistics stay; those of markets do not.
        ("Mức giá điện bán lẻ bình quân là 2.103,11 đồng/kWh.", [exact(2103.11, "VND/kWh")]),
        ("Mức giá xuất khẩu gạo đạt 632 USD/tấn.", [exact(632, "USD/tonne")]),
        ("Mức giá căn hộ tại đây là 90 triệu đồng/m2.", []),
        # A multiple needs no unit, and what stands behind it is none.
        ("Số startup tăng gấp 3.", [exact(3, "times")]),
        ("Sản lượng tăng gấp hơn 3 năm trước.", [(3, None, "times", "more_than")]),
        ("Doanh số tăng 2,3 lần so với năm 2023.", [exact(2.3, "times")]),
        # A rate is per whatever is counted.
        ("Ngân sách hỗ trợ tối đa 10 tỷ đồng/dự án.", [(None, 1e10, "VND/project", "at_most")]),
        ("Nhà máy có công suất 50.000 tấn sản phẩm/năm.", [exact(50000, "t/year")]),
        ("Tàu chạy tối đa 350 km một giờ.", [(None, 350, "km/hour", "at_most")]),
        # What the clause names is counted.
        ("Số người chết giảm 312, số người bị thương tăng 45.", [exact(312, "people"), exact(45, "people")]),
        ("PMI giảm còn 47,3.", [exact(47.3, "points")]),
        ("Sở đã cấp 1.250 giấy phép, trong đó 970 trực tuyến.", [exact(1250, "permits"), exact(970, "permits")]),
        (
            "Bão làm 3 người chết, 12 bị thương, 1.200 nhà tốc mái.",
            [exact(3, "people"), exact(12, "people"), exact(1200, "homes")],
        ),
        ("Giải ngân đạt 4.500 trong tổng số 84.000 tỷ đồng.", [exact(4.5e12, "VND")]),
        ("Hệ số ICOR giảm từ 6,2 xuống 4,8.", [exact(6.2, "points"), exact(4.8, "points")]),
        # A part of those who are counted is a share.
        ("Có 1 trong 4 hộ dân chưa có nước sạch.", [exact(25, "%")]),
        ("Hoàn thành 18 trên 22 nhiệm vụ.", [exact(18, "tasks")]),
        ("Cảng có vốn 3.200 tỷ và 1.500 lao động.", [exact(3.2e12, "VND"), exact(1500, "people")]),
        # Years to come may be a range.
        ("Trong 5-7 năm tới, cảng cần 40 tàu.", [(5, 7, "years", "exactly"), exact(40, "ships")]),
        ("Từ 3 đến 5 năm qua, cảng có thêm 40 tàu.", [(3, 5, "years", "exactly"), exact(40, "ships")]),
        # Two counts with nothing but `và` between are as firm.
        (
            "Hơn 300 doanh nghiệp và 200 hộ kinh doanh tham gia.",
            [(300, None, "enterprises", "more_than"), (200, None, "household businesses", "more_than")],
        ),
        ("Tuyến dài hơn 5 km, rộng 30 m.", [(5, None, "km", "more_than"), exact(30, "m")]),
        # First places among those of a country, a region or a market.
        ("Đây là bến xe lớn nhất nước.", [exact(1, "rank")]),
        ("Tỉnh đứng đầu vùng về thu hút FDI.", [exact(1, "rank")]),
        ("Hãng xe vẫn dẫn đầu thị trường.", [exact(1, "rank")]),
        ("Cảng là một trong những cảng dẫn đầu khu vực.", []),
        ("Bốn khu gồm A, B, C, D.", [exact(4, "zones")]),
        ("Đàn lợn ước 26 triệu con.", [exact(2.6e7, "animals")]),
        ("Tăng thêm một điểm phần trăm.", [exact(1, "percentage points")]),
    ],
)
def test_a_vietnamese_number_is_read_with_what_its_clause_says(sentence: str, told: list[Told]) -> None:
    assert read(sentence, "vi") == told


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("The bank cut its rate by 25 basis points to 4.5%.", [exact(25, "basis points"), exact(4.5, "%")]),
        ("The World Bank cut its forecast by half a percentage point.", [exact(0.5, "percentage points")]),
        ("Visitors numbered 4.2 million, 15% more than a year ago.", [exact(4.2e6, "visits"), exact(15, "%")]),
        ("Tolls came to 10, 15 and 20% of costs.", [exact(10, "%"), exact(15, "%"), exact(20, "%")]),
        ("The population is projected to hit 16 million.", [exact(1.6e7, "people")]),
        ("The company employs 3,400.", [exact(3400, "people")]),
        ("The PMI came in at 48.7.", [exact(48.7, "points")]),
        (
            "The hall serves 20 million passengers a year, lifting capacity to 50 million.",
            [exact(2e7, "passengers/year"), exact(5e7, "passengers")],
        ),
        ("Its share slipped to 17.3 from 19.1 percent.", [exact(17.3, "%"), exact(19.1, "%")]),
        ("The bank lent $750 million to five provinces.", [exact(7.5e8, "USD"), exact(5, "provinces")]),
        ("It owes $1.9 billion to 12 banks.", [exact(1.9e9, "USD"), exact(12, "banks")]),
        ("It will build 10 to 15 schools.", [(10, 15, "schools", "exactly")]),
        ("The duty will go up to 90%.", [exact(90, "%")]),
        ("The fund lends up to 90%.", [(None, 90, "%", "at_most")]),
        ("The rule covers firms with 10 or more employees.", [(10, None, "people", "at_least")]),
        ("Four people were killed and 13 injured.", [exact(4, "people"), exact(13, "people")]),
        ("It has 45 enterprises, including 12 foreign ones.", [exact(45, "enterprises"), exact(12, "enterprises")]),
        ("A survey of 500 CEOs shows 72% plan to hire.", [exact(500, "CEOs"), exact(72, "%")]),
        (
            "The cave is more than 5 km long, 200 metres high, and 150 metres wide.",
            [(5, None, "km", "more_than"), (200, None, "m", "more_than"), (150, None, "m", "more_than")],
        ),
        ("Exports rose 2.2 pct y/y.", [exact(2.2, "%")]),
        ("Coffee fell to 118,000 dong a kilogram.", [exact(118000, "VND/kg")]),
        ("The fund lends up to VND200 billion per project.", [(None, 2e11, "VND/project", "at_most")]),
    ],
)
def test_an_english_number_is_read_with_what_its_clause_says(sentence: str, told: list[Told]) -> None:
    assert read(sentence, "en") == told


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("Cảng dùng Mẫu số 01/TTN.", 1),
        ("Huyện ban hành Chương trình hành động số 18-CTr/HU.", 18),
    ],
)
def test_a_programme_and_a_form_with_a_number_are_cited(sentence: str, number: int) -> None:
    assert read(sentence, "vi") == [exact(number, "document number")]
