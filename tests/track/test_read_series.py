"""SDMX-CSV and the data package read back: what was written comes back, what is wrong is told in one line."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.errors import HaidangError
from haidang.facts import Source
from haidang.packs import load_pack
from haidang.track import Tracked, gather, load_tracked
from haidang.track.exchange import read_files, write_files
from haidang.track.exchange.read_series import parse_time_period
from haidang.track.exchange.series_files import time_period
from haidang.track.pack_files.fields import parse_period
from haidang.track.records import QUALIFIERS, SCOPES, Claim, Indicator, Observation, Period, Quantity, SourcePlace
from haidang.track.store.codec import kind_of_stored

TITLE = {"vi": "Chỉ số", "en": "=Indicator"}
SOURCE = Source("paper", "A, paper", "A publisher", "2025-11-26", "https://example.org/paper")


@pytest.mark.parametrize("form", ["sdmx", "datapackage"])
def test_the_pack_that_ships_comes_back_from_its_own_files(tmp_path: Path, form: str):
    tracked = load_tracked(load_pack("hcmc"))
    write_files(tracked, tmp_path, form, "hcmc")
    found = {one.id: one for one in read_files([tmp_path], tracked) if kind_of_stored(one) == "indicator"}
    told = {name: one for name, one in tracked.indicators.items() if one.observations or form == "datapackage"}
    assert found == told


def test_a_data_package_is_read_where_none_of_it_is_there(tmp_path: Path):
    tracked = load_tracked(load_pack("hcmc"))
    write_files(tracked, tmp_path, "datapackage", "hcmc")
    found = {one.id: one for one in read_files([tmp_path]) if isinstance(one, Indicator)}
    # What a package has no field for: what moves it, the scores behind a rank, what stands in, a start, a most.
    bare = {
        name: replace(one, moved_by=(), scores=None, rivals=(), stand_in=None, starts=None, documents=(), most=None)
        for name, one in tracked.indicators.items()
    }
    assert found == bare


finite = st.floats(-1e15, 1e15, allow_nan=False, allow_infinity=False)
days = st.dates(date(1990, 1, 1), date(2060, 1, 1))
texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)


@st.composite
def observations(draw: st.DrawFn) -> tuple[Observation, ...]:
    """Values of one indicator, each with ends, qualifier, territory, vintage and method of its own."""
    found: list[Observation] = []
    for number in range(draw(st.integers(0, 4))):
        ends = sorted([draw(finite), draw(finite)])
        least, most = draw(st.sampled_from([(ends[0], ends[1]), (ends[0], ends[0]), (None, ends[1]), (ends[0], None)]))
        start, end = sorted([draw(days), draw(days)])
        claim = Claim(
            f"value-{number}", SourcePlace("paper", draw(st.none() | texts.filter(str.strip))), draw(days), "value",
            None, Quantity(least, most, "firms", draw(st.sampled_from(QUALIFIERS))), Period(start, end),
            draw(st.sampled_from([None, *SCOPES])),
        )  # fmt: skip
        status = draw(st.sampled_from(["actual", "estimate", "forecast"]))
        found.append(Observation(claim, status, draw(st.sampled_from([None, "one", "other"]))))
    return tuple(found)


def book(seen: tuple[Observation, ...]) -> Tracked:
    one = Indicator("series", TITLE, "firms", TITLE, "higher", seen, "city_new", None, "one", 12, date(2027, 1, 31))
    return gather([one], {"paper": SOURCE})


@given(observations())
def test_a_data_package_comes_back_as_it_was_written(seen: tuple[Observation, ...]):
    tracked = book(seen)
    with TemporaryDirectory() as folder:
        write_files(tracked, Path(folder), "datapackage", "city")
        assert tracked.indicators["series"] in read_files([Path(folder)])


@given(observations())
def test_sdmx_brings_every_value_back_to_an_indicator_without_any(seen: tuple[Observation, ...]):
    tracked = book(seen)
    with TemporaryDirectory() as folder:
        write_files(tracked, Path(folder), "sdmx", "city")
        again = read_files([Path(folder)], tracked)
        fresh = read_files([Path(folder)], book(()))
    assert again == ((tracked.indicators["series"],) if seen else ())
    if not seen:
        return
    (one,) = fresh
    assert isinstance(one, Indicator)
    # A value of the indicator's own territory need not say so.
    wanted = [
        replace(each, claim=replace(each.claim, scope=None if each.claim.scope == "city_new" else each.claim.scope))
        for each in seen
    ]
    assert list(one.observations) == wanted


def test_a_value_that_was_changed_in_the_file_changes_and_the_rest_stays(tmp_path: Path):
    tracked = load_tracked(load_pack("hcmc"))
    (path,) = write_files(tracked, tmp_path, "sdmx", "hcmc")
    text = path.read_text(encoding="utf-8")
    line = next(one for one in text.splitlines() if ",gfci-rank," in one and ",2025-09," in one)
    path.write_text(text.replace(line, line.replace("95.0", "94.0")), encoding="utf-8")
    before = tracked.indicators["gfci-rank"]
    changed = [one for one in read_files([path], tracked) if one not in tracked.indicators.values()]
    (one,) = changed
    assert isinstance(one, Indicator)
    assert one.observations[:-1] == before.observations[:-1]
    assert one.observations[-1].claim.quantity == Quantity(94.0, 94.0, "rank")
    assert one.observations[-1].claim.place == before.observations[-1].claim.place


@pytest.mark.parametrize("text", ["2025", "2025-07..2025-09", "2025-09", "2025-11-26", "2026..2030",
                                  "2025-07-01..2025-11-19", "2024-02"])  # fmt: skip
def test_periods_are_read_as_they_are_written(text: str):
    assert parse_time_period(time_period(parse_period(text))) == parse_period(text)


@given(days, days)
def test_every_period_comes_back(one: date, other: date):
    period = Period(min(one, other), max(one, other))
    assert parse_time_period(time_period(period)) == period


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2025-S2", Period(date(2025, 7, 1), date(2025, 12, 31))),
        ("2025-M03", Period(date(2025, 3, 1), date(2025, 3, 31))),
        ("2025-13", None),
        ("2025-02-30", None),
        ("2025-01-01/P0D", None),
        ("9999-01-01/P99999Y", None),
        ("last year", None),
    ],
)  # fmt: skip
def test_other_ways_of_sdmx_to_write_a_period_are_read_and_no_period_is_none(text: str, told: Period | None):
    assert parse_time_period(text) == told


HEAD = "STRUCTURE,ACTION,INDICATOR,SOURCE,VINTAGE,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE"


@pytest.mark.parametrize(
    ("head", "row", "told"),
    [
        (HEAD, "dataflow,I,serie,paper,2026-01-31,2025,5,firms", "did you mean 'series'?"),
        (HEAD, "dataflow,I,series,papr,2026-01-31,2025,5,firms", "did you mean 'paper'?"),
        (HEAD, "dataflow,D,series,paper,2026-01-31,2025,5,firms", "expected the action I, A, M, R, found 'D'"),
        (HEAD, "dataflow,I,series,paper,2026-01,2025,5,firms", "expected a day such as"),
        (HEAD, "dataflow,I,series,paper,2026-01-31,25,5,firms", "expected a period such as 2025, 2025-Q3"),
        (HEAD, "dataflow,I,series,paper,2026-01-31,2025,many,firms", "expected a number, found 'many'"),
        (HEAD, "dataflow,I,series,paper,2026-01-31,2025,,firms", "expected OBS_VALUE, or OBS_MIN and OBS_MAX"),
        (HEAD, "dataflow,I,series,paper,2026-01-31,2025,5,rank", "expected 'series' in firms, found 'rank'"),
        (HEAD.replace("OBS_VALUE", "OBS_VALU"), "dataflow,I,series,paper,2026-01-31,2025,5,firms",
         "did you mean 'OBS_VALUE'?"),
        (HEAD, "dataflow,I,series,paper,,2025,5,firms", "expected a value of VINTAGE, found none"),
    ],
)  # fmt: skip
def test_a_wrong_row_of_sdmx_is_told_with_its_line(tmp_path: Path, head: str, row: str, told: str):
    path = tmp_path / "values.csv"
    path.write_text(f"{head}\n{row}\n", encoding="utf-8")
    with pytest.raises(HaidangError) as found:
        read_files([path], book(()))
    assert f"{path}:2" in str(found.value)
    assert told in str(found.value)


def test_plain_sdmx_of_another_office_needs_neither_claims_nor_ends(tmp_path: Path):
    path = tmp_path / "values.csv"
    path.write_text(f"{HEAD}\ndataflow,I,series,paper,2026-01-31,2025-Q3,5,firms\n", encoding="utf-8")
    (one,) = read_files([path], book(()))
    assert isinstance(one, Indicator)
    (seen,) = one.observations
    assert seen.claim.quantity == Quantity(5.0, 5.0, "firms")
    assert seen.claim.period == Period(date(2025, 7, 1), date(2025, 9, 30))
    assert read_files([path], gather([one], {"paper": SOURCE})) == (one,), "read twice it is one value"


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("observations.csv", "5.0", "6.0", "found another by its hash; export the package anew"),
        ("datapackage.json", '"type": "number"', '"type": "boolean"', "of the type number, found 'boolean'"),
        ("datapackage.json", '"path": "sources.csv"', '"path": "../sources.csv"', "expected the path of a file beside"),
        ("datapackage.json", '"path": "sources.csv"', '"path": "/etc/passwd"', "expected the path of a file beside"),
        ("datapackage.json", '"name": "sources"', '"name": "source"', "did you mean 'sources'?"),
        ("datapackage.json", '"encoding": "utf-8"', '"encoding": "latin1"', "expected the encoding utf-8"),
        ("datapackage.json", '"resources": [', '"resources": [[], ', "expected a list of 'resources'"),
        ("datapackage.json", "{", "", "expected JSON, found something else"),
    ],
)  # fmt: skip
def test_a_package_that_is_not_as_it_says_is_refused(tmp_path: Path, file: str, old: str, new: str, told: str):
    claim = Claim("a", SourcePlace("paper"), date(2026, 1, 31), "value", None, Quantity(5.0, 5.0, "firms"),
                  Period(date(2025, 1, 1), date(2025, 12, 31)))  # fmt: skip
    write_files(book((Observation(claim, "actual", "one"),)), tmp_path, "datapackage", "city")
    path = tmp_path / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(HaidangError) as found:
        read_files([tmp_path])
    assert told in str(found.value)
    assert file in str(found.value)


@pytest.mark.parametrize(
    ("table", "old", "new", "told"),
    [
        ("observations", ",5.0,5.0,", ",many,5.0,", "minimum: expected a number, found 'many'"),
        ("observations", "2026-01-31", "31/1/2026", "said: expected a date, found '31/1/2026'"),
        ("observations", "series,a,", "nobody,a,", "expected an indicator of the package, found 'nobody'"),
        ("observations", ",paper,", ",papr,", "expected a source of the package, found 'papr'"),
        ("indicators", "series,", ",", "expected id that stand once"),
    ],
)  # fmt: skip
def test_a_wrong_cell_of_a_package_is_told_with_its_row(tmp_path: Path, table: str, old: str, new: str, told: str):
    claim = Claim("a", SourcePlace("paper"), date(2026, 1, 31), "value", None, Quantity(5.0, 5.0, "firms"),
                  Period(date(2025, 1, 1), date(2025, 12, 31)))  # fmt: skip
    write_files(book((Observation(claim, "actual", "one"),)), tmp_path, "datapackage", "city")
    described = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    for resource in described["resources"]:
        del resource["hash"], resource["bytes"]
    (tmp_path / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    path = tmp_path / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(HaidangError) as found:
        read_files([tmp_path])
    assert told in str(found.value)
    assert f"{path}:2" in str(found.value)
