"""One person who writes on a site under load, once a second: what no public page shows, or what most of them do."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx

from benchmarks.site_city import code

PROFILE = {
    "district": "Phường Một", "sector": "food", "revenue": "92 billion", "value_added": "23 billion",
    "electricity": "960000", "trait_zone": "yes", "trait_collateral": "no",
}  # fmt: skip
PACE = 1.0
"""Seconds from one form to the next."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form that is sent again and again.

    Args:
        email: of who sends it.
        page: on which it stands.
        address: to which it goes.
        fields: what is filled in at each turn.
    """

    email: str
    page: str
    address: str
    fields: Callable[[int], Mapping[str, str]]


WRITERS: dict[str, Form] = {
    "factory": Form(
        "factory_owner-0@example.vn", "factories/1/profile/", "factories/1/profile/",
        lambda turn: {**PROFILE, "name": "Nhà máy 0", "tax_code": code(0), "employees": str(10 + turn % 200)},
    ),
    "promise": Form(
        "analyst-0@example.vn", "commitments/promise-7/", "desk/commitments/promise-7/step/",
        lambda turn: {"step-responsible": "Sở 1", "step-next_vi": f"Việc {turn}", "step-next_en": f"Step {turn}"},
    ),
}  # fmt: skip
"""By what is written: a factory's profile, which no public page shows; a promise, which most of them rest on."""


@dataclass
class Written:
    """What came of the writing: seconds that each form took until the site said that it is kept, and those refused."""

    took: list[float] = field(default_factory=list[float])
    refused: list[str] = field(default_factory=list[str])


def filled(text: str, fields: Mapping[str, str]) -> dict[str, str] | None:
    """What a form on a page sends; none where the page has no form."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    version = re.search(r'name="version" value="(\d+)"', text)
    if token is None:
        return None
    return {**fields, "csrfmiddlewaretoken": token.group(1), **({"version": version.group(1)} if version else {})}


async def write(base: str, session: str, form: Form, until: float) -> Written:
    """Send a form at a steady pace until a moment."""
    written, due, turn = Written(), time.perf_counter(), 0
    async with httpx.AsyncClient(base_url=base, timeout=60, cookies={"sessionid": session}) as client:
        while due < until:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            due, turn = due + PACE, turn + 1
            told = filled((await client.get(form.page)).text, form.fields(turn))
            if told is None:
                written.refused.append(f"no form on {form.page}")
                continue
            begun = time.perf_counter()
            answer = await client.post(form.address, data=told)
            if answer.status_code != 302:
                written.refused.append(f"{form.address}: {answer.status_code}")
            else:
                written.took.append(time.perf_counter() - begun)
    return written
