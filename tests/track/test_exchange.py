"""Files for others: what is written comes back, no spreadsheet runs a cell, standards are kept."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.facts import Source
from haidang.packs import load_pack
from haidang.track import gather, load_tracked
from haidang.track.exchange import FORMATS, ToldOdds, read_files, write_files
from haidang.track.exchange.flat import TableError
from haidang.track.exchange.series_files import time_period
from haidang.track.exchange.sheets import plain, safe
from haidang.track.overview import overview
from haidang.track.pack_files.fields import parse_period
from haidang.track.plain import as_plain
from haidang.track.records import Commitment
from haidang.track.store.codec import kind_of_stored

Make = Callable[..., Commitment]
SOURCE = Source("paper", "A paper", "A publisher", "2025-11-26", "https://example.org/paper")
BOTH_WAYS = ("csv", "xlsx", "json")


@pytest.mark.parametrize("form", BOTH_WAYS)
def test_the_pack_that_ships_comes_back_from_its_files(tmp_path: Path, form: str):
    tracked = load_tracked(load_pack("hcmc"))
    write_files(tracked, tmp_path, form, "hcmc")
    found = {(kind_of_stored(one), one.id): one for one in read_files([tmp_path])}
    for kind in ("commitment", "indicator", "target", "event", "proposal"):
        assert {name: one for (of, name), one in found.items() if of == kind} == getattr(tracked, f"{kind}s")
    assert all(tracked.sources[name] == one for (kind, name), one in found.items() if kind == "source")


@pytest.mark.parametrize("form", BOTH_WAYS)
def test_odds_beside_the_records_are_left_out_where_the_records_are_read(tmp_path: Path, form: str):
    tracked = load_tracked(load_pack("hcmc"))
    found = as_plain(overview(("hcmc", {"vi": "A", "en": "A"}), tracked, date(2026, 6, 1)))
    written = write_files(tracked, tmp_path / "odds", form, "hcmc", ToldOdds(found["as_of"], found["targets"]))
    assert b"probability" in b"".join(one.read_bytes() for one in written) or form == "xlsx"
    write_files(tracked, tmp_path / "alone", form, "hcmc")
    assert read_files([tmp_path / "odds"]) == read_files([tmp_path / "alone"])


HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "'=1",
    '=HYPERLINK("http://x")',
    "''",
    "'",
    "a\nb",
    '"',
    "=cmd|'/c'!A",
]


@pytest.mark.parametrize("form", BOTH_WAYS)
@pytest.mark.parametrize("text", HOSTILE)
def test_texts_that_look_like_formulas_come_back_unchanged(tmp_path: Path, commitment: Make, form: str, text: str):
    one = commitment(responsible=text, title={"vi": text, "en": "A promise"})
    write_files(gather([one], {"paper": SOURCE}), tmp_path, form, "city")
    assert one in read_files([tmp_path])


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_a_csv_begins_like_a_formula(tmp_path: Path, commitment: Make, text: str):
    write_files(gather([commitment(responsible=text)], {"paper": SOURCE}), tmp_path, "csv", "city")
    for path in tmp_path.glob("*.csv"):
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")):
            assert not any(cell.startswith(("=", "+", "@", "\t", "\r", "\n")) for cell in row)
            assert not any(cell.startswith("-") and not _number(cell) for cell in row)


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(tmp_path: Path, commitment: Make):
    for text in HOSTILE:
        (path,) = write_files(gather([commitment(responsible=text)], {"paper": SOURCE}), tmp_path, "xlsx", "city")
        with zipfile.ZipFile(path) as book:
            sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert sheets
        assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)


@given(st.text(max_size=20))
def test_every_text_comes_back_from_a_safe_cell(text: str):
    cell = safe(text)
    assert isinstance(cell, str)
    assert plain(cell) == text


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("claims.csv", "record_kind,record,id\ncommitment,nobody,x\n", "expected a part of a record of these files"),
        ("promises.csv", "id\nx\n", "expected a table of records, found 'promises'"),
        ("sources.csv", "id,title,publisher,dat\nx,y,z,2025\n", "found 'dat'; did you mean 'date'?"),
        ("sources.csv", "id,title,publisher,date\nx,y,z,2025\nx,y,z,2025\n", "expected an id that stands once"),
        ("sources.csv", "id,id\nx,y\n", "expected a header with each column once"),
        ("sources.csv", "id,title,publisher,date\nx,y\n", "field required at 'publisher'"),
        ("sources.csv", "id\nx,y\n", "expected 1 cells, found 2"),
        ("some.json", "[1]", "expected a list of records for each kind"),
        ("some.json", "{", "expected JSON"),
        ("some.json", '{"commitment": [{"id": "x"}]}', "some.json: commitment[0]: expected a record of the kind"),
        ("some.xlsx", "no workbook", "expected a workbook"),
        ("some.txt", "", "expected a .csv, .xlsx or .json file"),
    ],
)  # fmt: skip
def test_a_file_that_is_wrong_is_told_in_one_line(tmp_path: Path, name: str, text: str, told: str):
    from haidang.errors import HaidangError

    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(HaidangError) as found:
        read_files([tmp_path / name])
    assert told in str(found.value)
    assert name.partition(".")[0] in str(found.value)


def test_a_wrong_cell_is_told_with_its_row_and_record(tmp_path: Path):
    write_files(load_tracked(load_pack("hcmc")), tmp_path, "csv", "hcmc")
    path = tmp_path / "claims.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("1500000000000.0", "a lot", 1), encoding="utf-8")
    with pytest.raises(TableError, match=r"valid number.*at '(claims\.\d+|.*)\.quantity\.minimum'"):
        read_files([tmp_path])


def test_names_with_the_sign_between_list_items_are_refused_not_torn(tmp_path: Path, commitment: Make):
    with pytest.raises(TableError, match=r"expected no '\|' within one of parties"):
        write_files(gather([commitment(parties=("A | B",))], {"paper": SOURCE}), tmp_path, "csv", "city")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2025", "2025"),
        ("2025-09", "2025-09"),
        ("2025-07..2025-09", "2025-Q3"),
        ("2025-11-26", "2025-11-26"),
        ("2026..2030", "2026-01-01/P60M"),
        ("2025-07-01..2025-11-19", "2025-07-01/P142D"),
    ],
)  # fmt: skip
def test_periods_are_written_as_sdmx_writes_them(text: str, told: str):
    assert time_period(parse_period(text)) == told


def test_sdmx_has_one_row_for_each_value_and_no_key_twice(tmp_path: Path):
    tracked = load_tracked(load_pack("hcmc"))
    (path,) = write_files(tracked, tmp_path, "sdmx", "hcmc")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == sum(len(one.observations) for one in tracked.indicators.values())
    names = ("INDICATOR", "METHOD", "REF_AREA", "SOURCE", "VINTAGE", "TIME_PERIOD")
    keys = [tuple(row[name] for name in names) for row in rows]
    assert len(set(keys)) == len(keys)
    assert {row["OBS_STATUS"] for row in rows} == {"A", "E", "F"}
    assert all(row["STRUCTURE"] == "dataflow" and row["ACTION"] == "I" for row in rows)


def test_the_data_package_says_what_its_files_hold(tmp_path: Path):
    import hashlib

    write_files(load_tracked(load_pack("hcmc")), tmp_path, "datapackage", "hcmc")
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    ids: dict[str, set[str]] = {}
    for resource in package["resources"]:
        content = (tmp_path / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert list(rows[0]) == fields
        keys = [tuple(row[name] for name in resource["schema"]["primaryKey"]) for row in rows]
        assert len(set(keys)) == len(keys)
        ids[resource["name"]] = {row["id"] for row in rows}
        for key in resource["schema"].get("foreignKeys", ()):
            assert {row[key["fields"]] for row in rows} <= ids[key["reference"]["resource"]]


def test_the_same_records_give_the_same_bytes(tmp_path: Path):
    tracked = load_tracked(load_pack("hcmc"))
    for form in FORMATS:
        first = [path.read_bytes() for path in write_files(tracked, tmp_path / "a", form, "hcmc")]
        again = [path.read_bytes() for path in write_files(tracked, tmp_path / "b", form, "hcmc")]
        assert first == again or form == "xlsx", form


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_an_edited_table_gives_the_edited_record(tmp_path: Path, commitment: Make):
    write_files(gather([commitment()], {"paper": SOURCE}), tmp_path, "csv", "city")
    path = tmp_path / "commitments.csv"
    head, row = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{head},responsible,due\n{row},A department,2030-12-31\n", encoding="utf-8")
    assert replace(commitment(), responsible="A department", due=date(2030, 12, 31)) in read_files([tmp_path])
