"""The roles, and what each may do: the one place where that is said."""

from __future__ import annotations

from django.db.models import TextChoices


class Role(TextChoices):
    """What a person is in an organisation. Whoever has no role is the public."""

    FACTORY_OWNER = "factory_owner"
    FACTORY_EDITOR = "factory_editor"
    ASSESSOR = "assessor"
    LENDER_OFFICER = "lender_officer"
    ANALYST = "analyst"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"


CITY_STAFF = frozenset({Role.ANALYST, Role.APPROVER, Role.ADMINISTRATOR})
"""Those who may see runs before they are published."""

FACTORY_PEOPLE = frozenset({Role.FACTORY_OWNER, Role.FACTORY_EDITOR})
"""Those who see and fill in their own factory's papers."""

RECORDERS = frozenset({Role.ANALYST, Role.ADMINISTRATOR})
"""Those who write down promises, values and what became of them."""

CHECKERS = frozenset({Role.APPROVER, Role.ADMINISTRATOR})
"""Those who hold what others wrote down against its document."""

LENDING = frozenset({Role.LENDER_OFFICER, Role.ANALYST, Role.APPROVER})
"""Those who see applications: a lender those whose factories consent, the city's people all."""

PUBLISHERS = frozenset({Role.APPROVER, Role.ADMINISTRATOR})
"""Those who may show a run to the public, or take it back."""

SIMULATORS = frozenset({Role.ANALYST, Role.ADMINISTRATOR})
"""Those who may have a programme simulated."""

PILOT_READERS = CITY_STAFF | {Role.ASSESSOR}
"""Those who see every pilot, its reports and its result: the city's staff, and who evaluates for it."""
