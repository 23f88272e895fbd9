"""Runs on tables of real units: everybody is shown one table and no second, by nobody and on no way."""

from __future__ import annotations

import json
from pathlib import Path

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


def run_on(tmp_path: Path, name: str, table: str | None, draws: int) -> str:
    """A run on a table of that hash; on built units where there is none."""
    base = write_example(tmp_path / f"base-{name}", draws=draws)
    manifest = base.manifest.model_dump(mode="json")
    if table is not None:
        manifest["population"]["source"] = "factories.csv"
        manifest["inputs"] = {**manifest["inputs"], "factories.csv": table * 64}
    return str(write_run(tmp_path / name, {each: base.table(each) for each in TABLES}, manifest, {}).path)


def test_a_second_table_of_units_is_shown_to_nobody_even_once_the_first_is_taken_back(
    tmp_path: Path, pack: str
) -> None:
    runs = [
        run_on(tmp_path, "built", None, 3),
        str((forty := of_forty(tmp_path / "forty", given=True)).path),
        run_on(tmp_path, "same", "0", 6),
        run_on(tmp_path, "other", "b", 7),
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
