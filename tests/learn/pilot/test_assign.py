"""An assignment follows from the hash, the salt and the ids, and from nothing else."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.learn.pilot.assign import assign, redrawer, verify
from haidang.learn.pilot.assignment_file import read_assignment, write_assignment
from haidang.learn.pilot.declaration import PilotError, digest
from haidang.learn.pilot.keys import drawn_chance, public_chance
from haidang.learn.pilot.rules import complete, counts_of, paired, pairs_of, rerandomised, stratified
from tests.learn.pilot.plans import declared, units


def test_a_units_number_is_the_first_eight_bytes_of_a_hash_that_anyone_can_make() -> None:
    expected = int(hashlib.sha256(b"hash\nsalt\narm\nf001").hexdigest()[:16], 16)
    assert int(public_chance("hash", "salt")("arm", ["f001"])[0]) == expected


def test_the_first_in_the_order_of_their_numbers_get_the_first_arm() -> None:
    ids = [f"f{place}" for place in range(10)]
    numbers = public_chance("h", "s")("arm", ids)
    found = complete(ids, (0.3, 0.7), public_chance("h", "s"))
    assert set(np.flatnonzero(found.arm == 0)) == set(np.argsort(numbers)[:3])


@given(seed=st.integers(0, 1000))
def test_the_order_of_the_rows_does_not_matter(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    declaration = declared(tmp_path_factory.mktemp("plan"))
    table = units()
    mixed = table[np.random.default_rng(seed).permutation(table.height)]
    assert assign(declaration, mixed, "salt").table.equals(assign(declaration, table, "salt").table)


def test_another_salt_or_another_declaration_draws_another_lot(tmp_path: Path) -> None:
    declaration = declared(tmp_path)
    one = assign(declaration, units(), "salt").table
    assert not one.equals(assign(declaration, units(), "pepper").table)
    assert not one.equals(assign(replace(declaration, alpha=0.1), units(), "salt").table)


@given(sizes=st.lists(st.integers(1, 9), min_size=1, max_size=6), share=st.floats(0.1, 0.9), seed=st.integers(0, 99))
def test_strata_are_shared_out_and_the_totals_are_as_declared(sizes: list[int], share: float, seed: int) -> None:
    stratum = np.repeat(np.arange(len(sizes)), sizes)
    shares = (1.0 - share, share)
    found = stratified(
        [str(k) for k in range(len(stratum))], shares, stratum, drawn_chance(np.random.default_rng(seed))
    )
    assert np.bincount(found.arm, minlength=2).tolist() == counts_of(len(stratum), shares).tolist()
    for one, size in enumerate(sizes):
        treated = int((found.arm[stratum == one] == 1).sum())
        assert np.floor(size * share + 1e-9) <= treated <= size - np.floor(size * (1.0 - share) + 1e-9)


def test_pairs_join_the_nearest_and_treat_one_of_two() -> None:
    columns = np.array([[0.0], [10.0], [0.1], [10.1], [5.0], [5.05]])
    pair = pairs_of(np.zeros(6, np.int64), columns)
    assert {tuple(np.flatnonzero(pair == one)) for one in range(3)} == {(0, 2), (1, 3), (4, 5)}
    found = paired([str(k) for k in range(6)], pair, drawn_chance(np.random.default_rng(1)))
    assert [int(found.arm[pair == one].sum()) for one in range(3)] == [1, 1, 1]


def test_an_odd_number_of_units_makes_no_pairs() -> None:
    with pytest.raises(PilotError, match="expected an even number of units for pairs, found 3"):
        pairs_of(np.zeros(3, np.int64), np.arange(3.0)[:, None])


def test_redrawn_assignments_are_balanced_as_morgan_and_rubin_say() -> None:
    generator = np.random.default_rng(5)
    balance = generator.normal(size=(100, 3))
    ids = [str(k) for k in range(100)]
    distances: list[float] = []
    tries: list[int] = []
    inverse = np.linalg.inv(np.cov(balance, rowvar=False))
    for _ in range(60):
        found = rerandomised(ids, (0.5, 0.5), None, balance, 0.1, drawn_chance(generator))
        gap = balance[found.arm == 1].mean(axis=0) - balance[found.arm == 0].mean(axis=0)
        distances.append(float(gap @ inverse @ gap) * 25.0)
        tries.append(found.tries)
    assert max(distances) <= 0.5844  # the 10 % quantile of chi-squared with 3 degrees of freedom
    assert 5.0 < float(np.mean(tries)) < 17.0


def test_a_column_that_follows_from_others_cannot_be_balanced() -> None:
    columns = np.repeat(np.random.default_rng(0).normal(size=(20, 1)), 2, axis=1)
    ids = [str(k) for k in range(20)]
    with pytest.raises(PilotError, match="of which none follows from the others"):
        rerandomised(ids, (0.5, 0.5), None, columns, 0.1, public_chance("h", "s"))


def test_a_cluster_has_one_arm_and_one_cluster_is_refused(tmp_path: Path) -> None:
    declaration = declared(tmp_path, ("strata: [sector]", "cluster: ward"), ("rule: stratified", "rule: cluster"))
    found = assign(declaration, units(), "salt").table
    assert found.group_by("ward").agg(pl.col("arm").n_unique())["arm"].max() == 1
    with pytest.raises(PilotError, match="expected at least one cluster for each of 2 arms, found 1"):
        assign(declaration, units().with_columns(pl.lit("w").alias("ward")), "salt")


def test_a_cut_off_decides_without_a_lot_and_needs_both_sides(tmp_path: Path) -> None:
    change = ("rule: stratified", "rule: cutoff, score: employees, cutoff: 150")
    declaration = declared(tmp_path, change)
    found = assign(declaration, units(), "salt").table
    assert ((found["employees"] >= 150) == (found["arm"] == "advised")).all()
    with pytest.raises(PilotError, match="there is no other assignment to draw"):
        redrawer(declaration, units())
    with pytest.raises(PilotError, match="found none treated"):
        assign(declared(tmp_path, (change[0], change[1].replace("150", "9999"))), units(), "salt")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda table: table.drop("sector"), "expected the column 'sector', found none"),
        (lambda table: table.head(59), "expected the 60 units of the declaration, found 59"),
        (lambda table: table.with_columns(pl.lit("f").alias("id")), "expected each id once"),
        (
            lambda table: table.with_columns(pl.when(pl.col("employees") > 100).then(1).alias("employees")),
            "expected a value of 'employees' for every unit",
        ),
    ],
)
def test_units_that_cannot_be_assigned_are_named(tmp_path: Path, spoil, said: str) -> None:
    with pytest.raises(PilotError, match=said):
        assign(declared(tmp_path), spoil(units()), "salt")


def test_a_table_of_arms_is_derived_again_and_a_changed_arm_is_named(tmp_path: Path) -> None:
    declaration = declared(tmp_path)
    write_assignment(tmp_path / "arms.csv", assign(declaration, units(), "salt"))
    found = read_assignment(tmp_path / "arms.csv", declaration)
    table = found.table
    assert (found.salt, table.height) == ("salt", 60)
    first = table["id"] == table["id"][0]
    other = "control" if table["arm"][0] == "advised" else "advised"
    moved = table.with_columns(pl.when(first).then(pl.lit(other)).otherwise(pl.col("arm")).alias("arm"))
    with pytest.raises(PilotError, match=f"expected arm '{table['arm'][0]}' for unit 'f000', found '{other}'"):
        verify(declaration, moved, "salt")
    with pytest.raises(PilotError, match="expected the assignment of this declaration, found one of another"):
        read_assignment(tmp_path / "arms.csv", replace(declaration, alpha=0.01))
    assert digest(declaration) != digest(replace(declaration, alpha=0.01))


def test_lots_stand_under_the_registered_hash_that_they_were_drawn_by(tmp_path: Path) -> None:
    drawn = declared(tmp_path)
    write_assignment(tmp_path / "arms.csv", assign(drawn, units(), "salt"))
    amended = replace(drawn, title={"vi": "Khác", "en": "Other"}, alpha=0.01)
    found = read_assignment(tmp_path / "arms.csv", amended, [drawn, amended])
    assert found.declaration == drawn
    assert found.table.equals(read_assignment(tmp_path / "arms.csv", drawn).table)
    for other, key in (
        (replace(drawn, units=replace(drawn.units, strata=())), "units.strata"),
        (replace(drawn, arms=(replace(drawn.arms[0], id="none"), drawn.arms[1])), "arms"),
        (replace(drawn, assignment=replace(drawn.assignment, rule="complete")), "assignment"),
    ):
        with pytest.raises(PilotError, match=f"as the lots were drawn by, found changes of: {key};"):
            read_assignment(tmp_path / "arms.csv", other, [drawn, other])


def test_the_rule_drawn_again_treats_every_unit_about_equally_often(tmp_path: Path) -> None:
    draw, generator = redrawer(declared(tmp_path), units()), np.random.default_rng(3)
    often = np.mean([draw(generator) for _ in range(800)], axis=0)
    assert np.abs(often - 0.5).max() < 4.5 * (0.25 / 800) ** 0.5
