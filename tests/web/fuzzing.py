"""Every address of the interface, asked for whatever fits its description and for some things that do not.

Runs inside a site (`planted`), by whoever's key opens the door, on objects that are there; nothing that comes of a
request is kept for the next.
"""

from __future__ import annotations

import re
from typing import Any

import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from haidang.web.access import DOORS
from haidang.web.api.site import api
from tests.web.planted import Somebody, route, undone
from tests.web.planting import PEOPLE

NUMBERS = [0, 1, 2, 3, 2**31, 2**63]
"""Of objects that are there, are not, and cannot be."""
EXAMPLES = 5


def fuzz(keys: dict[str, str], names: dict[str, str]) -> tuple[list[str], int]:
    """Ask each address.

    Args:
        keys: by role a key with every scope.
        names: by address what is there under a name.

    Returns:
        What was wrong, and how many addresses were asked.
    """
    described = dict(api.get_openapi_schema())
    described["paths"] = {
        path: {method: _numbered(one, names.get(path)) for method, one in each.items()}
        for path, each in described["paths"].items()
    }
    schema = schemathesis.openapi.from_dict(described)
    schema.app = get_wsgi_application()
    for signal in (request_started, request_finished):  # as Django's own client: what is undone needs one connection
        signal.disconnect(close_old_connections)
    wrong, tried = list[str](), 0
    for found in schema.get_all_operations():
        operation = found.ok()
        door = DOORS[route(re.sub(r"\{\w+\}", "1", operation.path))]
        role = next((one for one in keys if not door.roles or one in door.roles), "analyst")
        try:
            _tried(operation, keys[role], PEOPLE[role])
        except BaseExceptionGroup as mistakes:
            wrong += [f"{operation.label}: {str(one)[:600]}" for one in mistakes.exceptions]
        except Exception as mistake:
            wrong.append(f"{operation.label}: {type(mistake).__name__} {str(mistake)[:600]}")
        tried += 1
    return wrong, tried


def _tried(operation: Any, key: str, who: Somebody) -> None:
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy())
    def ask(case: schemathesis.Case) -> None:
        # What fits the description may still be refused, such as a report of a pilot that nobody registered.
        with undone(who):
            case.call_and_validate(
                base_url="http://localhost",
                headers={"Authorization": f"Bearer {key}"},
                excluded_checks=[positive_data_acceptance],
            )

    ask()


def _numbered(one: dict[str, Any], name: str | None) -> dict[str, Any]:
    """An operation that is tried with objects that are there as well."""
    known: dict[str, list[Any]] = {"number": NUMBERS, "lender": NUMBERS}
    if name:
        known |= {each: [name, "x"] for each in ("name", "programme")}
    parameters = [
        {**each, "schema": {**each["schema"], "enum": known[each["name"]]}} if each["name"] in known else each
        for each in one.get("parameters", ())
    ]
    return {**one, "parameters": parameters}
