"""What the test of access opens at each address, and whose it is.

A room of the site whose pages show single objects makes some, as its users would, and says here who may see them. The
test then opens every address as everybody: a door that opens on what is somebody else's is found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.web.conftest import PROGRAMME
from tests.web.site import Site


@dataclass(frozen=True)
class Example:
    """What stands in an address, and for whom.

    Args:
        values: by argument of the route, such as `<int:number>`.
        people: names of `BODIES` to whom the object is shown; others whose role opens the page are told that there is
            none. None where it is for everybody whose role opens the page.
    """

    values: Mapping[str, str] = field(default_factory=dict[str, str])
    people: frozenset[str] | None = None


VALUES = {"<slug:name>": PROGRAMME, "<int:number>": "1"}
"""Where a route has no example of its own."""

EXAMPLES: dict[str, Example] = {
    "city:fact": Example({"<slug:name>": "bus_fare"}),
    "city:source": Example({"<slug:name>": "tutorial"}),
    "city:targets": Example(people=frozenset()),  # the tutorial's pack tracks nothing
    # Nobody here has turned on a second factor.
    "mfa_deactivate_totp": Example(people=frozenset()),
    "mfa_view_recovery_codes": Example(people=frozenset()),
    "mfa_download_recovery_codes": Example(people=frozenset()),
}
"""By name of the route."""


def make_design(site: Site) -> None:
    """A design of the analyst's, shared with approvers and with nobody else, and a run of it."""
    who = site.visitor("analyst")
    made = who.post("/en/lab/new/", token_from="/en/lab/", begin=PROGRAMME, name="An example")
    page = made.headers["location"]
    assert who.post(f"{page}share/", token_from=page, roles="approver").status == 302
    trial = who.post(f"{page}run/", token_from=page, draws="2", seed="1").headers["location"]
    people = frozenset({"analyst", "approver"})
    for route in ("design", "export"):
        EXAMPLES[f"lab:{route}"] = Example({"<int:number>": page.rstrip("/").rsplit("/", 1)[1]}, people)
    for route in ("trial", "download"):
        number = trial.rstrip("/").rsplit("/", 1)[1]
        EXAMPLES[f"lab:{route}"] = Example({"<int:number>": number, "<slug:name>": "files"}, people)


MAKERS: tuple[Callable[[Site], None], ...] = (make_design,)
"""What makes the objects that the examples speak of, in order."""

POSTED = {"account_logout", "city:publish"}
"""Routes that change something at once and are tried in a test of their own."""
