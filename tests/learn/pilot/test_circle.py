"""The whole circle, small: what each step leaves in its folder, and what the forecast draws from at the end."""

import json
from pathlib import Path

import numpy as np
import pytest

from haidang.errors import HaidangError
from haidang.facts import draw_facts
from haidang.learn.pilot.circle import Circled, Size, go_round
from haidang.packs import load_pack
from tests.learn.pilot.plans import plan

SMALL = Size(worlds=16, power_worlds=2, pilots=10, frame=1200, rows=800, draws=16, seed=1, world=3)
CHANGES = (
    ("years: 2026..2027", "programme: hcmc/smart-manufacturing-credit\nyears: 2026..2026"),
    ("{size: 60, strata: [sector]}", "{size: 800, strata: [sector], where: 'level < 4 and size == \"medium\"'}"),
    ("share: 50 %}\nassignment", "share: 50 %, offers: [advice-first/advice]}\nassignment"),
    ("column: level, unit: level", "column: adoptions, unit: adoption"),
    (
        "kind: rate, column: bad, at_most: 10 %, between: [0, 1]",
        "kind: harm, column: adoptions, tolerated: 0.5, between: [0, 10]",
    ),
    ("smallest_worthwhile: 0.5", "smallest_worthwhile: 0.05\nlearns: [management_attention]"),
)


@pytest.fixture(scope="module")
def gone(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Circled, list[str]]:
    """A circle, its folder, and the steps that were told."""
    root = tmp_path_factory.mktemp("circle")
    told: list[str] = []
    found = go_round(load_pack("hcmc"), plan(root, *CHANGES), root / "out", SMALL, lambda step, _: told.append(step))
    return root / "out", found, told


def test_every_step_is_told_and_can_be_gone_through_again(gone: tuple[Path, Circled, list[str]]) -> None:
    folder, found, told = gone
    steps = ["design", "register", "assign", "run", "monitor", "evaluate", "truth", "learn", "forecast"]
    assert told == steps
    assert found.truth.low < found.truth.frame < found.truth.high
    assert found.analysed.evaluation.deviations == ()
    assert json.loads((folder / "forecast.json").read_text())["before"] == found.forecast.before.as_dict()
    for name in ("pilot.register.jsonl", "assignment.recipe.json", "monitor.jsonl", "evaluation/en/report.html"):
        assert (folder / name).is_file()
    assert found.analysed.evaluation.outcome["vi"] == "Số lần áp dụng công nghệ"
    assert found.analysed.evaluation.unit == {"vi": "lượt", "en": "adoptions"}


def test_the_model_draws_from_what_was_written_and_so_has_the_effect_that_was_learned(
    gone: tuple[Path, Circled, list[str]],
) -> None:
    folder, found, _ = gone
    (fact,) = found.learned
    effect = found.effect
    after = load_pack(str(folder / "pack"))
    drawn = draw_facts(after.book, ["management_attention"], 4096, 1)["management_attention"] * 100.0
    assert drawn.mean() == pytest.approx(fact.after, rel=0.05)
    assert drawn.std() == pytest.approx(fact.after_sd, rel=0.15)
    assert after.book.value("pilot_advice_effect") == pytest.approx(found.analysed.effect.estimate, rel=1e-4)
    # Fifteen draws of a prior that is not normal: near the closed form, and near it again when drawn anew.
    assert effect.after == pytest.approx(effect.closed, abs=0.35 * effect.before_sd)
    assert effect.after_sd == pytest.approx(effect.closed_sd, rel=0.3)
    assert effect.redrawn == pytest.approx(effect.after, abs=0.5 * effect.before_sd)


def test_a_folder_with_a_circle_in_it_is_not_written_over(gone: tuple[Path, Circled, list[str]]) -> None:
    folder, _, _ = gone
    with pytest.raises(HaidangError, match="expected a new folder"):
        go_round(load_pack("hcmc"), folder / "pilot.yaml", folder, SMALL, lambda *_: None)
    assert np.isfinite(json.loads((folder / "learned.json").read_text())["effective"])
