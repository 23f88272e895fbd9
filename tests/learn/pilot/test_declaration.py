"""A declaration is read whole or refused with its place, and its hash is of what it says."""

from pathlib import Path

import pytest

from haidang.errors import HaidangError
from haidang.learn.pilot.declaration import RULES, as_json, canonical_json, digest
from haidang.learn.pilot.declaration_file import load_declaration, load_designs
from haidang.packs import load_pack
from tests.learn.pilot.plans import PLAN, declared, plan


def test_the_hash_is_of_what_is_declared_and_not_of_how_the_file_looks(tmp_path: Path) -> None:
    one = declared(tmp_path)
    spaced = declared(
        tmp_path, ("alpha" if "alpha" in PLAN else "smallest_worthwhile: 0.5", "smallest_worthwhile:   0.50")
    )
    assert digest(one) == digest(spaced)
    assert digest(one) != digest(declared(tmp_path, ("smallest_worthwhile: 0.5", "smallest_worthwhile: 0.6")))


def test_canonical_json_sorts_keys_and_has_no_space() -> None:
    assert canonical_json({"b": 1.5, "a": ["ơ", None]}) == '{"a":["ơ",null],"b":1.5}'


def test_a_declaration_as_json_holds_everything_but_its_place(tmp_path: Path) -> None:
    found = as_json(declared(tmp_path))
    assert "place" not in found
    assert found["start"] == "2026-01-01"
    assert [arm["id"] for arm in found["arms"]] == ["control", "advised"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("share: 50 %}\n  advised", "share: 40 %}\n  advised", "expected shares that sum to 1, found 0.9"),
        ("share: 50 %}\nassignment", "share: 0 %}\nassignment", "expected a part of 1"),
        ("covariates", "covariate", "did you mean 'covariates'"),
        ("rule: stratified", "rule: stratifed", "did you mean 'stratified'"),
        ("rule: stratified", "rule: cluster", "expected the key 'cluster' under units"),
        ("rule: stratified", "rule: cutoff", "expected the key 'score'"),
        ("rule: stratified", "rule: pairs", "expected the key 'balance'"),
        ("end: 2027-12-31", "end: 2025-12-31", "expected an end after the start"),
        ("end: 2027-12-31", "end: soon", "expected a day such as"),
        ("on: default", "on: defalt", "did you mean 'default'"),
        ("size: 60", "size: 1", "expected two units or more"),
        ("between: [0, 10]", "between: [10, 0]", "expected the least and the greatest value"),
        ("smallest_worthwhile: 0.5", "smallest_worthwhile: -1", "expected a number above 0"),
        ("years: 2026..2027", "years: 2027..2026", "expected a last year from 2027 on"),
    ],
)
def test_a_mistake_names_its_file_its_line_and_the_nearest_spelling(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    path = plan(tmp_path, (before, after))
    with pytest.raises(HaidangError) as caught:
        load_declaration(path)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{path}:")


def test_all_treated_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pilot.yaml"
    lines = [line for line in PLAN.splitlines() if not line.startswith("  control:")]
    path.write_text("\n".join(lines).replace("share: 50 %", "share: 100 %"), encoding="utf-8")
    with pytest.raises(HaidangError, match="expected two arms or more, found 1: nothing is left to compare with"):
        load_declaration(path)


def test_a_design_changes_what_it_states_and_keeps_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "pilot.yaml"
    path.write_text(f"{PLAN}designs:\n  large: {{units: {{size: 600}}}}\n", encoding="utf-8")
    found = load_designs(path)
    assert (found["declared"].units.size, found["large"].units.size) == (60, 600)
    assert found["large"].units.strata == found["declared"].units.strata


def test_the_pilot_of_the_pack_is_in_order() -> None:
    path = load_pack("hcmc").root / "pilots" / "smart-manufacturing-credit.yaml"
    assert {"declared", "grant", "guarantee", "credit", "pairs"} <= set(load_designs(path))


def test_the_declaration_of_the_page_is_in_order(root: Path, tmp_path: Path) -> None:
    page = (root / "docs" / "howto" / "pilot.md").read_text(encoding="utf-8")
    path = tmp_path / "pilot.yaml"
    path.write_text(page.split("```yaml\n", 1)[1].split("```", 1)[0], encoding="utf-8")
    found = load_declaration(path)
    assert found.units.where == 'level < 4 and size == "medium"'
    assert [one.on for one in found.stop] == ["default"]


def test_the_table_of_the_page_has_every_rule(root: Path) -> None:
    page = (root / "docs" / "howto" / "pilot.md").read_text(encoding="utf-8")
    assert [one for one in RULES if f"| `{one}` |" not in page] == []
