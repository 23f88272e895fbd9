"""A design's file: what it changes, what it supposes, and what the sample and the command line make of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from haidang.errors import HaidangError
from haidang.packs import Pack, load_pack
from haidang.results import headlines
from haidang.study import (
    Bench,
    Question,
    Sample,
    design_mistakes,
    designed,
    parse_design,
    run_study,
    supposing,
    write_design,
)
from haidang.study.lifted import lift

TEXT = """
design: cheaper
title: {vi: Rẻ hơn, en: Cheaper}
programme: school-bus
changes:
  fare:
    eligible: distance > 3 km
    levers: {discount: 70 %}
    budget: {subsidy: {amount: 80e9 VND, per_year: 30e9 VND}}
facts: {time_value: 25e3 VND/hour}
"""


@pytest.fixture(scope="module")
def city(root: Path) -> Pack:
    return load_pack(str(root / "docs" / "tutorial" / "my-city"))


def test_a_design_is_its_programme_with_the_changes_and_nothing_else(city: Pack) -> None:
    found, base = designed(city, parse_design(TEXT, "d.yaml")), city.programme("school-bus").base
    (fare,), (was,) = found.instruments, base.instruments
    assert fare.eligible.text == "distance > 3 km"
    assert fare.levers["discount"].text == "70 %"
    assert (fare.budgets[0].amount, fare.budgets[0].per_year) == (80_000_000_000, 30_000_000_000)
    assert (fare.ration, fare.title, found.years, found.model) == (was.ration, was.title, base.years, base.model)


def test_what_is_supposed_is_certain_in_every_year_and_called_an_assumption(city: Pack) -> None:
    book = supposing(city, [parse_design(TEXT, "d.yaml")]).book
    fact = book.facts["time_value"]
    assert (fact.canonical, fact.distribution, fact.range, fact.source) == (25e3 * 8766, None, None, ())
    assert fact.assumption == {
        "vi": "Đặt cố định trong thiết kế “Rẻ hơn”.",
        "en": "Held fixed in the design “Cheaper”.",
    }
    assert "time_value" in city.book.uncertain()


def test_a_supposed_fact_moves_the_budgets_stated_through_it_and_nothing_else_is_read_again() -> None:
    pack, name = load_pack("hcmc"), "smart-manufacturing-credit"
    known = pack.programme(name)

    def supposed(fact: str) -> Pack:
        text = f"design: x\ntitle: {{vi: x, en: x}}\nprogramme: {name}\nfacts: {{{fact}}}\n"
        return supposing(pack, [parse_design(text, "d.yaml")])

    assert supposed("market_rate: 8 %/year").programme(name) is known
    (line, _), (was, _) = (
        one.base.instruments[0].budgets for one in (supposed("credit_line: 2000e9 VND").programme(name), known)
    )
    assert (line.amount, was.amount) == (2_000_000_000_000, 1_500_000_000_000)


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("discount: 70 %", "discunt: 70 %", r"d.yaml:8: changes.fare.levers.discunt.*did you mean 'discount'"),
        ("distance > 3 km", "distanse > 3 km", r"d.yaml:7: changes.fare.eligible.*did you mean 'distance'"),
        ("distance > 3 km", "distance > 3 kg", r"d.yaml:7: changes.fare.eligible.*metre and tonne"),
        ("80e9 VND", "80e9", r"d.yaml:9: changes.fare.budget.subsidy.amount.*without a unit"),
        ("per_year: 30e9", "per_year: 90e9", r"d.yaml:9: changes.fare.budget.subsidy.per_year: expected at most"),
        ("subsidy:", "subsidi:", r"d.yaml:9: changes.fare.budget.subsidi.*did you mean 'subsidy'"),
        ("{amount", "{amounts", r"d.yaml:9: changes.fare.budget.subsidy.amounts.*did you mean 'amount'"),
        ("25e3 VND/hour", "25e3 VND", r"d.yaml:10: facts.time_value: expected VND/hour.*found VND"),
        ("time_value", "time_valu", r"d.yaml:10: facts.time_valu.*did you mean 'time_value'"),
        ("  fare:", "  fair:", r"d.yaml:6: changes.fair.*did you mean 'fare'"),
        ("design: cheaper", "design: far-first", r"d.yaml:2: design: expected an id of its own"),
        ("design: cheaper", "design: baseline", r"d.yaml:2: design: expected an id such as"),
        ("programme: school-bus", "programme: school-buss", r"did you mean 'school-bus'"),
        ("changes:", "from: far-frist\nchanges:", r"d.yaml:5: from.*did you mean 'far-first'|d.yaml:2: from.*did you"),
        ("changes:", "chanegs:", r"d.yaml:5: chanegs.*did you mean 'changes'"),
        ("discount: 70 %", "discount: 70", r"changes.fare.levers.discount.*did you mean '70 %'"),
    ],
)
def test_a_mistake_names_its_line_its_key_and_the_nearest_right_spelling(
    city: Pack, was: str, becomes: str, said: str
) -> None:
    def made() -> None:
        design = parse_design(TEXT.replace(was, becomes, 1), "d.yaml")
        designed(supposing(city, [design]), design)

    with pytest.raises(HaidangError, match=said):
        made()


def test_designs_of_one_run_suppose_the_same(city: Pack) -> None:
    one, other = (
        parse_design(TEXT, "d.yaml"),
        parse_design(TEXT.replace("cheaper", "dearer").replace("25e3", "20e3"), "e"),
    )
    with pytest.raises(HaidangError, match="suppose the same facts"):
        supposing(city, [one, other])


def test_a_written_design_reads_as_the_same(city: Pack) -> None:
    changes = {"fare": {"eligible": "distance > 3 km and distance < 9 km", "levers": {"discount": "70 %"}}}
    text = write_design("x", {"vi": 'Ngoặc " kép', "en": "a: b # c"}, "school-bus", "far-first", changes, {})
    found = parse_design(text, "x.yaml")
    assert found.title == {"vi": 'Ngoặc " kép', "en": "a: b # c"}
    assert design_mistakes(city, found) == ()
    assert designed(city, found).instruments[0].eligible.text == "distance > 3 km and distance < 9 km"


def test_two_programmes_that_differ_in_numbers_alone_have_one_form(city: Pack) -> None:
    one, other = (designed(city, parse_design(TEXT.replace("3 km", f"{km} km"), "d")) for km in (3, 4))
    far = city.programme("school-bus").variants["far-first"]
    assert lift(one).form == lift(other).form != lift(far).form
    assert lift(one).numbers == {"condition": (3000.0,), "lever": (0.7,), "ration": ()}


@pytest.mark.parametrize("facts", ["facts: {time_value: 25e3 VND/hour}", "facts: {families: 30000 household}", ""])
def test_the_sample_gives_the_numbers_of_a_run_of_the_same_rows_draws_and_seed(
    city: Pack, tmp_path: Path, facts: str
) -> None:
    text = TEXT.replace("facts: {time_value: 25e3 VND/hour}", facts)
    file = tmp_path / "cheaper.yaml"
    file.write_text(text, encoding="utf-8")
    question = Question("school-bus", (), 4, 7, rows=500, designs=(file,), workers=1)
    run = run_study(city, question, tmp_path / "run")
    bench = Bench(city, "school-bus", Sample(500, 4, 7))
    bench.try_out([parse_design(TEXT.replace("70 %", "20 %").replace("cheaper", "before"), "b")])
    held = bench.try_out([parse_design(text, "cheaper.yaml")])
    whole = run.table("totals").filter(pl.col("by") == "all")
    assert held.table("totals").equals(whole)
    for name in ("budgets", "choices", "facts"):
        assert held.table(name).equals(run.table(name)), name
    for scenario in ("school-bus", "cheaper"):
        assert headlines(held, scenario) == headlines(run, scenario)


def test_the_command_line_runs_a_design_to_the_same_bytes_wherever_its_file_lies(city: Pack, tmp_path: Path) -> None:
    file = tmp_path / "elsewhere" / "cheaper.yaml"
    file.parent.mkdir()
    file.write_text(TEXT, encoding="utf-8")
    run = run_study(city, Question("school-bus", (), 3, 5, rows=300, designs=(file,), workers=1), tmp_path / "one")
    (tmp_path / "cheaper.yaml").write_bytes(file.read_bytes())
    assert run.manifest.command.endswith("--design cheaper.yaml")
    words = run.manifest.command.split()[2:]
    done = subprocess.run(
        [str(Path(sys.executable).parent / "haidang"), "run", f"{city.root}/school-bus", *words[1:], "--out", "two"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for table in (tmp_path / "one" / "tables").iterdir():
        assert table.read_bytes() == (tmp_path / "two" / "tables" / table.name).read_bytes(), table.name
