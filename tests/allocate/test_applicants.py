"""Files of applicants and of rules: what is right is read, what is wrong is named by row or by line."""

import polars as pl
import pytest

from haidang.allocate.applicants import ApplicantsError, read_applicants
from haidang.allocate.problem import Rule
from haidang.allocate.rules_file import load_rules
from haidang.errors import HaidangError
from haidang.population import Column

COLUMNS = {
    "size": Column("size", "category", categories=("small", "large")),
    "zone": Column("zone", "flag"),
    "revenue": Column("revenue", "number", "VND/year", least=0),
    "level_process": Column("level_process", "level", "1"),
}
HEAD = "id,size,zone,revenue,level_process,remark\n"
GOOD = "1,small,true,5e9,2,\n2,large,no,9e9,0,x\n"
LIKE = pl.DataFrame({"revenue": [1e9, 50e9]})


def write(tmp_path, text: str) -> str:
    path = tmp_path / "applicants.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_every_good_row_is_a_unit_of_weight_one(tmp_path):
    found = read_applicants(write(tmp_path, HEAD + GOOD), COLUMNS, LIKE)
    assert found.rejected.is_empty()
    assert found.table.rows() == [(1, 1.0, "small", True, 5e9, 2.0), (2, 1.0, "large", False, 9e9, 0.0)]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("3,smal,true,5e9,2,", "size", "did you mean 'small'"),
        ("3,small,maybe,5e9,2,", "zone", "expected true or false"),
        ("3,small,true,five,2,", "revenue", "expected a number"),
        ("3,small,true,-1,2,", "revenue", "at least 0 VND/year"),
        ("3,small,true,5000,2,", "revenue", "another unit of measure"),
        ("3,small,true,,2,", "revenue", "expected a value, found none"),
        ("3,small,true,nan,2,", "revenue", "finite"),
        ("3,small,true,=A1,2,", "revenue", "a formula"),
        ("3,small,true,5e9,7,", "level_process", "level from 0 to 5"),
        ("x3,small,true,5e9,2,", "id", "expected a number"),
        ("-3,small,true,5e9,2,", "id", "not negative"),
        ("3,small,true", "", "expected 6 cells, found 3"),
    ],
)
def test_a_bad_row_is_named_by_row_column_and_reason_and_the_others_stay(tmp_path, row, column, reason):
    found = read_applicants(write(tmp_path, HEAD + GOOD + row + "\n"), COLUMNS, LIKE)
    assert found.table["id"].to_list() == [1, 2]
    (line,) = found.rejected.rows(named=True)
    assert (line["row"], line["column"]) == (4, column)
    assert reason in line["reason"]
    assert (found.rows, found.lost) == (3, 1)


def test_both_rows_of_a_repeated_applicant_are_named(tmp_path):
    found = read_applicants(write(tmp_path, HEAD + GOOD + "1,large,true,6e9,1,\n"), COLUMNS, LIKE)
    assert found.table["id"].to_list() == [2]
    assert found.rejected["row"].to_list() == [2, 4]
    assert all("rows 2, 4" in reason for reason in found.rejected["reason"])


def test_a_heading_may_name_its_unit_of_measure(tmp_path):
    text = "id,size,zone,revenue [million VND/year],level_process\n1,small,true,5000,2\n"
    assert read_applicants(write(tmp_path, text), COLUMNS, LIKE).table["revenue"].to_list() == [5e9]


def test_a_heading_in_another_kind_of_unit_is_refused(tmp_path):
    text = "id,size,zone,revenue [kWh/year],level_process\n1,small,true,5000,2\n"
    with pytest.raises(ApplicantsError, match="expected VND/year, found kWh/year"):
        read_applicants(write(tmp_path, text), COLUMNS, LIKE)


def test_a_missing_column_is_answered_with_the_nearest(tmp_path):
    with pytest.raises(ApplicantsError, match=r"expected the column 'revenue'.*'revenu'"):
        read_applicants(write(tmp_path, HEAD.replace("revenue", "revenu") + GOOD), COLUMNS, LIKE)


def test_a_parquet_file_and_a_workbook_are_read_as_the_text_is(tmp_path):
    text = read_applicants(write(tmp_path, HEAD + GOOD), COLUMNS, LIKE).table
    text.write_parquet(tmp_path / "a.parquet")
    text.write_excel(tmp_path / "a.xlsx")
    for name in ("a.parquet", "a.xlsx"):
        assert read_applicants(str(tmp_path / name), COLUMNS, LIKE).table.equals(text)


MEASURES = {"loan": "VND", "levels": "level"}
GROUPS = {"size": ("large", "small"), "area": ("north", "south")}


def rules(tmp_path, text: str):
    path = tmp_path / "rules.yaml"
    path.write_text("rules:\n" + text, encoding="utf-8")
    return load_rules(path, MEASURES, GROUPS, (2026, 2027))


def test_rules_are_read_as_shares_amounts_and_for_each_group(tmp_path):
    found = rules(
        tmp_path,
        "  a: {at_least: 40 %, of: loan, among: {size: small}}\n"
        "  b: {at_most: 25e9 VND, of: loan, each: area, years: [2026]}\n"
        "  c: {at_least: 12, of: units}\n",
    )
    assert found == (
        Rule("a", "loan", "at_least", "size", ("small",), 0.4),
        Rule("b: north", "loan", "at_most", "area", ("north",), None, 25e9, (2026,)),
        Rule("b: south", "loan", "at_most", "area", ("south",), None, 25e9, (2026,)),
        Rule("c", "units", "at_least", None, (), None, 12.0),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("  a: {at_least: 40 %, of: loann}\n", "did you mean 'loan'"),
        ("  a: {at_least: 40 %, of: loan, among: {sise: small}}\n", "did you mean 'size'"),
        ("  a: {at_least: 40 %, of: loan, among: {size: smal}}\n", "did you mean 'small'"),
        ("  a: {at_least: 40 %, of: loan, eech: area}\n", "each"),
        ("  a: {at_least: 40 kWh, of: loan}\n", "expected VND or a share, found kWh"),
        ("  a: {at_least: 40, of: loan}\n", "an amount in VND"),
        ("  a: {at_least: 40 %, at_most: 50 %, of: loan}\n", "either"),
        ("  a: {at_least: 40 %, of: loan, years: [2030]}\n", "years from 2026 to 2027"),
        ("  a: {at_least: 140 %, of: loan}\n", "a share of at most 100 %, found '140 %'"),
        ("  a: {at_least: -5e9 VND, of: loan}\n", "nothing below 0, found '-5e9 VND'"),
    ],
)
def test_a_wrong_rule_is_named_by_its_line(tmp_path, text, told):
    with pytest.raises(HaidangError) as mistake:
        rules(tmp_path, text)
    assert told in str(mistake.value)
    assert "rules.yaml:2" in str(mistake.value)
