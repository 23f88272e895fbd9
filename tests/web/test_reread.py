"""What a process keeps of the records from change to change is what one finds that reads and reckons all anew."""

from __future__ import annotations

import json
from pathlib import Path

from tests.web.desk import small_city
from tests.web.site import inside

BEGIN = """
from dataclasses import replace
from datetime import timedelta
from functools import partial
from django.utils import timezone
from hypothesis import given, settings, strategies as st
from haidang.web.serve import begin_records
from haidang.web.city import files as city_files, pace, standing
from haidang.web.city.moving import digest_of
from haidang.web.city.pointed import pointed
from haidang.web.desk import book as books, records, reminders
from haidang.web.desk.book import STORE, Same
from haidang.web.desk.forms import TakeForm
from haidang.track.store.draft import Draft
from haidang.web.jobs import queue
from haidang.web.jobs.models import Job
from haidang.web.jobs.work import tend
from haidang.web.people.models import Membership, Organisation, User
from tests.track.changing import KINDS, do
begin_records()
bodies = [Organisation.objects.create(name=name, kind="city") for name in ("Office", "Bureau")]
minh, binh = (User.objects.create_user(f"{name}@example.vn", None) for name in ("an", "binh"))
seat = Membership.objects.create(user=binh, organisation=bodies[0], role="analyst")
today = timezone.localdate()
"""
PROPERTY = """
def seen(on):
    both = {"staff": books.book().tracked, "public": books.public_book()}
    return {
        who: (
            list(tracked.commitments.items()), tracked, reminders.entries(tracked, on),
            records._late(Same(tracked), on), records._texts(Same(tracked)), records._counts(Same(tracked)),
            dict(records._likely(Same(tracked), on)), [reminders.entries(tracked, on, reminders.LATE)],
        )
        for who, tracked in both.items()
    }
def forget():
    books._READER = books._Reader()
    reminders._PLACED.clear()
    records._TEXTS = records.OfEach(records._text)
steps = st.lists(st.tuples(st.sampled_from((*KINDS, "move")), st.integers(1, 4), st.booleans()), min_size=3, max_size=8)
hidden = set()
@settings(max_examples=6, deadline=None, derandomize=True, database=None)
@given(steps)
def holds(some):
    for deed, which, later in some:
        if deed == "move":  # to another organisation, by whose name the public knows the person
            seat.organisation = bodies[which % 2]
            seat.save()
        else:
            do(STORE, deed, which)
        on = today + timedelta(days=later)
        kept, before = seen(on), books._READER
        forget()
        fresh = seen(on)
        assert kept == fresh
        books._READER = before
        hidden.add(kept["staff"][1] == kept["public"][1])
holds()
found = {"compared": len(hidden), "changes": STORE.verify().changes}
"""
DRAWN = """
first = standing.draw_today()
do(STORE, "stage", 1)
pace.REST = 1e9  # so many times as long as the writing before took, which no test waits for
writer = pace.Worker()
writer.write_due()
written = pointed("records")
second = standing.draw_today()
do(STORE, "enter", 2)
writer.write_due()  # a moment later: not yet
rested = pointed("records") == written
writer._due = 0.0
writer.write_due()
kept = pointed("records")
held = STORE.one("commitment", "school-bus-stops")
STORE.write([Draft(replace(held.record, parties=("A | B",)), held.version)], "import", "somebody")
writer._due = 0.0
writer.write_due()
found["stays"] = pointed("records") == kept
found["refused"] = [
    "parties" in TakeForm({"parties": parties}).errors for parties in ("A | B", "A|B; C", "A; B")
]
queue.meanwhile = partial(tend, writer)
job = Job.objects.create(kind="lab-run")
do(STORE, "stage", 3)
stale = pointed("standing")
queue.note_progress(job, 1, 2)
key = standing.key_of(today, STORE.end(), digest_of({}))
found["meanwhile"] = [pointed("standing") != stale, pointed("standing").key == key]
found |= {
    "keys": [first.key != second.key, written.key == second.key, rested, pointed("records").key != written.key],
    "promises": [len(city_files.plain_today()["commitments"]), len(books.public_book().commitments)],
    "left": sorted({path.name.partition("-")[0] for path in standing.settings.HOME.pages.iterdir()}),
}
pace.REST_OF_PAGES = 1e9
pages = pace.Worker()
pages.draw_due()
drawn, held = pointed("standing"), STORE.one("commitment", "school-bus-stops")
STORE.write([Draft(replace(held.record, parties=("A",)), held.version)], "import", "somebody")
pages.draw_due()  # a moment later: not yet
found["pages"] = [pointed("standing") == drawn]
pages._pages_due = 0.0
pages.draw_due()
found["pages"].append(pointed("standing") != drawn)
print(json.dumps(found))
"""


def test_pages_lists_and_odds_after_any_changes_are_those_of_a_process_that_has_just_begun(
    root: Path, tmp_path: Path
) -> None:
    pack = small_city(root, tmp_path / "pack")
    more = {"PYTHONPATH": f"{root / 'src'}:{root}"}
    found = json.loads(inside(tmp_path / "data", pack, BEGIN + PROPERTY + DRAWN, **more))
    assert found["compared"] == 2, "there were times when the public saw all, and times when it did not"
    assert found["changes"] > 25
    assert found["keys"] == [True] * 4
    assert found["meanwhile"] == [True, True], "pages do not wait for the end of a long job"
    assert found["pages"] == [True, True], "the worker rests after a drawing, and then draws"
    assert found["stays"], "what does not fit a file leaves the files of before, and the worker at work"
    assert found["refused"] == [True, True, False]
    assert found["promises"][0] == found["promises"][1] > 2
    assert found["left"] == ["records", "records.json", "standing", "standing.json"]
