"""Numbers, units, ranges and qualifiers in phrases whose reading is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.reading import load_rules
from haidang.reading.dates import mentions
from haidang.reading.numbers import number
from haidang.reading.quantities import quantities

RULES = load_rules()


def read(sentence: str, language: str = "vi") -> list[tuple]:
    """What is read in a sentence, as plain tuples."""
    found = quantities(sentence, mentions(sentence, None), language, RULES)
    return [(one.quantity.minimum, one.quantity.maximum, one.quantity.unit, one.quantity.qualifier) for one in found]


@pytest.mark.parametrize(
    ("phrase", "low", "high", "unit", "qualifier"),
    [
        ("gói tín dụng 1.500 tỉ đồng", 1.5e12, 1.5e12, "VND", "exactly"),
        ("quy mô 1,4 triệu tỉ đồng", 1.4e15, 1.4e15, "VND", "exactly"),
        ("gói 40.000 tỷ cho vay", 4e13, 4e13, "VND", "exactly"),
        ("chi 3,000 tỷ đồng", 3e12, 3e12, "VND", "exactly"),
        ("thu hút 4,725 tỷ USD", 4.725e9, 4.725e9, "USD", "exactly"),
        ("mức 1 tỷ 200 triệu đồng", 1.2e9, 1.2e9, "VND", "exactly"),
        ("đón 2 triệu rưỡi khách", 2.5e6, 2.5e6, "khách", "exactly"),
        ("giá cho các loại xe nói trên là 25.000 đồng", 25000, 25000, "VND", "exactly"),
        ("giá vé trên 25.000 đồng", 25000, None, "VND", "more_than"),
        ("nộp thuế khoánkhoảng 600.000 đồng mỗi tháng", 600000, 600000, "VND/month", "about"),
        ("vay một trăm tỷ đồng", 1e11, 1e11, "VND", "exactly"),
        ("từ 800 triệu - 1,2 tỷ đồng", 8e8, 1.2e9, "VND", "exactly"),
        ("kinh tế số chiếm 30-40% GRDP", 30, 40, "% of GRDP", "exactly"),
        ("đạt từ 30 đến 40%", 30, 40, "%", "exactly"),
        ("lãi suất âm 2%", -2, -2, "%", "exactly"),
        ("tăng tối thiểu từ 10,3% đến 10,5%", 10.3, 10.5, "%", "at_least"),
        ("có gần 100 dự án", 100, 100, "projects", "nearly"),
        ("hơn 50 năm xây dựng", 50, None, "years", "more_than"),
        ("ít nhất 5 trung tâm nghiên cứu", 5, None, "centres", "at_least"),
        ("không dưới 20.000 tỷ đồng", 2e13, None, "VND", "at_least"),
        ("đạt 8,5% trở lên", 8.5, None, "%", "at_least"),
        ("không quá 300 tỷ đồng", None, 3e11, "VND", "at_most"),
        ("cao hơn 0,71 điểm phần trăm", 0.71, 0.71, "percentage points", "exactly"),
        ("tăng 10-11%/năm", 10, 11, "%/year", "exactly"),
        ("10,000 doanh nghiệp", 10000, 10000, "enterprises", "exactly"),
        ("hai đột phá chiến lược", 2, 2, "breakthroughs", "exactly"),
        ("xếp hạng 110 trên toàn cầu", 110, 110, "rank", "exactly"),
        ("lên hạng 71/193 quốc gia", 71, 71, "rank", "exactly"),
        ("vào Top 100 thành phố", None, 100, "rank", "at_most"),
        ("giải ngân 46.686/152.146 tỷ đồng", 4.6686e13, 4.6686e13, "VND", "exactly"),
        ("28.000 bo mạch được giao", 28000, 28000, "bo mạch", "exactly"),
    ],
)
def test_a_vietnamese_phrase_is_read_exactly(
    phrase: str, low: float | None, high: float | None, unit: str, qualifier: str
) -> None:
    assert read(phrase) == [(low, high, unit, qualifier)]


@pytest.mark.parametrize(
    ("phrase", "low", "high", "unit", "qualifier"),
    [
        ("a VND40 trillion package", 4e13, 4e13, "VND", "exactly"),
        ("worth US$1.2bn", 1.2e9, 1.2e9, "USD", "exactly"),
        ("grow by 8-8.5 per cent annually", 8, 8.5, "%/year", "exactly"),
        ("2% of its Gross Regional Domestic Product", 2, 2, "% of GRDP", "exactly"),
        ("at least five internationally recognized centers of excellence", 5, None, "centres", "at_least"),
        ("between 5 and 7 million visitors", 5e6, 7e6, "visits", "exactly"),
        ("up to 300 projects", None, 300, "projects", "at_most"),
        ("ranked 5th in ASEAN", 5, 5, "rank", "exactly"),
        ("one million start-up companies", 1e6, 1e6, "startups", "exactly"),
    ],
)
def test_an_english_phrase_is_read_exactly(
    phrase: str, low: float | None, high: float | None, unit: str, qualifier: str
) -> None:
    assert read(phrase, "en") == [(low, high, unit, qualifier)]


def test_a_change_from_one_value_to_another_is_two_values() -> None:
    assert [one[0] for one in read("tăng từ 25% lên 30%")] == [25, 30]
    assert [one[0] for one in read("rose from 25% to 30%", "en")] == [25, 30]


@pytest.mark.parametrize(
    "text",
    [
        "Nghị quyết 98/2023/QH15 và Quyết định 412/QĐ-UBND",
        "Lô T4-3, quận 7, phường 12, Vành đai 3, tuyến metro số 1",
        "5G, COVID-19, công nghiệp 4.0, kỳ họp thứ 10, 24/7",
        "sáng 9-12, ngày 26/11/2025, quý II/2025, 6 tháng đầu năm 2025, giai đoạn 2021-2025",
        "hai bên trao đổi, từ 1/4, đợt 2/3",
        "hàng nghìn tỷ đồng, hai trăm năm tỷ đồng",
        "từ 58.000 năm 2020",
    ],
)
def test_names_times_and_fractions_are_no_quantities(text: str) -> None:
    assert read(text) == []


@given(st.integers(0, 10**12))
def test_a_whole_number_reads_the_same_in_both_ways_of_writing_it(value: int) -> None:
    assert number(f"{value:,}", "en") == value
    assert number(f"{value:,}".replace(",", "."), "vi") == value


@given(st.decimals(0, 10**6, places=2))
def test_two_decimals_read_the_same_in_both_ways_of_writing_them(value: object) -> None:
    assert number(f"{value:f}", "en") == float(value)
    assert number(f"{value:f}".replace(".", ","), "vi") == float(value)


@given(st.text("0123456789.,-–/%$ tỷđồngUSDtừđếnhơnTop\n()", max_size=60))
def test_any_string_of_signs_is_read_without_an_error_and_every_phrase_lies_in_it(text: str) -> None:
    for one in quantities(text, mentions(text, None), "vi", RULES):
        assert 0 <= one.start < one.end <= len(text)
        told = one.quantity
        assert told.minimum is None or told.maximum is None or told.minimum <= told.maximum
