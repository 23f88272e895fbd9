"""Where a number finds its unit, which ranks stand in words, and which numbers are no claim."""

import pytest

from haidang.reading import load_rules
from haidang.reading.dates import mentions
from haidang.reading.quantities import quantities

RULES = load_rules()


def read(sentence: str, language: str = "vi") -> list[tuple]:
    """What is read in a sentence, as plain tuples."""
    found = quantities(sentence, mentions(sentence, None), language, RULES)
    return [(one.quantity.minimum, one.quantity.maximum, one.quantity.unit, one.quantity.qualifier) for one in found]


def test_numbers_of_a_list_share_the_unit_and_the_qualifier_of_the_list() -> None:
    assert read("lần lượt là hơn 12.300 và 15.400 người") == [
        (12300, None, "people", "more_than"),
        (15400, None, "people", "more_than"),
    ]
    assert [one[:3] for one in read("chi 2, 3 và 5 tỷ đồng")] == [
        (2e9, 2e9, "VND"),
        (3e9, 3e9, "VND"),
        (5e9, 5e9, "VND"),
    ]


def test_the_first_number_of_a_rise_has_the_unit_of_the_second() -> None:
    assert [one[:3] for one in read("tăng từ 25 lên 40 trạm sạc")] == [(25, 25, "stations"), (40, 40, "stations")]


def test_the_end_of_a_list_of_names_is_one_count() -> None:
    assert [one[0] for one in read("tại các tháng 9, 10 dự án")] == []
    assert [one[:3] for one in read("ở tổ 9, 10 dự án")] == [(10, 10, "projects")]


def test_a_part_of_a_whole_has_the_unit_of_the_whole() -> None:
    assert read("investors came from 14 out of 20 countries", "en") == [(14, 14, "countries", "exactly")]
    assert read("có 14 trên tổng số 20 bệnh viện") == [(14, 14, "hospitals", "exactly")]


def test_what_is_counted_may_stand_in_front_of_its_number() -> None:
    assert read("Số doanh nghiệp mới thành lập đạt 4.500, cao nhất nhiều năm") == [
        (4500, 4500, "enterprises", "exactly")
    ]
    assert read("The number of buses rose to 1,900.", "en") == [(1900, 1900, "vehicles", "exactly")]
    assert read("The number of the house is 1,900.", "en") == []


def test_a_number_without_a_unit_that_is_compared_has_the_one_before() -> None:
    found = read("about 6,000 homes were built, up from 2,500.", "en")
    assert [one[:3] for one in found] == [(6000, 6000, "homes"), (2500, 2500, "homes")]


def test_a_range_may_repeat_the_sign_of_its_currency() -> None:
    assert read("between $1.5 billion and $2 billion", "en") == [(1.5e9, 2e9, "USD", "exactly")]


def test_a_sum_in_thousand_millions_is_money_whatever_verb_follows() -> None:
    assert read("tương đương 8.000 tỷ chảy vào ngân sách") == [(8e12, 8e12, "VND", "exactly")]


@pytest.mark.parametrize(
    ("phrase", "value"),
    [
        ("hai mươi lăm dự án", 25),
        ("mười hai bệnh viện", 12),
        ("ba mươi tư phường", 34),
        ("twenty-five hospitals", 25),
        ("forty two projects", 42),
        ("seventeen stations", 17),
    ],
)
def test_numbers_in_words_go_up_to_a_hundred(phrase: str, value: float) -> None:
    (found,) = read(phrase, "en" if phrase.isascii() else "vi")
    assert found[0] == value


@pytest.mark.parametrize(
    ("phrase", "value", "among"),
    [
        ("TP.HCM dẫn đầu cả nước về số hồ sơ", 1, "national"),
        ("vươn lên đứng thứ nhì Đông Nam Á", 2, "south_east_asia"),
        ("giữ vị trí thứ ba cả nước", 3, "national"),
        ("ranked second in Asia", 2, "asia"),
        ("took the top spot", 1, None),
        ("kho cảng lớn thứ tư châu Á", 4, "asia"),
        ("tỷ lệ cây xanh cao nhất trong cả nước", 1, "national"),
        ("the fifth-largest port in ASEAN", 5, "south_east_asia"),
    ],
)
def test_a_place_in_words_is_a_rank(phrase: str, value: float, among: str | None) -> None:
    (found,) = quantities(phrase, (), "en" if phrase.isascii() else "vi", RULES)
    assert (found.quantity.minimum, found.quantity.unit, found.quantity.among) == (value, "rank", among)


def test_a_rank_takes_in_how_many_are_ranked() -> None:
    (found,) = quantities("ranks 61st out of 119 cities", (), "en", RULES)
    assert (found.quantity.minimum, found.quantity.unit, found.end) == (61, "rank", len("ranks 61st out of 119"))


def test_a_length_that_is_longer_than_a_number_is_more_than_it() -> None:
    assert read("tuyến dài hơn 14 km") == [(14, None, "km", "more_than")]
    assert read("cao hơn 0,5 điểm phần trăm") == [(0.5, 0.5, "percentage points", "exactly")]


@pytest.mark.parametrize(
    ("phrase", "low", "high", "qualifier"),
    [
        ("kịch trần là 80%", None, 80, "at_most"),
        ("mức sàn 20%", 20, None, "at_least"),
        ("chưa đầy 40%", 40, 40, "nearly"),
    ],
)
def test_ceilings_and_floors_are_bounds(phrase: str, low: float | None, high: float | None, qualifier: str) -> None:
    assert read(phrase) == [(low, high, "%", qualifier)]


def test_a_share_names_its_whole() -> None:
    assert [one[2] for one in read("đạt 81,5% dự toán năm, bằng 12% dân số, 40% so với kế hoạch")] == [
        "% of plan",
        "% of population",
        "% of plan",
    ]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("báo cáo dài 48 trang", "vi"),
        ("ông Ba, 52 tuổi", "vi"),
        ("ba nhiệm vụ này rất khó", "vi"),
        ("hai nhóm giải pháp nêu trên", "vi"),
        ("these three goals matter", "en"),
        ("vào cuối năm nhân sự ít nghỉ việc", "vi"),
        ("chính quyền địa phương hai cấp", "vi"),
        ("tại số 26 Lê Duẩn", "vi"),
    ],
)
def test_pages_ages_and_counts_told_before_are_no_claims(text: str, language: str) -> None:
    assert read(text, language) == []


def test_a_loan_word_with_a_capital_is_counted() -> None:
    assert read("thí điểm 09 Kiosk thông minh") == [(9, 9, "Kiosk", "exactly")]


@pytest.mark.parametrize(
    ("phrase", "language", "value", "unit", "qualifier"),
    [
        ("sản lượng tăng gấp đôi", "vi", 2, "times", "exactly"),
        ("output more than tripled", "en", 3, "times", "more_than"),
        ("gần một nửa số hộ đã nhận", "vi", 50, "%", "nearly"),
        ("half of the buses are new", "en", 50, "%", "exactly"),
        ("a 14-hectare park", "en", 14, "ha", "exactly"),
        ("a US$3-billion port", "en", 3e9, "USD", "exactly"),
        ("có tổng số 40 dự án", "vi", 40, "projects", "exactly"),
        ("trong số 20 doanh nghiệp", "vi", 20, "enterprises", "exactly"),
        ("lượng khách đạt 5,2 triệu, cao nhất năm", "vi", 5.2e6, "khách", "exactly"),
        ("vay 3 tỷ đô", "vi", 3e9, "USD", "exactly"),
        ("đứng vị trí số 9", "vi", 9, "rank", "exactly"),
    ],
)
def test_a_quantity_is_found_in_other_ways_of_saying_it(
    phrase: str, language: str, value: float, unit: str, qualifier: str
) -> None:
    ((low, high, found, firmly),) = read(phrase, language)
    assert value in (low, high)
    assert (found, firmly) == (unit, qualifier)


@pytest.mark.parametrize(("phrase", "value"), [("trong 5 năm tới", 5), ("over the past ten years", 10)])
def test_the_years_of_a_plan_or_a_record_are_a_quantity_as_well(phrase: str, value: float) -> None:
    (found,) = read(phrase, "en" if phrase.isascii() else "vi")
    assert found[:3] == (value, value, "years")
