"""What the test of access opens at each address, and whose it is.

A room of the site whose pages show single objects makes some, as its users would, and says here who may see them. The
test then opens every address as everybody: a door that opens on what is somebody else's is found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.web import desk
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

STAFF = frozenset({"analyst", "approver", "administrator"})

EXAMPLES: dict[str, Example] = {
    "city:fact": Example({"<slug:name>": "bus_fare"}),
    "city:source": Example({"<slug:name>": "tutorial"}),
    "city:targets": Example(people=frozenset()),  # the tutorial's pack tracks nothing
    "api:api-root": Example(people=frozenset()),
    "api:fact": Example({"{name}": "bus_fare", "<slug:name>": "bus_fare"}),
    "api:standing": Example(people=frozenset()),
    "office:invitation": Example({"<slug:code>": "MQ", "<slug:token>": "made-up"}, people=frozenset()),
    # A promise that one person entered and nobody confirmed; the tutorial's pack has none, so there are no files.
    "desk:commitment": Example({"<str:name>": "preferential-credit"}, people=STAFF),
    "api:commitment": Example({"{name}": "preferential-credit", "<str:name>": "preferential-credit"}, people=STAFF),
    "desk:proposal": Example({"<int:number>": "1"}, people=STAFF),
    "desk:download": Example({"<slug:form>": "csv"}, people=frozenset()),
    "desk:evidence": Example({"<slug:digest>": "0" * 64}, people=frozenset()),
    "desk:letter": Example(people=frozenset()),
    # Nobody here has turned on a second factor.
    "mfa_deactivate_totp": Example(people=frozenset()),
    "mfa_view_recovery_codes": Example(people=frozenset()),
    "mfa_download_recovery_codes": Example(people=frozenset()),
}
"""By name of the route."""

MAKERS: tuple[Callable[[Site], None], ...] = (desk.make_examples,)
"""What makes the objects that the examples speak of, in order."""

POSTED = {
    "account_logout",
    "city:publish",
    "office:invite",
    "office:give",
    "office:take",
    "office:lock",
    "office:drop-second-factor",
    "tokens:end",
    "hooks:end",
    "desk:reject",
    "desk:confirm",
    "desk:advance",
    "desk:milestone",
    "desk:done",
    "desk:step",
}
"""Routes that change something at once and are tried in a test of their own."""
