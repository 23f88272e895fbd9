"""What the worker does for pilots: tell what designs can find, and evaluate."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone

from haidang.errors import Place
from haidang.web.jobs.models import Job
from haidang.web.jobs.queue import note_progress
from haidang.web.ledger.write import note
from haidang.web.pilots.desk import PilotDeskError, evaluation_file, lots_of, outcomes_file, read_plan
from haidang.web.pilots.models import Evaluated, Pilot
from haidang.web.words import LANGUAGES

WORLDS, FRAME, ROWS = 8, 6000, 8000
"""Draws of the uncertain facts, units that may take part, and rows of the population around them."""
EVALUATION = "evaluation"
"""The folder of the last evaluation, as pages and as data."""
OUTCOMES = "outcomes.csv"
"""How a mistake names the table that was sent."""
READ, ANALYSED, STEPS = 1, 2, 4
"""How far an evaluation is: the table read, the effect found, a page drawn in each language."""
PACE = 1.0
"""Seconds between two looks, during the longest step, at whether somebody cancelled the evaluation."""


def tell_power(job: Job) -> Mapping[str, object]:
    """What the pilot and its other designs can find, by the programme's own model; go on where a worker fell.

    Designs that share a world are one part of the work. A finished part is kept under the hash of the declaration.

    Raises:
        HaidangError: the declaration is not as it should be, or names no programme.
    """
    from django.conf import settings

    from haidang.learn.pilot.declaration_file import load_designs
    from haidang.learn.pilot.power import power_table
    from haidang.learn.pilot.world import worlds_of
    from haidang.packs import load_pack
    from haidang.results.run import replace_bytes

    pilot = Pilot.objects.get(pk=job.payload["pilot"])
    designs = load_designs(pilot.plan)
    if designs["declared"].programme is None:
        raise PilotDeskError("expected the key 'programme': its model makes the data that power is told from")
    note_progress(job, 0, len(designs))
    laid = worlds_of(load_pack(settings.HOME.pack), designs, draws=WORLDS, seed=job.seed, frame=FRAME, rows=ROWS)
    simulated, told = int(job.payload["pilots"]), dict[str, list[dict[str, Any]]]()
    for world in {id(one): one for one in laid.values()}.values():
        own = {name: one for name, one in designs.items() if laid[name] is world}
        part = job.place / f"power-{pilot.hash}-{len(told)}.json"
        if not part.exists():
            before = len(told)
            found = power_table(
                laid, own, pilots=simulated, seed=job.seed,
                progress=lambda done, _, before=before: note_progress(job, before + done),
            )  # fmt: skip
            rows = [asdict(one) | {"cost": one.cost} for one in found]
            by_design = {name: [row for row in rows if row["design"] == name] for name in own}
            replace_bytes(part, json.dumps(by_design, ensure_ascii=False).encode())
        told |= json.loads(part.read_text(encoding="utf-8"))
        note_progress(job, len(told))
    rows = [row for name in designs for row in told[name]]
    return {"pilot": pilot.pk, "hash": pilot.hash, "pilots": simulated, "worlds": WORLDS, "rows": rows}


def evaluate(job: Job) -> Mapping[str, object]:
    """Analyse a pilot as registered, and draw its report in both languages; nothing is kept before both are there.

    Raises:
        HaidangError: the outcomes are not as they must be, or the pilot is not registered as it stands.
        CancelledError: somebody cancelled it; the pilot is as it was before.
    """
    from django.conf import settings

    from haidang.learn.evaluate.report import evaluation_html
    from haidang.learn.pilot.analysis import analyse
    from haidang.learn.pilot.deviations import Analysis
    from haidang.learn.pilot.offered import outcome_titles
    from haidang.learn.pilot.registration import require_registered
    from haidang.learn.pilot.tables import read_table
    from haidang.packs import load_pack
    from haidang.results.run import replace_bytes

    pilot = Pilot.objects.get(pk=job.payload["pilot"])
    declared = read_plan(pilot)
    require_registered(pilot.plan, declared)
    lots, sent = lots_of(pilot, declared), str(job.payload["outcomes"])
    plan = Analysis(declared.outcome.column, declared.estimator, declared.covariates, timezone.localdate())
    titles = outcome_titles(load_pack(settings.HOME.pack), declared)
    data = read_table(outcomes_file(pilot, sent))
    note_progress(job, READ, STEPS)
    found = analyse(
        pilot.plan, declared, data, lots.table, plan, place=Place(OUTCOMES), titles=titles, drawn_by=lots.declaration,
        progress=_listening(job),
    ).evaluation  # fmt: skip
    pages = dict[str, bytes]()
    for done, language in enumerate(LANGUAGES, ANALYSED):
        note_progress(job, done)
        pages[language] = _body(evaluation_html(found, language), language).encode()
    note_progress(job, STEPS)
    # From here on it is kept whole, and no longer listened to.
    place = pilot.folder / EVALUATION
    place.mkdir(exist_ok=True)
    for language, page in pages.items():
        replace_bytes(place / f"{language}.html", page)
    whole = json.dumps(found.as_json(), ensure_ascii=False, sort_keys=True).encode()
    digest = hashlib.sha256(whole).hexdigest()
    replace_bytes(place / "evaluation.json", whole)
    evaluation_file(pilot, digest).parent.mkdir(exist_ok=True)
    replace_bytes(evaluation_file(pilot, digest), whole)
    with transaction.atomic():
        values = {"pilot": pilot, "plan": pilot.hash, "data": sent, "found": digest, "action": found.decision.action}
        _, fresh = Evaluated.objects.get_or_create(job=job.pk, defaults=values)
        if fresh:
            what = {"hash": pilot.hash, "outcomes": sent, "evaluation": digest}
            note(job.asked_by, "pilots.evaluation.made", pilot, **what)
    return {"pilot": pilot.pk, "hash": pilot.hash, "action": found.decision.action}


def _listening(job: Job) -> Callable[[], None]:
    """What looks now and then, while the lot is repeated, at whether somebody cancelled the job."""
    due = time.monotonic() + PACE

    def listen() -> None:
        nonlocal due
        if (now := time.monotonic()) >= due:
            due = now + PACE
            note_progress(job, READ)

    return listen


def _body(page: str, language: str) -> str:
    """The part of a report in one language, to stand within a page of the site."""
    begins = page.index("<header>", page.index(f'<div class="page page-{language}"'))
    ends = page.find('<div class="page page-', begins)
    part = page[begins : ends if ends > 0 else page.index("</body>")]
    return part[: part.rindex("</div>")]
