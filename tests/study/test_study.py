"""From a question to a run on disk: what is refused before anything is simulated, and what a run says of itself."""

import numpy as np
import polars as pl
import pytest

from haidang.engine import MemorySource, ParquetSource, PopulationError
from haidang.errors import HaidangError
from haidang.packs import load_pack
from haidang.population import build_population
from haidang.study import Question, StudyError, run_study, scenarios_of, units_of

PROGRAMME = "smart-manufacturing-credit"


@pytest.fixture(scope="module")
def pack():
    """The first city."""
    return load_pack("hcmc")


@pytest.fixture(scope="module")
def card(pack):
    """The card of its factories."""
    return pack.model("factories").card


@pytest.fixture(scope="module")
def units(pack):
    """A few hundred factories in the order of their ids."""
    return build_population(pack.population("factories"), pack.book, 300, 1).table.sort("id")


@pytest.fixture(autouse=True)
def no_cache(monkeypatch):
    """These tests leave the compile cache of whoever runs them alone."""
    monkeypatch.setattr("haidang.study.prepared.prepare_jax", lambda: None)


@pytest.mark.parametrize(("name", "value"), [("draws", 0), ("workers", 0), ("seed", -1), ("rows", 0)])
def test_numbers_that_mean_nothing_are_refused(name, value):
    with pytest.raises(StudyError, match=f"expected --{name} of . or more, found {value}"):
        Question(PROGRAMME, **{name: value})


def test_an_unknown_variant_is_named_with_the_nearest(pack):
    known = next(iter(pack.programme(PROGRAMME).variants))
    with pytest.raises(StudyError, match=f"did you mean '{known}'"):
        scenarios_of(pack, Question(PROGRAMME, variants=(f"{known}s",)))


def test_all_variants_come_in_the_order_of_the_file_and_each_once(pack):
    variants = tuple(pack.programme(PROGRAMME).variants)
    assert [name for name, _ in scenarios_of(pack, Question(PROGRAMME, variants=("all",)))] == [PROGRAMME, *variants]
    twice = scenarios_of(pack, Question(PROGRAMME, variants=(variants[0], variants[0])))
    assert [name for name, _ in twice] == [PROGRAMME, variants[0]]


def test_a_finished_run_is_never_written_over(pack, tmp_path):
    (tmp_path / "manifest.json").write_text("{}")
    for resume in (True, False):
        with pytest.raises(StudyError, match="found a finished run"):
            run_study(pack, Question(PROGRAMME, draws=1), tmp_path, resume=resume)


def test_an_interrupted_run_goes_on_only_when_asked(pack, tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "run.json").write_text("{}")
    with pytest.raises(StudyError, match=r"was interrupted.*go on with --resume"):
        run_study(pack, Question(PROGRAMME, draws=1), tmp_path)


def test_parts_of_another_question_are_refused(pack, tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "run.json").write_text('{"digest": "another"}')
    with pytest.raises(HaidangError, match="other inputs, seed or version"):
        run_study(pack, Question(PROGRAMME, draws=1, rows=200), tmp_path, resume=True)


def test_a_folder_that_cannot_be_made_is_one_clear_error_and_leaves_nothing(pack, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(HaidangError, match="expected a folder that can be written"):
        run_study(pack, Question(PROGRAMME, draws=1, rows=200), tmp_path / "file" / "run")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def question(path, **given):
    """The programme on the units of a file."""
    return Question(PROGRAMME, draws=1, units=path, **given)


def test_units_are_the_same_from_a_table_of_any_kind_held_or_streamed(pack, card, units, tmp_path):
    path = tmp_path / "units.parquet"
    units.write_parquet(path)
    held, whole = units_of(pack, card, question(path))
    gone, streamed = units_of(pack, card, question(path, memory=1))
    assert held is not None
    assert gone is None
    assert isinstance(whole, MemorySource)
    assert isinstance(streamed, ParquetSource)
    units.write_csv(tmp_path / "units.csv")
    plain = units_of(pack, card, question(tmp_path / "units.csv"))[1]
    for name, column in whole.block(0).units.items():
        np.testing.assert_array_equal(np.asarray(column), np.asarray(plain.block(0).units[name]), err_msg=name)
        # In so little memory the blocks are short.
        blocks = [np.asarray(streamed.block(k).units[name]) for k in range(streamed.count)]
        np.testing.assert_array_equal(np.asarray(column), np.concatenate(blocks)[: len(column)], err_msg=name)


def broken(units, name):
    """The units with one mistake."""
    third = pl.int_range(pl.len()) == 2
    wrong = {
        "no employees column": lambda: units.drop("employees"),
        "negative employees": lambda: units.with_columns(employees=pl.when(third).then(-4.0).otherwise("employees")),
        "not a number": lambda: units.with_columns(revenue=pl.when(third).then(float("nan")).otherwise("revenue")),
        "repeated id": lambda: units.with_columns(id=pl.when(third).then(pl.col("id").shift(1)).otherwise("id")),
        "unknown sector": lambda: units.with_columns(
            sector=pl.when(third).then(pl.lit("foods")).otherwise(pl.col("sector").cast(pl.String))
        ),
        "weight of zero": lambda: units.with_columns(weight=pl.when(third).then(0.0).otherwise("weight")),
        "nobody": lambda: units.head(0),
    }
    return wrong[name]()


@pytest.mark.parametrize("memory", [1, 2_000_000_000], ids=["streamed", "held"])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no employees column", "employees"),
        ("negative employees", "-4"),
        ("not a number", "revenue"),
        ("repeated id", "id"),
        ("unknown sector", "found 'foods'"),
        ("weight of zero", "weight"),
        ("nobody", "expected at least one"),
    ],
)
def test_units_that_cannot_be_computed_with_are_refused_before_anything_is_run(
    pack, card, units, tmp_path, name, said, memory
):
    path = tmp_path / "units.parquet"
    broken(units, name).write_parquet(path)
    with pytest.raises(HaidangError) as found:
        units_of(pack, card, question(path, memory=memory))[1].block(0)
    assert said in str(found.value)
    assert "units.parquet" in str(found.value)
    assert "\n" not in str(found.value)


@pytest.mark.parametrize("name", ["units.parquet", "units.csv", "units.doc"])
def test_a_file_that_is_not_there_is_one_clear_error(pack, card, tmp_path, name):
    with pytest.raises(HaidangError) as found:
        units_of(pack, card, question(tmp_path / name))
    assert name in str(found.value)
    assert not isinstance(found.value, PopulationError) or "\n" not in str(found.value)
