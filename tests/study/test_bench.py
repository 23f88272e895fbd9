"""The sample's answers are those of a full run of the same rows, draws and seed, whatever a design's conditions say."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from haidang.packs import Pack, load_pack
from haidang.study import Bench, Question, Sample, bench, parse_design, run_study, write_design

ROWS, DRAWS, SEED = 500, 4, 7
RELATIONS = st.sampled_from(["<", "<=", ">", ">="])
PARTS = st.one_of(
    st.builds("distance {} {} km".format, RELATIONS, st.integers(1, 12)),
    st.builds("distance * {} - {} km > 0.1 m * 3".format, st.floats(0.1, 3).map(repr), st.integers(1, 9)),
    st.builds("distance / motorbike_speed * 3 {} {} hour".format, RELATIONS, st.floats(0.1, 1.5).map(repr)),
    st.builds("log(distance / 1 km) {} bus_response * {}".format, RELATIONS, st.integers(-1, 3)),
    st.sampled_from(["true", "year > 2027", "families > 30000 household", "1 <= distance / mean_distance < 1.5"]),
)
CONDITIONS = st.recursive(
    PARTS,
    lambda below: st.one_of(
        st.builds("({} and {})".format, below, below),
        st.builds("({} or {})".format, below, below),
        st.builds("(not {})".format, below),
    ),
    max_leaves=4,
)
LEVERS = st.sampled_from(["50 %", "1/3", "(0.1 + 0.2) * bus_response", "70 % if distance > 5 km else 20 %"])


@pytest.fixture(scope="module")
def city(root: Path) -> Pack:
    return load_pack(str(root / "docs" / "tutorial" / "my-city"))


@pytest.fixture(scope="module")
def ready(city: Pack) -> Bench:
    return Bench(city, "school-bus", Sample(ROWS, DRAWS, SEED))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A new folder each time."""
    whole = tmp_path_factory.mktemp("runs")
    return (whole / str(number) for number in itertools.count())


def design(number: int, eligible: str, discount: str) -> str:
    changes: dict[str, dict[str, object]] = {"fare": {"eligible": eligible, "levers": {"discount": discount}}}
    return write_design(f"one-{number}", {"vi": "x", "en": "x"}, "school-bus", None, changes, {})


# Each example is a full run, so four designs share one, and what fails is not made smaller.
@settings(max_examples=2, phases=[Phase.generate])
@given(parts=st.lists(st.tuples(CONDITIONS, LEVERS), min_size=4, max_size=4))
def test_whatever_a_condition_says_the_sample_tells_what_the_full_run_does(
    city: Pack, ready: Bench, folders: Iterator[Path], parts: list[tuple[str, str]]
) -> None:
    folder, texts = next(folders), [design(number, *one) for number, one in enumerate(parts)]
    folder.mkdir()
    files = tuple(folder / f"{number}.yaml" for number in range(len(texts)))
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    run = run_study(city, Question("school-bus", (), DRAWS, SEED, ROWS, designs=files, workers=1), folder / "run")
    held = ready.try_out([parse_design(text, "x") for text in texts])
    assert held.table("totals").equals(run.table("totals").filter(pl.col("by") == "all"))
    for name in ("budgets", "choices"):
        assert held.table(name).equals(run.table(name)), name


def test_another_condition_lever_or_fact_compiles_no_large_program(
    ready: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready.try_out([parse_design(design(0, "distance > 2 km", "50 %"), "x")])
    monkeypatch.setattr(bench, "compile_scenario", lambda *_: pytest.fail("a large program was compiled"))
    for eligible, discount in (
        ("distance > 2 km and distance < 7 km", "50 %"),
        ("not (distance <= 3 km) or year == 2028", "40 % if distance > 5 km else 20 %"),
        ("families > 30000 household", "bus_response"),
    ):
        ready.try_out([parse_design(design(1, eligible, discount), "x")])


@pytest.mark.parametrize("programme", ["public-e-bikes", "rooftop-solar"])
def test_months_of_the_city_are_told_as_a_full_run_tells_them(programme: str, tmp_path: Path) -> None:
    """Sums of stages, choices and months, where capacities refuse many and every draw has facts of its own."""
    pack, question = load_pack("hcmc"), Question(programme, (), 3, SEED, 400, workers=1)
    run = run_study(pack, question, tmp_path / "run")
    held = Bench(pack, programme, Sample(400, 3, SEED)).try_out([])
    assert held.table("totals").equals(run.table("totals").filter(pl.col("by") == "all"))
    assert held.table("users").equals(run.table("users").filter(pl.col("by") == "all"))
    for name in ("periods", "budgets", "choices", "funnel"):
        assert held.table(name).equals(run.table(name)), name


def test_what_was_tried_in_a_world_that_is_kept_no_longer_is_tried_again(
    ready: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trials outlast their baseline, beside which they are told."""
    first = ready.try_out([parse_design(design(0, "distance > 2 km", "50 %"), "x")])
    monkeypatch.setattr(bench, "KEPT_WORLDS", 1)
    other = write_design("other", {"vi": "x", "en": "x"}, "school-bus", None, {}, {"bus_response": "0.7"})
    assert not ready.try_out([parse_design(other, "x")]).table("totals").equals(first.table("totals"))
    again = ready.try_out([parse_design(design(0, "distance > 2 km", "50 %"), "x")])
    assert again.table("totals").equals(first.table("totals"))
