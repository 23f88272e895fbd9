"""A large city's site on PostgreSQL with fifty people at work: how long they wait, and what goes wrong.

`python -m benchmarks.site_mixed` fills a database with 10,000 factories, 10,000 promises and 200 runs, and has fifty
people of every role open the pages of their work for ten minutes, each a few seconds after the one before, and one time
in eight send a form.
Exit status 1: something was answered wrongly.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import secrets
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import numpy as np

from benchmarks.figure import Figure
from benchmarks.site import PORT, PROGRAMME, answering, cpu_of, serving
from benchmarks.site_city import LENDERS, code, people
from benchmarks.site_writer import PROFILE, filled
from tests.postgres import postgres_server

THOUGHT = (1.0, 5.0)
"""Seconds between two pages of one person."""
FORMS = 8
"""One time in so many somebody sends a form."""
CITY = (
    "", f"programmes/{PROGRAMME}/", "targets/", "commitments/", "commitments/?page={page}",
    "commitments/promise-{n}/", "commitments/?q={n}", "late/", "desk/", "desk/check/", "desk/reminders/",
    "desk/proposals/", "factories/?q={n}",
    "factories/{n}/", "factories/assessments/{n}/result/", "lending/", "lending/?sector=food&sort=level",
    "lending/use/", "lending/records/", "lending/applications/{n}/", "lending/lists/", "lab/", "jobs/", "pilots/",
    "facts/", "people/me/",
)  # fmt: skip
FACTORY = (
    "", "factories/", "factories/{own}/", "factories/{own}/profile/", "factories/{own}/history/",
    "factories/{own}/files/",
    "factories/{own}/assessments/", "factories/assessments/{own}/result/", "factories/{own}/programmes/",
    "factories/{own}/consents/", "factories/{own}/roadmap/", "factories/applications/{own}/", "people/me/",
)  # fmt: skip
JOURNEYS: Mapping[str, Sequence[str]] = {
    "analyst": CITY,
    "approver": CITY,
    "administrator": (
        "", "commitments/", "desk/", "desk/check/", "jobs/", "office/", "office/people/", "office/organisations/",
        "office/log/", "office/log/?page=2", "people/tokens/",
    ),
    "assessor": ("", "factories/", "factories/?q={n}", "factories/{n}/",
                 "factories/assessments/{n}/result/", "pilots/"),
    "lender_officer": (
        "lending/", "lending/?sort=name", "lending/?stage=approved", "lending/records/", "lending/use/",
        "lending/records.csv", "lending/applications/{lent}/",
    ),
    "factory_owner": FACTORY,
    "factory_editor": tuple(page for page in FACTORY if page != "people/me/"),
}  # fmt: skip


@dataclass
class Person:
    """Somebody at work.

    Args:
        number: among those of the role.
        count: of factories and of promises.
        runs: on the site's list.
    """

    role: str
    number: int
    count: int
    runs: int
    client: httpx.AsyncClient
    chance: random.Random

    def page(self, pattern: str) -> str:
        """An address of a pattern: one's own object, or any that the role may see."""
        some = self.chance.randrange(1, self.count)
        # The lender of a person is the one to whom every factory of this rest consents that does not divide by three.
        first = min(some, self.count - 12) // 12 * 12  # a dozen has every rest
        lent = next(each for each in range(first, self.count) if each % 3 and each % LENDERS == self.number % LENDERS)
        return pattern.format(n=some, own=self.number + 1, lent=lent + 1, page=self.chance.randrange(2, 9))

    def form(self) -> tuple[str, str, dict[str, str]]:
        """A form to send: the page that it stands on, where it goes, and what is filled in."""
        some = self.page("{n}")
        if self.role == "analyst":
            told = {"step-responsible": "Sở 1", "step-next_vi": f"Việc {some}", "step-next_en": f"Step {some}"}
            return f"commitments/promise-{some}/", f"desk/commitments/promise-{some}/step/", told
        if self.role == "approver":
            run = self.chance.randrange(2, self.runs)
            return f"programmes/{PROGRAMME}/", f"runs/{run}/publish/", {}
        if self.role == "assessor":
            page = f"factories/assessments/{some}/"
            return f"{page}result/", f"{page}second/", {}
        if self.role == "lender_officer":
            page = self.page("lending/applications/{lent}/")
            return page, f"{page}record/", {"stage": "applied", "amount": "500 million", "day": "2026-11-01"}
        if self.role in {"factory_owner", "factory_editor"}:
            page = f"factories/{self.number + 1}/profile/"
            staff = str(self.chance.randrange(10, 200))
            return (
                page,
                page,
                {**PROFILE, "name": f"Nhà máy {self.number}", "employees": staff, "tax_code": code(self.number)},
            )
        page = "office/organisations/"
        return page, page, {"organisation_name": f"Tổ chức {secrets.token_hex(6)}", "kind": "factory"}


@dataclass
class Found:
    """What came of it."""

    took: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    wrong: list[str] = field(default_factory=list[str])
    sent: int = 0
    not_taken: list[str] = field(default_factory=list[str])
    seconds: float = 0.0
    people: int = 0
    load: float = 0.0
    busy: float = 0.0

    @property
    def every(self) -> Any:
        """Milliseconds that each answer took."""
        return np.array([each for many in self.took.values() for each in many]) * 1000

    def note(self, page: str, seconds: float) -> None:
        """Keep how long a page took."""
        self.took.setdefault(page, []).append(seconds)


def main() -> None:
    """Fill, ask, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--size", type=int, default=10_000, help="factories, and promises")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--processes", type=int, default=2, help="of the server")
    asked = parser.parse_args()
    found = at_work(asked.size, asked.runs, asked.minutes, asked.processes)
    tell(found)
    sys.exit(1 if found.wrong else 0)


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """What fifty people at work wait, and what goes wrong."""
    found = at_work(*((200, 4, 0.5) if small else (10_000, 200, 10.0)), processes=2)
    every = found.every
    return [
        Figure("wrong answers to fifty people", "", (float(len(found.wrong)),), bound=0),
        Figure("answers", "", (float(len(every)),)),
        Figure("forms sent", "", (float(found.sent),), note=f"{len(found.not_taken)} of them refused in words"),
        *(
            Figure(f"their pages, {share} % within", "ms", (float(np.percentile(every, share)),))
            for share in (50, 95, 99)
        ),
        Figure("CPU of the server an answer", "ms", (found.busy / len(every) * 1000,)),
    ], found.wrong[:20]


def at_work(size: int, runs: int, minutes: float, processes: int) -> Found:
    """Fill a database and have everybody work on it."""
    with postgres_server("site", fsync="on") as address:
        os.environ |= {"HAIDANG_DATABASE": address, "HAIDANG_SECRET_KEY": secrets.token_urlsafe(50)}
        with serving(size, runs, processes) as site:
            return asyncio.run(work_all(site.sessions, (size, runs), 60 * minutes, site.server))


async def work_all(sessions: Mapping[str, str], counts: tuple[int, int], seconds: float, server: int) -> Found:
    """Have everybody work."""
    base, found = f"http://127.0.0.1:{PORT}/en/", Found(seconds=seconds)
    answering(base)
    found.load, busy = os.getloadavg()[0], cpu_of(server)
    until = time.perf_counter() + seconds
    staff = [
        Person(
            role, int(email.split("@")[0].rpartition("-")[2]), *counts,
            httpx.AsyncClient(base_url=base, timeout=120, cookies={"sessionid": sessions[email]}), random.Random(email),
        )
        for email, role, *_ in people()
    ]  # fmt: skip
    await asyncio.gather(*(work(one, until, found) for one in staff))
    for one in staff:
        await one.client.aclose()
    found.busy, found.people = cpu_of(server) - busy, len(staff)
    return found


async def work(person: Person, until: float, found: Found) -> None:
    """Open page after page of one's work, and send a form now and then."""
    await asyncio.sleep(person.chance.uniform(0, THOUGHT[1]))
    while time.perf_counter() < until:
        if person.chance.randrange(FORMS) == 0:
            await send(person, found)
        else:
            await look(person, person.chance.choice(JOURNEYS[person.role]), found)
        await asyncio.sleep(person.chance.uniform(*THOUGHT))


async def look(person: Person, pattern: str, found: Found, address: str = "") -> str:
    """Open a page; its text."""
    begun, page = time.perf_counter(), address or person.page(pattern)
    try:
        answer = await person.client.get(page)
    except httpx.HTTPError as broken:
        found.wrong.append(f"{person.role} {page}: {broken!r}")
        return ""
    found.note(pattern, time.perf_counter() - begun)
    if answer.status_code != 200:
        found.wrong.append(f"{person.role} {page}: {answer.status_code}")
    return answer.text


async def send(person: Person, found: Found) -> None:
    """Fill in a form; what is refused in words, such as what somebody else changed meanwhile, is counted apart."""
    page, address, fields = person.form()
    text = await look(person, f"page of a form of {person.role}", found, page)
    told = filled(text, fields)
    if told is None:
        return
    begun = time.perf_counter()
    try:
        answer = await person.client.post(address, data=told)
    except httpx.HTTPError as broken:
        found.wrong.append(f"{person.role} sends {address}: {broken!r}")
        return
    found.note(f"a form of {person.role}", time.perf_counter() - begun)
    found.sent += 1
    if answer.status_code >= 400:
        found.wrong.append(f"{person.role} sends {address}: {answer.status_code}")
    elif answer.status_code == 200:
        found.not_taken.append(f"{person.role} sends {address}")


def tell(found: Found) -> None:
    """Print what came of it."""
    every, points = found.every, np.percentile(found.every, [50, 95, 99])
    told = f"{found.people} people, {found.seconds / 60:.1f} minutes, {len(every)} answers, {found.sent} to forms"
    print(f"{told}; load {found.load:.1f}")
    print(f"{len(found.wrong)} wrong answers; {len(found.not_taken)} forms refused in words")
    print(f"median {points[0]:.0f} ms, 95 % {points[1]:.0f} ms, 99 % {points[2]:.0f} ms")
    print(
        f"the server used {found.busy:.1f} s of CPU, {found.busy / len(every) * 1000:.0f} ms an answer, worker and all"
    )
    for page, many in sorted(found.took.items(), key=lambda each: -float(np.median(each[1])))[:12]:
        print(
            f"  {page:<42} {len(many):4} times, median {np.median(many) * 1000:6.0f}, most {max(many) * 1000:6.0f} ms"
        )
    for line in (*found.wrong[:20], *found.not_taken[:5]):
        print(f"  {line}")


if __name__ == "__main__":
    main()
