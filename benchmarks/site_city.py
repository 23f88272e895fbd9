"""A large city for the site's load: accounts, factories, applications, records and runs, written in bulk by the models.

Everything is invented by a rule, so the same database comes out each time. `python -m benchmarks.site_city FOLDER RUN
FACTORIES COMMITMENTS RUNS` fills the site of its environment, and tells a session of each person as JSON: logins are
limited to so many a minute from one address, and all of these would come from one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROLES = (
    ("analyst", "city", 8), ("approver", "city", 4), ("administrator", "city", 3), ("assessor", "evaluator", 5),
    ("lender_officer", "lender", 8), ("factory_owner", "factory", 16), ("factory_editor", "factory", 6),
)  # fmt: skip
"""Role, kind of organisation, and how many people: fifty in all."""
LENDERS = 4
SECTORS = ("food", "garments", "metal", "other")
CLAIMS = 3
BATCH = 1000


def people() -> list[tuple[str, str, str, str]]:
    """Address, role, organisation and its kind of everybody who works on the site."""
    found: list[tuple[str, str, str, str]] = []
    for role, kind, count in ROLES:
        for number in range(count):
            body = {
                "city": "Sở thử tải", "evaluator": "Đơn vị đánh giá", "lender": f"Ngân hàng {number % LENDERS}",
                "factory": f"Doanh nghiệp {number}",
            }[kind]  # fmt: skip
            found.append((f"{role}-{number}@example.vn", role, body, kind))
    return found


def main() -> None:
    """Fill a site."""
    data, run, *counts = sys.argv[1:]
    factories, commitments, runs = map(int, counts)
    from haidang.web.serve import begin_records, prepare_environment, update_database

    prepare_environment(Path(data), "hcmc")
    update_database()
    begin_records()
    _add_people()
    _add_factories(factories)
    _add_commitments(commitments)
    _add_runs(Path(run), runs)
    print(json.dumps(_sessions()))


def _add_people() -> None:
    """Accounts without a password."""
    from django.contrib.auth.hashers import make_password

    from haidang.web.people.models import Membership, Organisation, User

    secret, rows = make_password(None), people()
    kinds = {body: kind for _, _, body, kind in rows}
    Organisation.objects.bulk_create(Organisation(name=name, kind=kind) for name, kind in kinds.items())
    User.objects.bulk_create(User(email=email, password=secret) for email, *_ in rows)
    users, bodies = (
        {one.email: one for one in User.objects.all()},
        {one.name: one for one in Organisation.objects.all()},
    )
    Membership.objects.bulk_create(
        Membership(user=users[email], organisation=bodies[body], role=role) for email, role, body, _ in rows
    )


def _sessions() -> dict[str, str]:
    """By address a session as a login would have begun it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from haidang.web.people.models import User

    found: dict[str, str] = {}
    for user in User.objects.exclude(memberships=None):
        store = SessionStore()
        store[SESSION_KEY], store[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
        store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        store.create()
        found[user.email] = str(store.session_key)
    return found


def _add_factories(count: int) -> None:
    """Factories with an assessment handed in and an application sent; two in three consent to one of the lenders."""
    from django.utils import timezone

    from haidang.web.factories.consent import fields
    from haidang.web.factories.models import Answer, Application, Assessment, Consent, Factory
    from haidang.web.factories.vocabulary import framework, programmes
    from haidang.web.lending.models import StageRecord
    from haidang.web.people.models import Organisation

    now, frame = timezone.now(), framework()
    bodies = list(Organisation.objects.filter(kind="factory").order_by("id"))
    lenders = list(Organisation.objects.filter(kind="lender").order_by("id"))
    more = [Organisation(name=f"Doanh nghiệp khác {number}", kind="factory") for number in range(200)]
    others = Organisation.objects.bulk_create(more)
    made = _all(
        Factory,
        [
            Factory(
                body=bodies[at] if at < len(bodies) else others[at % len(others)], name=f"Nhà máy số {at:05d}",
                tax_code=code(at), district=f"Phường {at % 168}", sector=SECTORS[at % 4], employees=8 + at * 37 % 900,
                revenue=(5 + at % 400) * 10**9, value_added=(1 + at % 90) * 10**9, electricity=10_000 + at * 131,
            )
            for at in range(count)
        ],
    )  # fmt: skip
    width = len(frame.criteria)
    handed_in = _all(
        Assessment,
        [
            Assessment(
                factory=one, framework=frame.id, framework_version=frame.version,
                submitted=now - timedelta(days=at % 300), sector=one.sector, size=one.size, mean=(at % 40) / 10,
                sealed=[[(at + place) % 3 % 2 for place in range(width)], [0] * width],
            )
            for at, one in enumerate(made)
        ],
    )  # fmt: skip
    # Single answers of the factories that people open; of the others what was sealed is what anybody reads.
    _all(
        Answer,
        [
            Answer(assessment=assessment, criterion=each.id, value=assessment.sealed[0][place])
            for assessment in handed_in[: len(bodies)]
            for place, each in enumerate(frame.criteria)
        ],
    )
    asked = sorted(programmes())
    sent = _all(
        Application,
        [
            Application(
                factory=one, programme=asked[at % len(asked)], amount=(1 + at % 30) * 10**8, purpose="Thay máy cũ.",
                sent=now - timedelta(minutes=at),
            )
            for at, one in enumerate(made)
        ],
    )  # fmt: skip
    every = list(fields())
    consenting = [at for at in range(count) if at % 3]
    _all(
        Consent,
        [Consent(factory=made[at], lender=lenders[at % len(lenders)], fields=every, current=True) for at in consenting],
    )
    _all(
        StageRecord,
        [
            StageRecord(
                application=sent[at], lender=lenders[at % len(lenders)], stage=stage, amount=sent[at].amount,
                day=date(2026, 1, 1) + timedelta(days=at % 300 + later),
            )
            for at in consenting
            if at % 2
            for later, stage in enumerate(("approved", "disbursed"))
        ],
    )  # fmt: skip


def code(at: int) -> str:
    """A tax code that fits its own check."""
    from haidang.web.factories.tax import check_digit

    for number in range(at * 20, at * 20 + 20):
        stem = f"03{number:07d}"
        if check_digit(stem) < 10:
            return f"{stem}{check_digit(stem)}"
    raise AssertionError("one in twenty numbers has a check digit")


def _add_commitments(count: int) -> None:
    """Promises with three claims each; every tenth holds a claim that nobody has confirmed yet."""
    from haidang.facts import Source
    from haidang.track.records import Claim, Commitment, Milestone, Quantity, Record, SourcePlace, Stage
    from haidang.track.store.draft import Draft
    from haidang.web.desk.book import STORE

    papers = [
        Source(f"paper-{at}", f"Paper {at}", "A publisher", "2025-11", f"https://example.org/{at}") for at in range(100)
    ]
    bodies = [f"Sở {at}" for at in range(30)]
    records: list[Record] = []
    for at in range(count):
        first = date(2025, 1, 1) + timedelta(days=at % 500)
        claims = tuple(
            Claim(
                f"claim-{place}", SourcePlace(f"paper-{(at + place) % 100}", "page 1"), first + timedelta(days=place),
                "amount", None, Quantity(1e6 * (at + 1), 1e6 * (at + 1), "VND"),
                entered_by="analyst-0@example.vn" if place == 2 and at % 10 == 0 else None,
                entered_on=first if place == 2 and at % 10 == 0 else None,
            )
            for place in range(CLAIMS)
        )  # fmt: skip
        names = ("announced", "signed", "funded", "running")[: 1 + at % 4]
        stages = tuple(
            Stage(name, first + timedelta(days=30 * place), SourcePlace("paper-1")) for place, name in enumerate(names)
        )
        parts = (Milestone("part", {"vi": "Phần", "en": "Part"}, None, 0.5, None, None, first),)
        title = {"vi": f"Lời hứa số {at}", "en": f"Promise {at}"}
        records.append(
            Commitment(
                f"promise-{at}", title, "pledge", ("A bank",), bodies[at % 30], claims, stages, parts, date(2027, 6, 30)
            )
        )  # fmt: skip
    STORE.write([Draft(one, 0) for one in [*papers, *records]], "import", "load")


def _add_runs(run: Path, count: int) -> None:
    """Runs on the site's list, every second published; all of them lie in one folder, under a name each."""
    from django.conf import settings
    from django.utils import timezone

    from haidang.web.city.keep import take_in
    from haidang.web.city.models import ShownRun

    first = take_in(run)
    for at in range(1, count):
        (settings.HOME.runs / f"{first.folder}-{at}").symlink_to(first.folder)
    ShownRun.objects.bulk_create(
        ShownRun(
            pack=first.pack, programme=first.programme, folder=f"{first.folder}-{at}", digest=first.digest,
            draws=first.draws, made=first.made - timedelta(hours=at), published=timezone.now() if at % 2 else None,
        )
        for at in range(1, count)
    )  # fmt: skip


def _all(model: Any, rows: Sequence[Any]) -> list[Any]:
    return model.objects.bulk_create(rows, batch_size=BATCH)


if __name__ == "__main__":
    main()
