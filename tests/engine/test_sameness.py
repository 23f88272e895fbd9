"""The same answer everywhere: bit for bit, whatever the workers, blocks, order of rows and other scenarios."""

from dataclasses import replace

import jax
import numpy as np
import polars as pl
import pytest

from haidang.engine import Desk, MemorySource, ParquetSource, RunError, simulate
from haidang.engine.tables import NAMES
from haidang.models import Alternative, Option
from tests.engine.city import FACTS, TOY, city, facts, instrument, programme, setting_of, tables_of, watch
from tests.engine.toy import Toy

POOR = instrument(
    "poor",
    eligible="income < 60e6 VND/year",
    budget="resource: grant, per_year: 900e6 VND, per_unit: 15e6 VND",
    ration="{by: income, order: lowest}",
)
LOAN = instrument("credit", levers="loan_share: 50 %", budget="resource: loan, amount: 2500e6 VND, waitlist: true")
TWO = programme(POOR, LOAN)
OTHER = programme(instrument("all", levers="grant_share: 25 %", budget="resource: grant, amount: 5e9 VND"))


@pytest.fixture(scope="module")
def table():
    """Rows that stand for uneven numbers of households, so that sums are not whole."""
    return city(1000, 11, weight=None)


@pytest.fixture(scope="module")
def expected(table):
    """One worker, one block."""
    return tables_of(setting_of(table, TWO), 6)


def assert_same(found, expected):
    for name in NAMES:
        assert found[name].equals(expected[name]), name


@pytest.mark.parametrize("workers", [2, 4])
def test_the_number_of_workers_changes_nothing(table, expected, workers):
    assert_same(tables_of(setting_of(table, TWO), 6, workers), expected)


@pytest.mark.parametrize("block_rows", [256, 512])
def test_the_number_of_blocks_changes_nothing(table, expected, block_rows):
    setting = setting_of(table, TWO, block_rows=block_rows)
    assert setting.source.count == -(-1000 // block_rows)
    assert_same(tables_of(setting, 6, 2), expected)


def test_a_hundred_blocks_give_what_one_gives():
    many = city(25_500, 3, weight=None)
    one, hundred = setting_of(many, TWO), setting_of(many, TWO, block_rows=256)
    assert (one.source.count, hundred.source.count) == (1, 100)
    assert_same(tables_of(hundred, 1), tables_of(one, 1))


def test_the_order_of_rows_changes_nothing(table, expected):
    mixed = table.sample(fraction=1.0, shuffle=True, seed=5)
    assert not mixed["id"].equals(table["id"])
    assert_same(tables_of(setting_of(mixed, TWO), 6), expected)


def test_a_streamed_file_gives_what_memory_gives(table, expected, tmp_path):
    path = tmp_path / "units.parquet"
    table.sort("id").write_parquet(path, row_group_size=100)
    source = ParquetSource(path, TOY.card, block_rows=256)
    assert (source.resident, source.count) == (False, 4)
    assert_same(tables_of(setting_of(source, TWO), 6, 2), expected)


def test_other_scenarios_change_nothing(table, expected):
    for programmes, place in (((TWO, OTHER), 0), ((OTHER, TWO), 1)):
        found = tables_of(setting_of(table, *programmes), 6)
        for name in NAMES:
            words = pl.col("scenario").cast(pl.String)
            own = found[name].filter(words.is_in(["baseline", f"p{place}"]))
            own = own.with_columns(words.replace(f"p{place}", "p0"))
            known = expected[name].with_columns(words)
            columns = [column for column in known.columns if known[column].dtype not in (pl.Float64, pl.Int64)]
            assert own.sort(columns).equals(known.sort(columns)), name


def test_the_same_draws_come_whatever_the_number_of_draws(table, expected):
    more = tables_of(setting_of(table, TWO), 9)
    assert_same({name: more[name].filter(pl.col("draw") < 6) for name in NAMES}, expected)


def test_each_draw_and_each_seed_is_its_own(table, expected):
    totals = expected["choices"].filter(pl.col("alternative") == "small")
    assert totals.group_by("draw").agg(pl.col("value").sum())["value"].n_unique() == 6
    other = tables_of(setting_of(table, TWO, seed=8), 6)
    assert not other["choices"].equals(expected["choices"])


class Third(Toy):
    """The toy with one thing more, which nobody can have."""

    card = replace(Toy.card, alternatives=(Alternative("third", {"vi": "ba", "en": "third"}), *Toy.card.alternatives))

    def options(self, scene):
        """The toy's, and one that is closed."""
        closed = Option(scene.units["income"] < 0, 1e6 * scene.chance["taste"])
        return {"third": closed, **super().options(scene)}


def test_an_alternative_more_leaves_the_noise_of_the_others(table):
    plain, third = watch(setting_of(table, TWO)), watch(setting_of(table, TWO, model=Third()))
    moved_on = {"nothing": "nothing", "small": "large", "large": "3"}  # by place on the card
    assert third.choice == {key: moved_on[name] for key, name in plain.choice.items()}


def test_a_unit_more_changes_no_choice_of_the_others_without_peers_and_budgets(table):
    free = programme(instrument("grant", budget=""))
    some = watch(setting_of(table.head(600), free), copying=0.0)
    more = watch(setting_of(table, free), copying=0.0)
    assert all(more.choice[key] == name for key, name in some.choice.items())


def test_a_programme_changes_no_choice_of_units_it_does_not_touch(table):
    seen = watch(setting_of(table, TWO), copying=0.0)
    touched = {unit for (one, unit, _), denied in seen.denied.items() if one == "p0" and denied}
    touched |= {unit for (one, unit, _), got in seen.received.items() if one == "p0" and any(got)}
    untouched = set(table["id"].to_list()) - touched
    baseline, helped = seen.choices("baseline"), seen.choices("p0")
    assert 100 < len(untouched) < 950
    assert all(baseline[key] == helped[key] for key in baseline if key[0] in untouched)
    assert any(baseline[key] != helped[key] for key in baseline)


def test_a_programme_for_members_changes_no_choice_of_others(table):
    members = programme(instrument("members", eligible="member", budget="resource: grant, amount: 4e9 VND"))
    seen = watch(setting_of(table, members), copying=0.0)
    baseline, helped = seen.choices("baseline"), seen.choices("p0")
    outside = set(table.filter(~pl.col("member"))["id"].to_list())
    assert all(baseline[key] == helped[key] for key in baseline if key[0] in outside)
    assert any(baseline[key] != helped[key] for key in baseline)


def test_with_peers_a_programme_may_change_others_of_the_group_and_from_the_second_year_only(table):
    north = programme(instrument("north", eligible='place == "north"', budget=""))
    seen = watch(setting_of(table, north), copying=3.0)
    baseline, helped = seen.choices("baseline"), seen.choices("p0")
    south = set(table.filter(pl.col("place") == "south")["id"].to_list())
    assert all(baseline[key] == helped[key] for key in baseline if key[0] in south)
    members = programme(instrument("members", eligible='member and place == "north"', budget=""))
    seen = watch(setting_of(table, members), copying=3.0)
    baseline, helped = seen.choices("baseline"), seen.choices("p0")
    others = set(table.filter(~pl.col("member") & (pl.col("place") == "north"))["id"].to_list())
    changed = {year for unit, year in baseline if unit in others and baseline[unit, year] != helped[unit, year]}
    assert changed == {2027, 2028}


def interrupted(setting, desk, after):
    """A run whose owner stops listening after some draws."""

    class StoppedError(Exception):
        pass

    def progress(done, of):
        if done >= after:
            raise StoppedError

    with pytest.raises(StoppedError):
        simulate(setting, lambda draw: facts(), 6, desk=desk, progress=progress)


@pytest.mark.parametrize("after", [0, 4])
def test_a_run_that_was_stopped_goes_on_to_the_same_tables(table, expected, tmp_path, after):
    setting, desk = setting_of(table, TWO), Desk(tmp_path / "parts", "digest")
    interrupted(setting, desk, after)
    said = []
    found = simulate(setting, lambda draw: facts(), 6, desk=desk, progress=lambda done, of: said.append((done, of)))
    assert_same(found, expected)
    assert said == [(done, 6) for done in (0, 4, 6) if done >= after]


def test_a_finished_group_is_not_run_again(table, expected, tmp_path):
    setting, desk = setting_of(table, TWO), Desk(tmp_path / "parts", "digest")
    simulate(setting, lambda draw: facts(), 6, desk=desk)

    def never(draw):
        raise AssertionError(f"draw {draw} was run again")

    assert_same(simulate(setting, never, 6, desk=desk), expected)


def test_what_was_left_half_written_is_swept_away_and_run_again(table, expected, tmp_path):
    setting, desk = setting_of(table, TWO), Desk(tmp_path / "parts", "digest")
    interrupted(setting, desk, 4)
    half = desk.folder / ".000004-000005.0123456789abcdef"
    half.mkdir()
    (half / "totals.parquet").write_bytes(b"PAR1 half of it")
    assert_same(simulate(setting, lambda draw: facts(), 6, desk=desk), expected)
    assert not half.exists()


def test_parts_of_another_run_are_refused(table, tmp_path):
    setting = setting_of(table, TWO)
    interrupted(setting, Desk(tmp_path, "one"), 4)
    with pytest.raises(RunError, match="found parts of one with other inputs"):
        simulate(setting, lambda draw: facts(), 6, desk=Desk(tmp_path, "another"))


def test_units_are_the_same_in_a_source_of_any_block_length(table):
    whole, cut = (MemorySource(table, TOY.card, rows) for rows in (65_536, 256))
    for name in ("income", "member", "place"):
        joined = np.concatenate([np.asarray(cut.block(k).units[name])[: cut.block(k).rows] for k in range(cut.count)])
        np.testing.assert_array_equal(joined, np.asarray(whole.block(0).units[name])[: whole.rows])
    assert sum(cut.block(k).rows for k in range(cut.count)) == table.height
    with jax.enable_x64(True):
        assert float(sum(cut.block(k).weight.sum() for k in range(cut.count))) == pytest.approx(table["weight"].sum())
    assert tuple(sorted(TOY.card.facts)) == FACTS
