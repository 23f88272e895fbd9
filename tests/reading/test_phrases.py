"""Ways of saying a number in city news, official reports and their translations, each with its known reading."""

from datetime import date

import pytest

from haidang.reading import load_rules
from haidang.reading.dates import mentions
from haidang.reading.quantities import quantities

RULES = load_rules()
DAY = date(2026, 3, 20)


def read(sentence: str, language: str) -> list[tuple]:
    """What is read in a sentence, as plain tuples."""
    found = quantities(sentence, mentions(sentence, DAY), language, RULES)
    return [(one.quantity.minimum, one.quantity.maximum, one.quantity.unit, one.quantity.qualifier) for one in found]


@pytest.mark.parametrize(
    ("phrase", "low", "high", "unit", "qualifier"),
    [
        # Money, in the ways of newspapers and of reports.
        ("vốn điều lệ 1.250 tỉ đồng", 1.25e12, 1.25e12, "VND", "exactly"),
        ("cần hơn 1,3 triệu tỷ đồng vốn xã hội", 1.3e15, None, "VND", "more_than"),
        ("dư nợ 4,9 nghìn tỷ đồng", 4.9e12, 4.9e12, "VND", "exactly"),
        ("chi 2 triệu 500 nghìn đồng mỗi cháu", 2.5e6, 2.5e6, "VND", "exactly"),
        ("vé tháng giá 200.000đ", 2e5, 2e5, "VND", "exactly"),
        ("lương 12 triệu/tháng", 1.2e7, 1.2e7, "VND/month", "exactly"),
        ("phí 5 nghìn/lượt", 5e3, 5e3, "VND/trip", "exactly"),
        ("tài trợ 35 triệu bảng Anh", 3.5e7, 3.5e7, "GBP", "exactly"),
        ("xấp xỉ 2,1 tỉ đô la Mỹ", 2.1e9, 2.1e9, "USD", "about"),
        ("nửa tỷ USD kiều hối", 5e8, 5e8, "USD", "exactly"),
        ("chi 1,250 tỷ đồng nạo vét", 1.25e12, 1.25e12, "VND", "exactly"),
        # How firmly it is said.
        ("trên dưới 300 hộ", 300, 300, "households", "about"),
        ("có không dưới 45 trạm bơm", 45, None, "stations", "at_least"),
        ("không quá 15 ngày", None, 15, "days", "at_most"),
        ("từ 20 tỷ đồng trở lên", 2e10, None, "VND", "at_least"),
        ("dưới 3% hộ nghèo", None, 3, "%", "at_most"),
        ("vượt mốc 60 triệu lượt khách", 6e7, None, "lượt khách", "more_than"),
        ("đạt tối thiểu 98% hồ sơ", 98, None, "%", "at_least"),
        ("ngót nghét 2.000 căn hộ", 2000, 2000, "homes", "nearly"),
        ("cỡ 700 MW điện mặt trời", 700, 700, "MW", "about"),
        ("ước đạt 9.412 chuyến bay", 9412, 9412, "flights", "exactly"),
        # Ranges.
        ("tăng từ 8 đến 8,5%", 8, 8.5, "%", "exactly"),
        ("giảm 10-12% thủ tục", 10, 12, "%", "exactly"),
        ("khoảng 3 – 4 tỷ USD", 3e9, 4e9, "USD", "about"),
        ("rộng 20 tới 25 ha", 20, 25, "ha", "exactly"),
        ("từ 15 triệu đến 18 triệu lượt khách", 1.5e7, 1.8e7, "lượt khách", "exactly"),
        # Counts.
        ("xử lý 6.200 tấn rác mỗi ngày", 6200, 6200, "t/day", "exactly"),
        ("công suất 150.000 m3/ngày đêm", 150000, 150000, "m3/day", "exactly"),
        ("bổ sung 1.150 giường bệnh", 1150, 1150, "beds", "exactly"),
        ("trạm biến áp 250 MVA", 250, 250, "MVA", "exactly"),
        ("đường dây 220 kV", 220, 220, "kV", "exactly"),
        ("bến cho tàu 200.000 DWT", 200000, 200000, "DWT", "exactly"),
        ("phục vụ 1,2 triệu lượt hành khách", 1.2e6, 1.2e6, "passengers", "exactly"),
        ("ghi nhận 850 lượt góp vốn, mua cổ phần", 850, 850, "deals", "exactly"),
        ("mỗi ngày 45.000 lượt xe qua cầu", 45000, 45000, "vehicles", "exactly"),
        ("có 05 (năm) đơn vị tham gia", 5, 5, "units", "exactly"),
        ("sáu cơ chế, chính sách mới", 6, 6, "mechanisms", "exactly"),
        ("bốn tuyến metro được khởi công", 4, 4, "lines", "exactly"),
        ("một trăm hai mươi dự án treo", 120, 120, "projects", "exactly"),
        ("hai trăm năm mươi nghìn người", 250000, 250000, "people", "exactly"),
        ("ba trăm linh sáu hộ", 306, 306, "households", "exactly"),
        ("diện tích hơn 1,500 ha", 1500, None, "ha", "more_than"),
        ("sau hơn ba năm thi công", 3, None, "years", "more_than"),
        ("mật độ 4.200 người/km2", 4200, 4200, "people/km2", "exactly"),
        ("tốc độ 80 km/h", 80, 80, "km/h", "exactly"),
        # Parts, multiples and growth.
        ("thu ngân sách vượt 19% dự toán", 19, 19, "% of plan", "exactly"),
        ("đạt hơn 60% kế hoạch", 60, None, "% of plan", "more_than"),
        ("2 trong 5 tuyến đã xong", 2, 2, "lines", "exactly"),
        ("hai phần ba dân số", 66.67, 66.67, "% of population", "exactly"),
        ("chiếm gần 1/4 GDP", 25, 25, "% of GDP", "nearly"),
        ("hơn 3/4 số hộ đã di dời", 75, None, "%", "more_than"),
        ("gần gấp đôi năm trước", 2, 2, "times", "nearly"),
        ("cao gấp rưỡi mức chung", 1.5, 1.5, "times", "exactly"),
        ("tăng gấp năm lần", 5, 5, "times", "exactly"),
        ("tăng trưởng hai con số", 10, None, "%", "at_least"),
        ("mục tiêu tăng trưởng GRDP 2 con số", 10, None, "%", "at_least"),
        ("giảm 1,4 điểm %", 1.4, 1.4, "percentage points", "exactly"),
        ("tăng 12 bậc so với kỳ trước", 12, 12, "places", "exactly"),
        # Places in an order.
        ("xếp thứ 19 toàn cầu", 19, 19, "rank", "exactly"),
        ("nằm trong nhóm 50 thành phố đáng sống", None, 50, "rank", "at_most"),
        ("trong nhóm 10 nước xuất khẩu gạo lớn nhất thế giới", None, 10, "rank", "at_most"),
        ("vào top 3 cả nước", None, 3, "rank", "at_most"),
        ("đứng đầu các địa phương về thu ngân sách", 1, 1, "rank", "exactly"),
        ("thành phố đứng thứ hai khu vực", 2, 2, "rank", "exactly"),
    ],
)
def test_a_phrase_of_vietnamese_news_is_read(
    phrase: str, low: float | None, high: float | None, unit: str, qualifier: str
) -> None:
    assert read(phrase, "vi") == [(low, high, unit, qualifier)]


@pytest.mark.parametrize(
    ("phrase", "low", "high", "unit", "qualifier"),
    [
        ("a USD 1.5bn bridge", 1.5e9, 1.5e9, "USD", "exactly"),
        ("US$200m in loans", 2e8, 2e8, "USD", "exactly"),
        ("raised S$45 million", 4.5e7, 4.5e7, "SGD", "exactly"),
        ("a £30m grant", 3e7, 3e7, "GBP", "exactly"),
        ("VND12 trillion for drains", 1.2e13, 1.2e13, "VND", "exactly"),
        ("nearly 12.4 trillion dong", 1.24e13, 1.24e13, "VND", "nearly"),
        ("half a million tonnes of rubbish", 5e5, 5e5, "t", "exactly"),
        ("as much as 40 percent of trips", None, 40, "%", "at_most"),
        ("no less than 35% of spending", 35, None, "%", "at_least"),
        ("an estimated 9,300 trees were planted", 9300, 9300, "trees", "about"),
        ("roughly 120 hectares", 120, 120, "ha", "about"),
        ("upwards of 7,000 jobs", 7000, None, "jobs", "more_than"),
        ("in excess of 450 MW", 450, None, "MW", "more_than"),
        ("well over 80 schools", 80, None, "schools", "more_than"),
        ("fewer than 30 cases a day", None, 30, "cases/day", "at_most"),
        ("just under 5 million visitors", 5e6, 5e6, "visits", "nearly"),
        ("between 6 and 7 percent", 6, 7, "%", "exactly"),
        ("from 8% to 9% a year", 8, 9, "%/year", "exactly"),
        ("some 1,900 hospital beds", 1900, 1900, "beds", "about"),
        ("one hundred and twenty buses", 120, 120, "vehicles", "exactly"),
        ("amends seven existing clauses", 7, 7, "clauses", "exactly"),
        ("about two-thirds of households", 66.67, 66.67, "%", "about"),
        ("a third of the population", 33.33, 33.33, "% of population", "exactly"),
        ("a threefold rise", 3, 3, "times", "exactly"),
        ("double-digit growth", 10, None, "%", "at_least"),
        ("placed 58th globally", 58, 58, "rank", "exactly"),
        ("the 98th position out of 120 centres", 98, 98, "rank", "exactly"),
        ("climbed to 95th worldwide", 95, 95, "rank", "exactly"),
        ("the leading locality in the country", 1, 1, "rank", "exactly"),
        ("among the top 20 in Asia", None, 20, "rank", "at_most"),
        ("fell 0.6 percentage points", 0.6, 0.6, "percentage points", "exactly"),
        ("to 88th in the index of financial centres", 88, 88, "rank", "exactly"),
        ("ranked fourth among the localities", 4, 4, "rank", "exactly"),
        ("3.1 doctors per 1,000 people", 3.1, 3.1, "doctors", "exactly"),
        ("1.4 million sq m of floors", 1.4e6, 1.4e6, "m2", "exactly"),
        ("four out of six goals were met", 4, 4, "goals", "exactly"),
        ("5.5 million TEUs", 5.5e6, 5.5e6, "TEU", "exactly"),
        ("for more than two years", 2, None, "years", "more_than"),
    ],
)
def test_a_phrase_of_english_news_is_read(
    phrase: str, low: float | None, high: float | None, unit: str, qualifier: str
) -> None:
    assert read(phrase, "en") == [(low, high, unit, qualifier)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("từ 1/7, quy định mới có hiệu lực", "vi"),
        ("lễ kỷ niệm lần thứ 80", "vi"),
        ("the 10th session of the council", "en"),
        ("the 80th anniversary", "en"),
        ("on the one hand and in two ways", "en"),
        ("một nhóm chuyên gia, một dự án", "vi"),
        ("thế hệ thứ ba", "vi"),
        ("trực 24/7 tại cửa khẩu", "vi"),
    ],
)
def test_what_only_looks_like_a_quantity_is_none(text: str, language: str) -> None:
    assert read(text, language) == []


def test_every_rank_of_a_list_is_read() -> None:
    assert [one[:3] for one in read("xếp thứ 12 thế giới về 5G, thứ 40 về cáp quang", "vi")] == [
        (12, 12, "rank"),
        (40, 40, "rank"),
    ]


def test_a_sum_in_brackets_in_another_currency_is_told_as_well() -> None:
    found = read("đầu tư hơn 90 triệu euro (tương đương hơn 2.700 tỉ đồng)", "vi")
    assert found == [(9e7, None, "EUR", "more_than"), (2.7e12, None, "VND", "more_than")]
    found = read("spend VND5.2 trillion (US$200 million) on drains", "en")
    assert [one[2] for one in found] == ["VND", "USD"]
