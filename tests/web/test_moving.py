"""A target that a programme moves stands on the site with and without it, as soon as everybody sees a run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.web.site import Site, inside

MONEY = """\
bus-money:
  title: {vi: Tiền đã chi cho xe buýt, en: Spent on buses}
  unit: VND
  definition: {vi: Tổng tiền đã chi., en: All the money spent.}
  starts: {on: 2026-01-01, why: {vi: Tính từ năm 2026., en: Counted since 2026.}}
  moved_by:
    - {programme: school-bus, outcome: public_cost, adds: in_all, only: true}
"""
TARGET = """\
bus-money-2029:
  title: {vi: Chi 20 tỷ đồng đến năm 2029, en: Spend VND 20 billion by 2029}
  kind: amount
  by: 2029-12-31
  indicator: bus-money
  lower: 20e9
  unit: VND
  claims:
    - {id: asked, source: tutorial, about: target, quantity: 20e9 VND, said: 2025-03-01}
"""
TOLD = """
from pathlib import Path
from django.conf import settings
from haidang.web.city.files import plain_today, write_today
from haidang.web.city.keep import take_in
from haidang.web.city.models import ShownRun
from haidang.web.city.standing import draw_today, whole
from haidang.web.desk.book import STORE
given = json.load(sys.stdin)
def told():
    draw_today(), write_today()
    (one,) = plain_today()["targets"]
    return [one["probability_with_programme"], one["told"]["vi"], whole("vi")]
first = whole("en")  # a reader who comes before the worker
def drawn():
    return sorted(path.name[-7:] for path in settings.HOME.pages.glob("standing-*-whole-*"))
alone = drawn()
draw_today()
first = [alone, drawn(), first == whole("en")]
found = [told()]
shown = take_in(Path(given))
found.append(told())
shown.take_back()
found.append(told())
kept = [(one.target, one.probability, one.programme) for one in STORE.forecasts()]
print(json.dumps([*found, kept, first]))
"""


def test_a_run_that_everybody_sees_tells_a_target_with_its_programme(
    root: Path, tmp_path: Path, site: Site, runs: tuple[int, int]
) -> None:
    pack, data = tmp_path / "pack", tmp_path / "data"
    shutil.copytree(root / "docs" / "tutorial" / "my-city", pack)
    for kind, text in (("indicators", MONEY), ("targets", TARGET)):
        (pack / kind).mkdir()
        (pack / kind / "all.yaml").write_text(text, encoding="utf-8")
    run = next(iter(sorted((site.data / "runs").glob("*-school-bus-*"))))
    before, during, after, kept, first = json.loads(inside(data, str(pack), TOLD, str(run)).splitlines()[-1])
    # The budget is 20 billion a year and many ask for it: each draw spends at least that much over three years.
    assert (before[0], during[0], after[0]) == (None, 1.0, None)
    words = "theo mô phỏng chương trình, khả năng đạt ít nhất 20 tỷ đồng"
    assert [words in " ".join(one[1]) for one in (before, during, after)] == [False, True, False]
    assert [words in one[2] for one in (before, during, after)] == [False, True, False]
    # What was published is kept, each once: without a run, and with one.
    assert kept == [["bus-money-2029", 0.0, None], ["bus-money-2029", 0.0, 1.0]]
    # Who came first waited for one language; the worker then drew the other, and the same page of the first.
    assert first == [["en.json"], ["en.json", "vi.json"], True]
