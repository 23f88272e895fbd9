"""The enterprise census's own column names, from a file to the city's factories."""

from pathlib import Path

import pytest

from haidang.facts import FactBook
from haidang.population import PopulationSpec, Register, RegisterMapping, read_register

CENSUS = """\
Mã số thuế,Năm,Huyện,Loại hình,Ngành,Lao động,labour_cost,Tài sản,Nợ phải trả,Doanh thu,Lợi nhuận,Nhập khẩu,Xuất khẩu
0301234567,2023,Quận 1,09,10101,25,"1.500,5",20.000,10.000,30.000,500,0,4.000
0301234568-001,2023,Thành phố Thủ Đức,100% foreign,14100,350,50.000,,,300.000,-100,,290.000
3701234569,2023,Dĩ An,12,25110,40,,,,9.000,,,
3501234570,2023,747,8,24100,150,30.000,,,900.000,20.000,,0
3701234571,2023,Bến Cát,08,46510,30,1,1,1,1,1,1,1
3701234572,2023,Bến Cát,08,31001,4,1,1,1,1,1,1,1
3701234573,2023,Sao Hỏa,08,31001,40,1,1,1,1,1,1,1
370123457,2023,Bến Cát,08,31001,40,1,1,1,1,1,1,1
"""


@pytest.fixture(scope="module")
def register(
    tmp_path_factory: pytest.TempPathFactory,
    city_mapping: RegisterMapping,
    city_spec: PopulationSpec,
    city_book: FactBook,
) -> Register:
    path: Path = tmp_path_factory.mktemp("census") / "census.csv"
    path.write_text(CENSUS, encoding="utf-8")
    return read_register(str(path), city_mapping, city_spec, city_book)


def test_census_rows_become_factories(register: Register):
    table = register.table
    assert table["id"].to_list() == [301234567, 301234568001, 3701234569, 3501234570]
    assert table["sector"].to_list() == ["food", "garments", "metal", "other"]
    assert table["size"].to_list() == ["medium", "large", "medium", "large"]
    assert table["area"].to_list() == ["hcmc", "hcmc", "binh_duong", "vung_tau"]
    assert table["foreign"].to_list() == [False, True, True, False]
    assert table["exporter"].to_list()[:2] == [True, True]
    assert table["exporter"].to_list()[3] is False
    assert table["revenue"].to_list() == [30e9, 300e9, 9e9, 900e9]
    assert table["value_added"].to_list()[0] == pytest.approx(2_000_500_000)


def test_rows_that_are_no_factories_of_the_city_are_reported(register: Register):
    assert [(row, column, outcome) for row, column, _, _, outcome in register.rejected.rows()] == [
        (6, "vsic", "outside"),
        (7, "employees", "outside"),
        (8, "district", "rejected"),
        (9, "tax_code", "rejected"),
    ]


def test_what_the_census_does_not_ask_is_drawn_and_flagged(register: Register):
    assert {"zone", "bank_loan", "management", "electricity", "level_flow"} <= set(register.population.assumed)
    assert register.drawn["value_added"] == 1
    assert register.drawn["exporter"] == 1
    assert "management" in register.population.notes[0]


def test_drawn_electricity_stands_on_the_published_totals(register: Register):
    # 23 TWh over 2.2 million employees is about 10,000 kWh a head; a spread of 0.8 stays within a factor of 20.
    per_head = (register.table["electricity"] / register.table["employees"]).to_list()
    assert all(500 < one < 200_000 for one in per_head)
