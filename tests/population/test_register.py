"""An office's own register: every row is in the population or in the report."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haidang.errors import HaidangError
from haidang.facts import FactBook
from haidang.population import PopulationSpec, Register, RegisterError, RegisterMapping, load_mapping, read_register

HEADINGS = "Mã số;Năm;Nhân viên;Tình trạng;Doanh số"
GOOD = [
    "0001;2023;5;mở;1.500,5",
    "0002;2023;120;Đang đóng;300",
    "0003;2023;30;1;",
]
Reading = Callable[..., Register]


@pytest.fixture
def read(shop_mapping: RegisterMapping, shop_spec: PopulationSpec, shop_book: FactBook, tmp_path: Path) -> Reading:
    def from_lines(*lines: str, headings: str = HEADINGS, encoding: str = "utf-8") -> Register:
        path = tmp_path / "register.csv"
        path.write_bytes("\n".join([headings, *lines]).encode(encoding))
        return read_register(str(path), shop_mapping, shop_spec, shop_book)

    return from_lines


def reasons(register: Register) -> list[tuple[int, str, str | None, str, str]]:
    return [tuple(row) for row in register.rejected.rows()]


def test_a_clean_register_becomes_a_population_of_weight_one(read: Reading):
    register = read(*GOOD)
    table = register.table
    assert register.rejected.is_empty()
    assert register.rows == 3
    assert table["id"].to_list() == [1, 2, 3]
    assert table["weight"].to_list() == [1, 1, 1]
    assert table["staff"].to_list() == [5, 120, 30]
    assert table["size"].to_list() == ["small", "large", "large"]
    assert table["open"].to_list() == [True, False, True]


def test_units_of_measure_are_brought_to_the_canonical_ones(read: Reading):
    assert read(*GOOD).table["sales"].to_list()[:2] == [1_500_500_000, 300_000_000]


def test_what_the_register_lacks_is_drawn_and_flagged(read: Reading):
    register = read(*GOOD)
    assert register.drawn == {"lit": 3, "level_shop": 3, "sales": 1, "costs": 3, "score": 3}
    assert register.population.assumed == ("lit", "level_shop", "sales", "costs", "score")
    table = register.table
    # Drawn columns follow from the known ones: a closed shop is neither lit nor on a level.
    assert table.filter(~pl.col("open"))["lit"].to_list() == [False]
    assert table.filter(~pl.col("open"))["level_shop"].to_list() == [0]
    np.testing.assert_allclose(table["costs"], table["sales"] / 2)


def test_a_unit_is_drawn_the_same_in_any_register(read: Reading):
    together = read(*GOOD).table
    assert read(GOOD[2]).table.equals(together.filter(pl.col("id") == 3))
    assert read(*reversed(GOOD)).table.sort("id").equals(together.sort("id"))


@pytest.mark.parametrize(
    ("line", "column", "value", "reason", "outcome"),
    [
        pytest.param("0009;2023;-5;mở;1", "staff", "-5", "expected at least 0", "rejected", id="negative"),
        pytest.param("0009;2023;501;mở;1", "staff", "501", "expected at most 500", "rejected", id="too-many"),
        pytest.param("0009;2023;4,5;mở;1", "staff", "4,5", "expected a whole number", "rejected", id="fraction"),
        pytest.param("0009;2023;NaN;mở;1", "staff", "NaN", "expected a number such as 1.500,5", "rejected", id="nan"),
        pytest.param("0009;2023;;mở;1", "staff", None, "expected a value, found none", "rejected", id="empty"),
        pytest.param(
            "0009;2023;7;mở;1500.5", "sales", "1500.5", "expected a number such as 1.500,5", "rejected", id="dot"
        ),
        pytest.param(
            "0009;2023;7;mở;1,500,5", "sales", "1,500,5", "expected a number such as 1.500,5", "rejected", id="two"
        ),
        pytest.param("0009;2023;7;mở;-1", "sales", "-1", "expected at least 0", "rejected", id="negative-sales"),
        pytest.param(
            "0009;2023;7;mở;=B2*2",
            "sales",
            "=B2*2",
            "a formula, not a value: save the sheet as values",
            "rejected",
            id="formula",
        ),
        pytest.param("0009;2023;7;vắng;1", "state", "vắng", "no word for open", "rejected", id="word"),
        pytest.param("009;2023;7;mở;1", "code", "009", "expected 4 digits", "rejected", id="short-code"),
        pytest.param("00A9;2023;7;mở;1", "code", "00A9", "expected digits", "rejected", id="letters"),
        pytest.param("0001;2023;7;mở;1", "code", "0001", "this unit is in row 2 already", "rejected", id="twice"),
        pytest.param(
            "0001;2021;7;mở;1", "code", "0001", "row 2 has a later year of this unit", "outside", id="earlier"
        ),
        pytest.param("0009;2023;0;mở;1", "staff", "0", "outside by size", "outside", id="outside"),
        pytest.param("0009;2023;7", "", "0009 | 2023 | 7", "expected 5 cells, found 3", "rejected", id="torn"),
    ],
)
def test_a_row_that_is_not_taken_is_reported_with_its_number(
    read: Reading, line: str, column: str, value: str | None, reason: str, outcome: str
):
    register = read(GOOD[0], line, GOOD[1])
    assert reasons(register) == [(3, column, value, reason, outcome)]
    assert register.table["id"].to_list() == [1, 2]
    assert register.rows == 3


def test_every_problem_of_a_row_is_reported(read: Reading):
    register = read("0009;1066;-5;vắng;x", GOOD[0])
    assert [(row, column) for row, column, *_ in reasons(register)] == [
        (2, "year"),
        (2, "staff"),
        (2, "sales"),
        (2, "state"),
    ]


def test_a_register_without_a_right_row_gives_an_empty_population_and_a_report(read: Reading):
    register = read("0009;2023;-5;mở;1")
    assert register.table.height == 0
    assert len(reasons(register)) == 1


def test_headings_match_without_case_accents_or_underscores(read: Reading):
    assert read(*GOOD, headings="MA_SO;nam;NHÂN  VIÊN;tinh trang;Doanh_số").rows == 3


def test_columns_may_stand_in_any_order_with_others_between(read: Reading):
    register = read("x;mở;5;2023;0001", headings="ghi chú;state;staff;year;code")
    assert register.table["staff"].to_list() == [5]
    assert "sales" in register.population.assumed


def test_a_missing_column_is_named_with_the_nearest(read: Reading):
    with pytest.raises(RegisterError, match=r"register\.csv: expected the column 'staff'; is 'Staf' it"):
        read("0001;2023;5;1", headings="code;year;Staf;state")


def test_a_heading_twice_is_refused(read: Reading):
    with pytest.raises(RegisterError, match="found 'code' again"):
        read("1;1;1;1", headings="code;code;staff;state")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marked_encodings_are_read(read: Reading, encoding: str):
    assert read(*GOOD, encoding=encoding).rows == 3


def test_another_encoding_is_named_with_its_line(
    tmp_path: Path, shop_mapping: RegisterMapping, shop_spec: PopulationSpec, shop_book: FactBook
):
    path = tmp_path / "register.csv"
    path.write_bytes(b"code;year;staff;state\n0001;2023;5;m\xf2\n")
    with pytest.raises(RegisterError, match=r"register\.csv:2: expected text in utf-8, found byte 0xf2.*encoding:"):
        read_register(str(path), shop_mapping, shop_spec, shop_book)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"code;year;staff;state\n"])
def test_an_empty_file_is_said(
    tmp_path: Path, content: bytes, shop_mapping: RegisterMapping, shop_spec: PopulationSpec, shop_book: FactBook
):
    path = tmp_path / "empty.csv"
    path.write_bytes(content)
    with pytest.raises(RegisterError, match=r"empty\.csv: expected .* found (an empty file|no rows|none)"):
        read_register(str(path), shop_mapping, shop_spec, shop_book)


@pytest.mark.parametrize("name", ["none.csv", "register.xls", "broken.xlsx", "broken.parquet"])
def test_a_file_that_cannot_be_opened_is_one_line(
    tmp_path: Path, name: str, shop_mapping: RegisterMapping, shop_spec: PopulationSpec, shop_book: FactBook
):
    if not name.startswith("none"):
        (tmp_path / name).write_bytes(b"something else")
    with pytest.raises(RegisterError) as caught:
        read_register(str(tmp_path / name), shop_mapping, shop_spec, shop_book)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_workbook_keeps_numbers_texts_and_formulas_apart(
    tmp_path: Path, shop_mapping: RegisterMapping, shop_spec: PopulationSpec, shop_book: FactBook
):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Mã số", "Năm", "Nhân viên", "Tình trạng", "Doanh số"])
    sheet.append([1, 2023, 5, "mở", 1500.5])
    sheet.append(["0002", "2023", "5", "mở", "1.500,5"])
    sheet.append(["0003", 2023, "=2+3", "mở", 1])
    sheet.append([None, None, None, None, None])
    sheet.append(["0004", 2023, True, "mở", 1])
    book.save(tmp_path / "register.xlsx")
    register = read_register(str(tmp_path / "register.xlsx"), shop_mapping, shop_spec, shop_book)
    assert register.table["id"].to_list() == [1, 2]
    assert register.table["sales"].to_list() == [1_500_500_000, 1_500_500_000]
    assert [(row, column, value) for row, column, value, *_ in reasons(register)] == [
        (4, "staff", "=2+3"),
        (6, "staff", "True"),
    ]


def test_parquet_numbers_are_numbers_whatever_the_mapping_says(
    tmp_path: Path, shop_mapping: RegisterMapping, shop_spec: PopulationSpec, shop_book: FactBook
):
    pl.DataFrame(
        {
            "code": [1, 2, 3],
            "year": [2023, 2023, 2023],
            "staff": [5.0, float("nan"), 7.5],
            "state": ["1", "1", "1"],
            "sales": [1500.5, None, 1.0],
        }
    ).write_parquet(tmp_path / "register.parquet")
    register = read_register(str(tmp_path / "register.parquet"), shop_mapping, shop_spec, shop_book)
    assert register.table["sales"].to_list() == [1_500_500_000]
    assert [(row, reason) for row, _, _, reason, _ in reasons(register)] == [
        (3, "not a number"),
        (4, "expected a whole number"),
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(
    lines=st.lists(
        st.tuples(
            st.sampled_from(["0001", "0002", "12345", "x", ""]),
            st.sampled_from(["2022", "2023", "=1"]),
            st.sampled_from(["5", "1.000", "-1", "", "4,5", "0"]),
            st.sampled_from(["mở", "đóng", "?", ""]),
            st.sampled_from(["1.500,5", "", "abc"]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_no_row_is_dropped_silently(read: Reading, lines: list[tuple[str, ...]]):
    lines = [line for line in lines if any(line)]
    if not lines:
        return
    register = read(*(";".join(line) for line in lines))
    reported = set(register.rejected["row"].to_list())
    assert register.table.height + len(reported) == len(lines) == register.rows


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("unit_id: code", "unit_id: cod", "did you mean 'code'", id="id"),
        pytest.param("unit_id: code", "unit_id: staff", "expected a code that no row lacks", id="id-kind"),
        pytest.param("{from: staff}", "{from: stuff}", "did you mean 'staff'", id="field"),
        pytest.param("sales: {from: sales}", "sales: {from: state}", "found state, a text", id="field-kind"),
        pytest.param("numbers: vietnamese", "numbers: german", "expected one of plain", id="writing"),
        pytest.param("classes: {small: [1, 10]", "classes: {small: [10, 1]", r"expected \[from, below\]", id="class"),
        pytest.param("latest: year", "latest: yeer", "did you mean 'year'", id="latest"),
    ],
)
def test_a_mistake_in_a_mapping_is_named_with_its_place(shop_files: Path, old: str, new: str, said: str):
    path = shop_files / "shops.mapping.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(HaidangError, match=said) as caught:
        load_mapping(path)
    assert "shops.mapping.yaml:" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("  staff: {from: staff}", "  stuff: {from: staff}", "did you mean 'staff'", id="column"),
        pytest.param("small: [1, 10]", "smal: [1, 10]", "did you mean 'small'", id="value"),
        pytest.param("unit: million VND/year", "unit: kWh", "expected VND/year for sales, found kWh", id="unit"),
        pytest.param("  size: {from: staff, classes", "  open2: {from: staff, classes", "found 'open2'", id="unknown"),
        pytest.param("  sales: {from: sales}", "  lit: {from: sales}", "a flag cannot come from this rule", id="rule"),
    ],
)
def test_a_mapping_that_does_not_fit_the_population_is_refused(
    shop_files: Path, shop_spec: PopulationSpec, shop_book: FactBook, old: str, new: str, said: str
):
    path = shop_files / "shops.mapping.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(HaidangError, match=said):
        read_register("nowhere.csv", load_mapping(path), shop_spec, shop_book)
