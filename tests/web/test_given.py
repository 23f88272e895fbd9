"""Runs on tables of real units: everybody is shown one table and no second, by nobody and on no way."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from haidang.results.groups import covered_groups
from haidang.results.run import write_run
from tests.results.example import write_example
from tests.results.test_given import of_forty
from tests.web.site import inside

TABLES = ("totals", "users", "budgets", "funnel", "choices", "facts", "periods")
SHOW = """
from pathlib import Path
from django.conf import settings
from haidang.errors import HaidangError
from haidang.web.city.keep import take_in
from haidang.web.city.models import ShownRun
from haidang.web.ledger.models import Entry
def attempt(act):
    try:
        act()
        return ""
    except HaidangError as mistake:
        return str(mistake)
built, first, same, other = map(Path, json.load(sys.stdin))
told = {"first": attempt(lambda: take_in(first)), "same": attempt(lambda: take_in(same)),
        "built": attempt(lambda: take_in(built)), "other": attempt(lambda: take_in(other))}
for one in ShownRun.objects.all():
    one.take_back()
told["after"] = attempt(lambda: take_in(other))
hidden = ShownRun.objects.order_by("pk").first()
told["again"] = attempt(hidden.publish)
(settings.HOME.runs / hidden.folder / "manifest.json").rename(away := settings.HOME.data / "away.json")
told["untold"] = attempt(lambda: take_in(same))
away.rename(settings.HOME.runs / hidden.folder / "manifest.json")
told["shown"] = ShownRun.objects.count()
told["noted"] = Entry.objects.filter(action="city.run.published").count()
from django.test import Client
told["tables"] = Client(HTTP_HOST="localhost").get(f"/api/v1/runs/{hidden.pk}/tables").json()
print(json.dumps(told))
"""


def run_on(tmp_path: Path, name: str, table: str | None, reach: Sequence[int] | None = (0,) * 40) -> str:
    """A run on a table of that hash whose designs divide its units so; on built units where there is none."""
    base = write_example(tmp_path / f"base-{name}", draws=3)
    manifest = base.manifest.model_dump(mode="json") | {"seed": len(list(tmp_path.iterdir()))}
    tables = {each: base.table(each) for each in TABLES}
    if table is not None:
        manifest["population"]["source"] = "factories.csv"
        manifest["inputs"] = {**manifest["inputs"], "factories.csv": table * 64}
    if table is not None and reach is not None:
        tables["reach"] = pl.DataFrame({"unit": range(len(reach)), "group": "", "alike": reach})
    return str(write_run(tmp_path / name, tables, manifest, {}).path)


def parts(*sizes: int) -> list[int]:
    """Units of a table in their order: so many of the first class, so many of the next."""
    return [number for number, size in enumerate(sizes) for _ in range(size)]


def test_a_second_table_of_units_is_shown_to_nobody_even_once_the_first_is_taken_back(
    tmp_path: Path, pack: str
) -> None:
    runs = [
        run_on(tmp_path, "built", None),
        str((forty := of_forty(tmp_path / "forty", given=True)).path),
        run_on(tmp_path, "same", "0", [0] * forty.table("reach").height),
        run_on(tmp_path, "other", "b"),
    ]
    told = json.loads(inside(tmp_path / "data", pack, SHOW, runs))
    assert (told["first"], told["same"], told["built"]) == ("", "", "")
    for refused in (told["other"], told["after"]):
        assert "expected the table of units that was shown before" in refused
        assert str(tmp_path) not in refused
    assert told["again"] == ""
    assert "expected the files of every run that was shown before, found some gone" in told["untold"]
    assert (told["shown"], told["noted"]) == (3, 3)
    (by,) = {one["by"] for one in told["tables"]["groups"]}  # two divisions could be subtracted
    covered = covered_groups(forty, by)
    assert covered
    for one in told["tables"]["groups"]:
        hidden = {each["id"] for each in one["groups"] if each["units"] is None and each["effect"] is None}
        assert hidden == covered
        assert min(each["units"] for each in one["groups"] if each["id"] not in covered) >= 5
    assert told["tables"]["years"]


ONE_BY_ONE = """
from pathlib import Path
from haidang.errors import HaidangError
from haidang.web.city.given import GivenError
from haidang.web.city.keep import take_in
from haidang.web.city.models import ShownRun
from haidang.web.ledger.models import Entry
from haidang.web.words import words
told = []
for folder in map(Path, json.load(sys.stdin)):
    try:
        take_in(folder)
        told.append("")
    except GivenError as mistake:
        for language in ("vi", "en"):
            text = words(language).text(f"city.unshown.{mistake.reason}", **mistake.values)
            assert str(mistake.values.get("units", "")) in text
        told.append(str(mistake))
for one in ShownRun.objects.all():
    one.take_back()
print(json.dumps([told, ShownRun.objects.count(), Entry.objects.filter(action="city.run.published").count()]))
"""


def test_no_run_and_no_two_runs_tell_of_fewer_than_five_factories(tmp_path: Path, pack: str) -> None:
    wanted = {
        "four": (parts(4), "expected a table of 5 units or more, found 4"),
        "unsaid": (None, "found one that does not"),
        "two-of-forty": (parts(38, 2), "found 2 that are treated unlike all others"),
        "all-but-one": (parts(1, 39), "found 1 that are treated unlike all others"),
        "half": (parts(20, 20), ""),
        "again": (parts(20, 20), ""),
        "one-more": (parts(21, 19), "differ from those of run 1, shown before, over 5 units or more, found 1"),
        "swapped": ([*parts(19, 1), 0, *[1] * 19], "found 1; whoever subtracts"),
        "six-more": (parts(26, 14), ""),
        # Neither differs from one run before in fewer than five, but the two runs and this one together tell three.
        "by-both": ([*[1] * 10, *[0] * 13, *[1] * 3, *[0] * 14], "found 3; whoever subtracts"),
    }
    runs = [run_on(tmp_path, name, "a", reach) for name, (reach, _) in wanted.items()]
    told, shown, noted = json.loads(inside(tmp_path / "data", pack, ONE_BY_ONE, runs))
    for answer, (name, (_, expected)) in zip(told, wanted.items(), strict=True):
        assert (answer == "") == (expected == ""), (name, answer)
        assert expected in answer, name
        assert str(tmp_path) not in answer
    assert (shown, noted) == (3, 3)
