"""The whole road on a small population of the city: a list with reasons, its files, applicants that are wrong."""

import json
import shutil
from dataclasses import replace

import numpy as np
import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner

from haidang.allocate.allocation import Request, allocate, goal_of
from haidang.allocate.asked import planned
from haidang.allocate.judged import SIMPLE
from haidang.allocate.kept import Kept
from haidang.allocate.list_report import as_json, list_html, summary, write_list
from haidang.allocate.list_report.say import Say
from haidang.allocate.list_tables import listed
from haidang.allocate.moved import Move, Moves
from haidang.allocate.plan import used_of
from haidang.allocate.solve import solve
from haidang.allocate.why_listed import charges_of
from haidang.cli import main
from haidang.errors import Place
from haidang.facts import Claim, Fact
from haidang.packs import load_pack
from haidang.population import build_population
from haidang.study.offers import OfferError
from haidang.study.plan_file import OPTIMAL

PROGRAMME = "smart-manufacturing-credit"
ROWS = 64
RULES = "rules:\n  small: {at_least: 30 %, of: subsidy, among: {size: [small, medium]}}\n"


@pytest.fixture(scope="module")
def pack():
    return load_pack("hcmc")


@pytest.fixture(scope="module")
def table(pack):
    return build_population(pack.population("factories"), pack.book, ROWS, 1).table


@pytest.fixture(scope="module")
def told():
    """What was told of an allocation that fell after it had valued the offers, and of the one that went on from it."""
    return {"fell": [], "went on": []}


@pytest.fixture(scope="module")
def found(pack, table, told, tmp_path_factory):
    home = tmp_path_factory.mktemp("found")
    rules = home / "rules.yaml"
    rules.write_text(RULES, encoding="utf-8")
    request = Request(PROGRAMME, draws=8, resolves=1, offers=("credit", "grant"), rules=rules, scales=(1.0, 1.5))

    def falls(what, done, total):
        told["fell"].append(what)
        if what == "promise":
            raise SystemExit(9)

    kept = Kept(home / "valued", "these inputs")
    with pytest.raises(SystemExit):
        allocate(pack, request, table, falls, kept=kept)
    return allocate(pack, request, table, lambda what, *_: told["went on"].append(what), kept=kept)


@pytest.fixture(scope="module")
def made(found):
    return listed(found)


def test_the_plan_keeps_budgets_and_rules_and_its_bound_is_above_it(found):
    used = used_of(found.problem, found.plan.choice)
    for one in found.resources:
        assert used[one.id].sum() <= one.total * (1 + 1e-9)
    assert found.plan.value <= found.plan.bound * (1 + 1e-9)
    worth = np.maximum(planned(found.estimates["level_gain"], found.offered), 0) * found.valued.weight[:, None]
    assert worth.sum() == pytest.approx(found.plan.value)
    cost = planned(found.estimates["subsidy"], found.offered) * found.valued.weight[:, None]
    small = np.isin(found.table["size"].cast(pl.String).to_numpy(), ["small", "medium"])
    assert cost[small].sum() >= 0.3 * cost.sum() * (1 - 1e-9)


def test_an_allocation_that_was_broken_off_goes_on_from_what_it_had_valued(found, told):
    assert found.plan.value > 0
    assert "value" in told["fell"]
    assert "value" not in told["went on"]
    assert "judge" in told["went on"]


def test_what_was_valued_is_kept_to_the_bit_for_the_same_inputs_and_made_anew_where_it_is_broken(found, tmp_path):
    names, made = ("ids", "weight", "draws", "by_draw"), []

    def make():
        made.append(1)
        return found.valued

    def valued(inputs, name):
        return Kept(tmp_path, inputs).valued(name, found.valued.offers, make)

    valued("these", "value")
    again = valued("these", "value")
    assert len(made) == 1
    assert (again.years, again.offers) == (found.valued.years, found.valued.offers)
    assert [getattr(again, name).tobytes() for name in names] == [
        getattr(found.valued, name).tobytes() for name in names
    ]
    for side in ("more", "less"):
        kept, own = getattr(again, side), getattr(found.valued, side)
        assert {name: (one.dtype, one.tobytes()) for name, one in kept.items()} == {
            name: (one.dtype, one.tobytes()) for name, one in own.items()
        }
    (file,) = tmp_path.iterdir()
    valued("others", "value")
    valued("these", "move")
    assert len(made) == 3
    file.write_bytes(file.read_bytes()[:-100])
    valued("these", "value")
    assert len(made) == 4


def test_nobody_is_offered_what_the_condition_keeps_from_them(found):
    large = (found.table["size"] == "large").to_numpy()
    assert not (found.offered[large] == 1).any()


def test_charges_at_the_cut_off_prices_are_prices_times_amounts(found):
    charges = charges_of(found.problem, found.plan)
    names = [row.id for row in found.plan.rows]
    price = dict(zip(names, found.plan.prices, strict=True))
    for one in found.resources:
        if price[one.id] > 0:
            assert charges.by_row[one.id] == pytest.approx(price[one.id] * found.problem.amounts[one.id])


def test_every_unit_stands_somewhere_with_a_reason(found, made):
    units = made.units
    assert units["id"].to_list() == sorted(units["id"].to_list())
    assert units.height == ROWS
    assert set(units["standing"]) <= {"listed", "not_eligible", "adds_nothing", "priced_out", "no_room"}
    held = units.filter(pl.col("standing") == "priced_out")
    assert (held["next_worth_per_charge"] < 1).all()
    assert (held["held_by"] != "").all()
    assert units["expected"].sum() == pytest.approx(found.plan.value)
    assert made.offers["expected"].sum() == pytest.approx(found.plan.value)


def test_every_way_is_judged_under_the_same_draws(found, made):
    judged = made.whole["judged"]
    assert {OPTIMAL, *SIMPLE} <= set(judged)
    for one in judged.values():
        for name, points in one["spent"].items():
            assert points["p95"] <= made.whole["budgets"][name] * (1 + 1e-9)
    assert judged[OPTIMAL]["optimal_less_this"]["mean"] == 0.0
    assert 0.0 <= judged[OPTIMAL]["overrun"]["subsidy"] <= 1.0


def test_the_list_is_written_as_page_workbook_tables_and_json(found, made, tmp_path):
    report = write_list(found, made, tmp_path, "vi")
    page = report.read_text(encoding="utf-8")
    assert 'lang="vi"' in page
    assert 'lang="en"' in page
    assert "http" not in page.replace("http://www.w3.org", "")
    assert pl.read_parquet(tmp_path / "list.parquet").height == ROWS
    whole = json.loads((tmp_path / "allocation.json").read_text(encoding="utf-8"))
    assert whole["goal"] == "level_gain"
    book = openpyxl.load_workbook(tmp_path / "list.xlsx")
    assert book.worksheets[0].max_row == ROWS + 1
    assert page == list_html([Say("vi", found, made), Say("en", found, made)])


def test_the_bank_is_told_what_another_billion_adds_in_both_languages(found, made):
    price = {row.id: price for row, price in zip(found.plan.rows, found.plan.prices, strict=True)}
    told = as_json([Say(one, found, made) for one in ("vi", "en")])["another"]
    assert {one["resource"] for one in told} == {name for name, price in price.items() if name != "small" and price > 0}
    for one in told:
        assert one["adds_at_most"] == pytest.approx(price[one["resource"]] * 1e9)
        assert "Another billion dong of" in one["sentence"]["en"]
        assert "Thêm một tỷ đồng" in one["sentence"]["vi"]


def test_who_is_in_whatever_fact_moves_is_read_from_the_plans_made_there(found):
    here = found.offered
    gone = np.where(np.arange(len(here))[:, None] == int((here >= 0).any(axis=1).argmax()), -1, here)
    fact = Fact("rate", {"vi": "Lãi suất", "en": "The rate"}, "%/year", 7.0, None, (5.0, 9.0), None, None, "hold",
                Claim(), Place("f"))  # fmt: skip
    made = (Move(fact, "low", 5.0, 11.0, gone), Move(fact, "high", 9.0, 12.0, here))
    moved = listed(replace(found, moves=Moves(made, {"rate": 0.5}, 3, True)))
    low, high = moved.whole["moves"]["made"]
    (left,) = low["leave"]
    assert (low["enter"], high["enter"], high["leave"]) == ([], [], [])
    row = moved.units.row(by_predicate=pl.col("id") == left, named=True)
    assert (row["moved"], row["leaves_with"], row["enters_with"]) == ("sometimes", "rate low", "")
    rest = moved.units.filter(pl.col("id") != left)
    assert set(rest.filter(pl.col("standing") == "listed")["moved"]) == {"always"}
    assert set(rest.filter(pl.col("standing") != "listed")["moved"]) <= {"never"}
    told = summary(Say("vi", replace(found, moves=Moves(made, {"rate": 0.5}, 3, True)), moved))
    assert "1 vào hoặc ra tùy dữ kiện" in told


def test_a_search_that_is_interrupted_leaves_its_best_plan_and_nothing_more_is_tried(
    pack, table, monkeypatch, tmp_path
):
    def stopped(problem, **more):
        plan = solve(problem, **more)
        return plan if more.get("progress") is None else replace(plan, ended="interrupted", gap=np.inf, bound=np.inf)

    monkeypatch.setattr("haidang.allocate.allocation.solve", stopped)
    request = Request(PROGRAMME, draws=4, resolves=2, offers=("credit",))
    found = allocate(pack, request, table, None, lambda _: None)
    made = listed(found)
    assert (found.resolves, found.moves.made, list(found.scales)) == (0, (), [OPTIMAL])
    assert set(made.units["certainty"]) == set(made.units["moved"]) == {"untested"}
    assert "was interrupted" in summary(Say("en", found, made))
    write_list(found, made, tmp_path, "vi")
    whole = json.loads((tmp_path / "allocation.json").read_text(encoding="utf-8"))
    assert (whole["plan"]["gap"], whole["plan"]["bound"]) == (None, None)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_word_is_missing_in_either_language(found, made, language):
    say = Say(language, found, made)
    told = summary(say) + " ".join(say.compared[0] + say.committed[0] + say.priced[0] + say.standings[0])
    assert "_" not in told.replace("level_gain", "")


def test_a_goal_that_the_model_does_not_track_is_answered_with_the_nearest(pack):
    card = pack.model("factories").card
    assert goal_of(card, None) == "level_gain"
    with pytest.raises(OfferError, match="did you mean 'level_gain'"):
        goal_of(card, "levels_gain")


def run(monkeypatch, capsys, *words: str, verb: str = "allocate") -> tuple[int, str, str]:
    """The command line in this process: status, what it printed, what it said was wrong."""
    monkeypatch.setattr("sys.argv", ["haidang", verb, *words])
    try:
        main()
        status = 0
    except SystemExit as end:
        status = int(end.code or 0)
    told = capsys.readouterr()
    return status, told.out, told.err


def test_bad_applicants_end_the_command_and_are_named_by_row(table, tmp_path, monkeypatch, capsys):
    bad = table.with_columns(pl.col("size").cast(pl.String), revenue=pl.col("revenue").cast(pl.String))
    for at in range(0, ROWS, 10):
        bad[at, "revenue"] = "a lot"
    file = tmp_path / "applicants.csv"
    bad.write_csv(file)
    out = tmp_path / "list"
    words = ("hcmc/smart-manufacturing-credit", "--applicants", str(file), "--out", str(out), "--rows", "64")
    status, _, told = run(monkeypatch, capsys, *words)
    assert status == 1
    assert "row 2, column revenue: expected a number" in told
    assert "7 of 64 rows" in told
    assert pl.read_csv(out / "rejected.csv").height == 7
    assert not (out / "list.parquet").exists()


@pytest.mark.parametrize("command", [("allocate",), ("run",), ("optimise", "--over", "loan_rate", "--goal", "levels")])
def test_a_budget_of_a_resource_that_is_not_there_is_named_by_its_line(command, tmp_path, monkeypatch, capsys, pack):
    mine = shutil.copytree(pack.root, tmp_path / "mine")
    file = mine / "programmes" / "smart-manufacturing-credit.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("resource: loan,", "resource: lone,", 1), encoding="utf-8")
    out = tmp_path / "list"
    verb, *more = command
    status, _, told = run(
        monkeypatch, capsys, f"{mine}/smart-manufacturing-credit", "--out", str(out), *more, verb=verb
    )
    assert status == 1
    assert "found 'lone'; did you mean 'loan'?" in told
    assert "smart-manufacturing-credit.yaml:19" in told
    assert not out.exists()


def test_the_rest_of_the_applicants_is_allocated_when_that_is_accepted(table, tmp_path, monkeypatch, capsys):

    def brief(pack, request, *rest):
        return allocate(pack, replace(request, scales=(1.0,)), *rest)

    monkeypatch.setattr("haidang.allocate.allocation.allocate", brief)
    bad = pl.concat([table, table[:1]])
    bad.write_parquet(tmp_path / "applicants.parquet")
    out = tmp_path / "list"
    words = ("--draws", "4", "--resolves", "1", "--offers", "credit", "--json", "--accept-rest", "--rows", "64")
    words = ("hcmc/smart-manufacturing-credit", "--applicants", str(tmp_path / "applicants.parquet"), *words)
    status, shown, told = run(monkeypatch, capsys, *words, "--out", str(out))
    assert status == 0
    whole = json.loads(shown)
    # Both rows of the applicant that stands twice are named, and neither is a unit.
    assert (whole["units"], whole["rejected_rows"]) == (ROWS - 1, 2)
    assert f"rows 2, {ROWS + 2}" in told


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--robust", "often"), "expected worst or a share of the draws such as 20% in --robust, found 'often'"),
        (("--robust", "120%"), "expected worst or a share of the draws"),
        (("--against", "level_gains"), "found 'level_gains'; did you mean 'level_gain'?"),
        (("--against", "level_gain"), "expected another outcome than the goal to set against it"),
        (("--commit", "0.5"), "expected --commit of 1 or more, found 0.5"),
        (("--points", "1"), "expected --points of 2 or more, found 1"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_before_anything_is_simulated(
    words, message, tmp_path, monkeypatch, capsys
):
    out = tmp_path / "list"
    status, _, told = run(monkeypatch, capsys, "hcmc/smart-manufacturing-credit", "--out", str(out), *words)
    assert (status, message in told) == (1, True), told
    assert not out.exists()


def test_worst_draws_two_goals_and_more_than_the_budget_are_told_in_both_languages(pack, table, tmp_path):
    request = Request(
        PROGRAMME, draws=8, resolves=1, facts=0, offers=("credit", "grant"), scales=(1.0,), robust=0.25,
        against="emissions_avoided", points=3, commit=1.5,
    )  # fmt: skip
    found = allocate(pack, request, table)
    used = used_of(found.problem, found.plan.choice)
    for one in found.resources:
        assert used[one.id].sum() <= 1.5 * one.total * (1 + 1e-9)
        assert found.judged.trials[OPTIMAL].spent[one.id].sum(axis=1).max() <= one.total
    assert [round(one, 2) for one in found.scales.values()] == [1.0, 1.5]
    first, *_, last = found.curve
    assert first.first >= last.first
    assert last.second >= first.second
    made = listed(found)
    assert made.whole["robust"]["value"] <= made.whole["plan"]["expected"] * (1 + 1e-9)
    assert made.units["expected"].sum() == pytest.approx(found.plan.outcomes[found.goal])
    for language, sentence in (("vi", "nhắm vào những lượt rút xấu nhất"), ("en", "made for the worst draws (25%")):
        say = Say(language, found, made)
        assert sentence in summary(say)
        assert "_" not in (summary(say) + say.against_read + say.figure_against)
    page = write_list(found, made, tmp_path, "en").read_text(encoding="utf-8")
    assert "What one goal costs in the other" in page
    assert len(openpyxl.load_workbook(tmp_path / "list.xlsx").sheetnames) == 7


def test_the_command_explains_itself():
    from haidang.cli import app

    shown = CliRunner().invoke(app, ["allocate", "--help"])
    assert shown.exit_code == 0
    assert "--applicants" in shown.output
