"""A large city's site on PostgreSQL with fifty people at work: how long they wait, and what goes wrong.

`python -m benchmarks.site_mixed` fills a database with 10,000 factories, 10,000 promises and 200 runs, and has fifty
people of every role open the pages of their work for ten minutes, each a few seconds after the one before, and one time
in eight send a form.
Exit status 1: something was answered wrongly.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np

from benchmarks.site import HAIDANG, PROGRAMME, answering, cpu_of, haidang
from benchmarks.site_city import LENDERS, code, people
from tests.postgres import postgres_server

PORT = 8766
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
PROFILE = {
    "district": "Phường Một", "sector": "food", "revenue": "92 billion", "value_added": "23 billion",
    "electricity": "960000", "trait_zone": "yes", "trait_collateral": "no",
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
    with tempfile.TemporaryDirectory() as folder, postgres_server("site", fsync="on") as address:
        data, run = Path(folder) / "site", Path(folder) / "run"
        os.environ |= {"HAIDANG_DATABASE": address, "HAIDANG_SECRET_KEY": secrets.token_urlsafe(50)}
        haidang("run", f"hcmc/{PROGRAMME}", "--draws", "10", "--rows", "8000", "--out", str(run))
        counts = [str(asked.size), str(asked.size), str(asked.runs)]
        words = [sys.executable, "-m", "benchmarks.site_city", str(data), str(run), *counts]
        filled = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)
        sessions = json.loads(filled.stdout.splitlines()[-1])
        words = ["serve", "--data", str(data), "--port", str(PORT), "--no-example", "--processes", str(asked.processes)]
        server = subprocess.Popen([HAIDANG, *words], stdout=subprocess.DEVNULL)
        try:
            found = asyncio.run(measure(sessions, (asked.size, asked.runs), 60 * asked.minutes, server.pid))
        finally:
            server.terminate()
            server.wait()
    sys.exit(1 if found.wrong else 0)


async def measure(sessions: Mapping[str, str], counts: tuple[int, int], seconds: float, server: int) -> Found:
    """Have everybody work and tell what came of it."""
    base, found = f"http://127.0.0.1:{PORT}/en/", Found()
    async with httpx.AsyncClient(timeout=120) as first:
        await answering(first, base)
    load, busy = os.getloadavg()[0], cpu_of(server)
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
    tell(found, len(staff), seconds, load, cpu_of(server) - busy)
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
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    if token is None:
        return
    version = re.search(r'name="version" value="(\d+)"', text)
    told = {**fields, "csrfmiddlewaretoken": token.group(1)} | ({"version": version.group(1)} if version else {})
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


def tell(found: Found, staff: int, seconds: float, load: float, busy: float) -> None:
    """What came of it."""
    every = np.array([each for many in found.took.values() for each in many]) * 1000
    points = np.percentile(every, [50, 95, 99])
    print(f"{staff} people, {seconds / 60:.1f} minutes, {len(every)} answers, {found.sent} to forms; load {load:.1f}")
    print(f"{len(found.wrong)} wrong answers; {len(found.not_taken)} forms refused in words")
    print(f"median {points[0]:.0f} ms, 95 % {points[1]:.0f} ms, 99 % {points[2]:.0f} ms")
    print(f"the server used {busy:.1f} s of CPU, {busy / len(every) * 1000:.0f} ms an answer, worker and all")
    for page, many in sorted(found.took.items(), key=lambda each: -float(np.median(each[1])))[:12]:
        print(
            f"  {page:<42} {len(many):4} times, median {np.median(many) * 1000:6.0f}, most {max(many) * 1000:6.0f} ms"
        )
    for line in (*found.wrong[:20], *found.not_taken[:5]):
        print(f"  {line}")


if __name__ == "__main__":
    main()
