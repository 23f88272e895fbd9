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

OWN = frozenset({"factory_owner", "factory_editor"})
CITY = frozenset({"analyst", "approver"})
SEEN = OWN | CITY | {"assessor"}
LENDING = CITY | {"lender_officer"}
CITY_ROOMS = ("factories", "lending")
"""Rooms whose pages need the city's pack: they are opened on a site of their own, where `city.furnish` has been."""

EXAMPLES |= {
    **{f"factories:{name}": Example(people=SEEN) for name in ("home", "result", "report", "workbook")},
    **{
        f"factories:{name}": Example(people=OWN)
        for name in (
            "profile", "files", "history", "assessments", "roadmap", "programmes", "consents", "application",
        )
    },
    **{
        f"factories:{name}": Example({"<int:number>": "2", "<slug:name>": "standard-work"}, OWN)
        for name in ("assessment", "section", "add-file")
    },
    "factories:apply": Example({"<slug:name>": "smart-manufacturing-credit"}, OWN),
    "factories:file": Example(people=SEEN | {"lender_officer"}),
    "lending:application": Example(people=LENDING),
    "lending:list": Example(people=CITY),
    "lending:outcomes": Example({"<slug:name>": "smart-manufacturing-credit"}),
}  # fmt: skip

MAKERS: tuple[Callable[[Site], None], ...] = ()
"""What makes the objects that the examples speak of, in order."""

POSTED = {
    "account_logout",
    "city:publish",
    "factories:start",
    "factories:submit",
    "factories:second",
    "factories:send",
    "factories:withdraw",
    "factories:consent",
    "factories:remove-file",
    "lending:record",
    "lending:publish-list",
}
"""Routes that change something at once and are tried in a test of their own."""
