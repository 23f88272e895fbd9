"""A pack's records: read as written, every mistake told with its place, what ships held against its documents."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.facts import Source
from haidang.packs import load_pack
from haidang.track import contradictions, load_tracked, series, track_mistakes
from haidang.track.pack_files import read_records
from haidang.track.pack_files.fields import parse_period, parse_quantity
from haidang.track.records import Commitment, Period, Quantity, claims_of

SOURCES = {"paper": Source("paper", "A paper", "A publisher", "2025-11", "https://example.org")}
GOOD = """\
bank-credit:
  title: {vi: Tín dụng, en: Credit}
  kind: credit
  parties: [A bank]
  responsible: none named
  stages:
    - {stage: announced, on: 2025-11-26, source: paper}
  milestones:
    - {id: half, title: {vi: Một nửa, en: Half}, weight: 2, done: 0.5, reported: 2026-01-31}
  claims:
    - {id: first, source: paper, about: amount, quantity: 1500e9 VND, qualifier: about, period: 2026..2030}
"""


def write(folder: Path, text: str, kind: str = "commitments") -> Path:
    (folder / kind).mkdir(exist_ok=True)
    (folder / kind / "some.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_record_is_read_as_it_is_written(tmp_path: Path):
    found = read_records(write(tmp_path, GOOD), SOURCES)
    assert found.mistakes == ()
    one = found.records["commitment", "bank-credit"]
    assert isinstance(one, Commitment)
    assert one.responsible is None
    assert one.claims[0].quantity == Quantity(1500e9, 1500e9, "VND", "about")
    assert one.claims[0].period == Period(date(2026, 1, 1), date(2030, 12, 31))
    assert one.claims[0].said == date(2025, 11, 30), "a month is dated by its last day"
    assert one.milestones[0].weight == 2.0


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("source: paper, about", "source: papers, about", "found 'papers'; did you mean 'paper'?"),
        ("stage: announced", "stage: anounced", "expected one of announced, signed"),
        ("kind: credit", "kind: credits", "expected one of mou, pledge"),
        ("qualifier: about", "qualifier: roughly", "expected one of exactly, about"),
        ("1500e9 VND", "lots", "expected a number and its unit such as '1500e9 VND'"),
        ("2026..2030", "2030..2026", "expected a period such as 2025"),
        ("done: 0.5", "done: 1.5", "expected a share from 0 to 1, found 1.5"),
        (", reported: 2026-01-31", "", "expected 'done' and the day it was 'reported' together"),
        (", source: paper}\n  milestones", "}\n  milestones", "expected evidence of a stage"),
        ("on: 2025-11-26", "on: 2025-11", "expected a day such as 2025-11-26"),
        ("parties: [A bank]", "party: [A bank]", "expected a known key, found this one; did you mean 'parties'?"),
        ("bank-credit:", "Bank Credit:", "expected an id of small letters"),
        ("  responsible: none named\n", "", "expected 'responsible', the body that answers for it, found none"),
        ("weight: 2", "weight: 0", "expected a weight above zero"),
        ("about: amount", "about: responsible", "'says'"),
        ("about: amount", "about: amount, says: A bank", "expected this key in a claim about the kind"),
    ],
)  # fmt: skip
def test_a_mistake_names_file_line_and_what_was_expected(tmp_path: Path, old: str, new: str, told: str):
    assert old in GOOD
    found = read_records(write(tmp_path, GOOD.replace(old, new)), SOURCES)
    assert [told in str(one) for one in found.mistakes] == [True], found.mistakes
    assert "commitments/some.yaml:" in str(found.mistakes[0])


def test_one_id_in_two_files_is_refused(tmp_path: Path):
    write(tmp_path, GOOD)
    (tmp_path / "commitments" / "two.yaml").write_text(GOOD, encoding="utf-8")
    (mistake,) = read_records(tmp_path, SOURCES).mistakes
    assert "expected each id once, found 'bank-credit' also in" in str(mistake)


@pytest.mark.parametrize(
    ("text", "qualifier", "least", "most", "unit"),
    [
        ("30 %", "exactly", 30.0, 30.0, "%"),
        ("[30, 40] %", "exactly", 30.0, 40.0, "%"),
        ("5 centres", "at_least", 5.0, None, "centres"),
        ("100 rank", "at_most", None, 100.0, "rank"),
        ("50 years", "more_than", 50.0, None, "years"),
        ("-1.5e3 VND", "nearly", -1500.0, -1500.0, "VND"),
    ],
)  # fmt: skip
def test_quantities_are_bounded_as_their_qualifier_says(text, qualifier, least, most, unit):
    assert parse_quantity(text, qualifier) == Quantity(least, most, unit, qualifier)


@pytest.mark.parametrize("text", ["", "VND", "1.2.3 VND", "[40, 30] %", "[1, 2, 3] %", "1,5 VND", "1e999 VND", "5"])
def test_what_is_no_quantity_is_none(text: str):
    assert parse_quantity(text, "exactly") is None or text == "5"


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(0, 3000))
def test_a_period_of_two_days_is_read_back(start: date, days: int):
    end = date.fromordinal(start.toordinal() + days)
    assert parse_period(f"{start.isoformat()}..{end.isoformat()}") == Period(start, end)


def test_bodies_are_named_in_both_languages_and_a_mistake_names_its_line(tmp_path: Path):
    (tmp_path / "bodies.yaml").write_text("A bank: {vi: Ngân hàng A, en: A bank}\n", encoding="utf-8")
    assert read_records(tmp_path, SOURCES).names == {"A bank": {"vi": "Ngân hàng A", "en": "A bank"}}
    (tmp_path / "bodies.yaml").write_text("A bank: {vi: Ngân hàng A}\n", encoding="utf-8")
    (mistake,) = read_records(tmp_path, SOURCES).mistakes
    assert "bodies.yaml:1" in str(mistake)


def test_the_pack_that_ships_is_in_order_and_every_claim_has_a_source():
    pack = load_pack("hcmc")
    assert track_mistakes(pack) == ()
    tracked = load_tracked(pack)
    for record in tracked.records():
        for claim in claims_of(record):
            assert claim.place.source in pack.book.sources
            assert claim.confirmed_by is None, "nobody has held what ships against its document in the office's name"
    assert {file.base.commitment for file in pack.programmes.values()} - {None} <= tracked.commitments.keys()


def test_the_known_contradictions_are_shown_and_nothing_is_averaged():
    found = {(one.id, one.about): one for one in contradictions(load_tracked(load_pack("hcmc")).records())}
    grdp = {claim.quantity.middle for claim in found["grdp", "value"].claims if claim.quantity}
    assert grdp == {3e15, 2.74e15, 2.7e15}
    ranks = {claim.quantity.middle for claim in found["digital-transformation-rank", "value"].claims if claim.quantity}
    assert ranks == {2.0, 4.0}
    assert {claim.says for claim in found["wef-lighthouse-os", "kind"].claims} == {"mou", "statement"}


def test_methods_are_not_joined_in_one_series():
    tracked = load_tracked(load_pack("hcmc"))
    found = series(tracked.indicators["digital-economy-share"])
    assert [(point.end.year, point.value) for point in found] == [(2021, 15.38), (2022, 18.66)]
    assert [point.value for point in series(tracked.indicators["digital-economy-share"], "statistics")] == [13.43]


def test_spans_point_at_the_words_that_they_cite(shared: Path):
    texts = {
        "forum-lunch-2025": (shared / "reading" / "article-a.txt").read_text(encoding="utf-8"),
        "science-meeting-2025": (shared / "reading" / "article-b.txt").read_text(encoding="utf-8"),
    }
    seen = 0
    for record in load_tracked(load_pack("hcmc")).records():
        for claim in claims_of(record):
            if claim.place.start is not None:
                words = texts[claim.place.source][claim.place.start : claim.place.end]
                assert words in (claim.place.passage or ""), (record.id, words)
                seen += 1
    assert seen >= 20


def test_values_of_the_reference_files_are_those_that_ship(shared: Path):
    import csv

    tracked = load_tracked(load_pack("hcmc"))
    names = {"GFCI": "gfci-rank", "StartupBlink cities": "startup-rank", "DTI provinces": "digital-transformation-rank"}
    with (shared / "facts" / "hcmc_rankings.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            values = {
                (point.end.isoformat()[: len(row["edition"])], point.value)
                for point in series(tracked.indicators[names[row["index"]]])
            }
            assert (row["edition"], float(row["rank"])) in values
    with (shared / "facts" / "hcmc_remittances.csv").open(encoding="utf-8") as file:
        told = {
            (seen.claim.period.end.year, seen.claim.quantity.middle, seen.status)
            for seen in tracked.indicators["remittances"].observations
            if seen.claim.period and seen.claim.period.end and seen.claim.quantity
        }
        for row in csv.DictReader(file):
            assert (int(row["year"]), 1e9 * float(row["bn_usd"]), row["kind"]) in told
