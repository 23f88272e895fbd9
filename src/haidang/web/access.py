"""Who may open which page: one table, which the doorkeeper holds.

A page that the table does not name is not shown to anybody: a new route without an entry fails at its first request,
and in the test that goes through all of them. What a page shows of single objects is decided by their `visible_to`.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from haidang.web.people.models import User, roles_of
from haidang.web.people.roles import (
    CHECKERS,
    CITY_STAFF,
    FACTORY_PEOPLE,
    LENDING,
    PILOT_READERS,
    PUBLISHERS,
    RECORDERS,
    SIMULATORS,
    Role,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Door:
    """Who comes through.

    Args:
        roles: any of these roles opens it; none where roles do not matter.
        account: whether one must be logged in.
    """

    account: bool = False
    roles: frozenset[Role] = frozenset()


EVERYBODY = Door()
WITH_ACCOUNT = Door(account=True)


def only(*roles: Role | frozenset[Role]) -> Door:
    """A door for these roles."""
    named = frozenset[Role]().union(*({one} if isinstance(one, Role) else one for one in roles))
    return Door(account=True, roles=named)


DOORS: dict[str, Door] = {
    # The city, for everybody.
    "root": EVERYBODY,
    "health": EVERYBODY,
    "report-style": EVERYBODY,
    "city:glance": EVERYBODY,
    "city:targets": EVERYBODY,
    "city:programme": EVERYBODY,
    "city:run": EVERYBODY,
    "city:run-workbook": EVERYBODY,
    "city:run-json": EVERYBODY,
    "city:run-csv": EVERYBODY,
    "city:facts": EVERYBODY,
    "city:fact": EVERYBODY,
    "city:facts-csv": EVERYBODY,
    "city:facts-json": EVERYBODY,
    "city:facts-workbook": EVERYBODY,
    "city:source": EVERYBODY,
    "city:method": EVERYBODY,
    "city:publish": only(PUBLISHERS),
    # Work in the background.
    "jobs:list": only(CITY_STAFF),
    "jobs:simulate": only(SIMULATORS),
    "jobs:cancel": only(CITY_STAFF),
    "jobs:again": only(CITY_STAFF),
    # The laboratory.
    "lab:list": only(CITY_STAFF),
    "lab:begin": only(SIMULATORS),
    "lab:compare": only(CITY_STAFF),
    "lab:design": only(CITY_STAFF),
    "lab:try": only(CITY_STAFF),
    "lab:save": only(SIMULATORS),
    "lab:fork": only(SIMULATORS),
    "lab:share": only(SIMULATORS),
    "lab:export": only(CITY_STAFF),
    "lab:run": only(SIMULATORS),
    "lab:allocate": only(SIMULATORS),
    "lab:trial": only(CITY_STAFF),
    "lab:download": only(CITY_STAFF),
    # Factories.
    "factories:list": only(FACTORY_PEOPLE, Role.ASSESSOR, Role.ANALYST, Role.APPROVER),
    "factories:new": only(FACTORY_PEOPLE),
    "factories:home": only(FACTORY_PEOPLE, Role.ASSESSOR, Role.ANALYST, Role.APPROVER),
    "factories:profile": only(FACTORY_PEOPLE),
    "factories:files": only(FACTORY_PEOPLE),
    "factories:history": only(FACTORY_PEOPLE),
    "factories:assessments": only(FACTORY_PEOPLE),
    "factories:start": only(FACTORY_PEOPLE),
    "factories:assessment": only(FACTORY_PEOPLE, Role.ASSESSOR),
    "factories:section": only(FACTORY_PEOPLE, Role.ASSESSOR),
    "factories:remove-file": only(FACTORY_PEOPLE, Role.ASSESSOR),
    "factories:file": only(FACTORY_PEOPLE, Role.ASSESSOR, Role.LENDER_OFFICER, Role.ANALYST, Role.APPROVER),
    "factories:submit": only(Role.FACTORY_OWNER, Role.ASSESSOR),
    "factories:second": only(Role.ASSESSOR),
    "factories:result": only(FACTORY_PEOPLE, Role.ASSESSOR, Role.ANALYST, Role.APPROVER),
    "factories:report": only(FACTORY_PEOPLE, Role.ASSESSOR, Role.ANALYST, Role.APPROVER),
    "factories:workbook": only(FACTORY_PEOPLE, Role.ASSESSOR, Role.ANALYST, Role.APPROVER),
    "factories:roadmap": only(FACTORY_PEOPLE),
    "factories:programmes": only(FACTORY_PEOPLE),
    "factories:apply": only(FACTORY_PEOPLE),
    "factories:application": only(FACTORY_PEOPLE),
    "factories:send": only(Role.FACTORY_OWNER),
    "factories:withdraw": only(Role.FACTORY_OWNER),
    "factories:consents": only(FACTORY_PEOPLE),
    "factories:consent": only(Role.FACTORY_OWNER),
    # Lenders and the fund.
    "lending:pipeline": only(LENDING),
    "lending:pipeline-csv": only(LENDING),
    "lending:pipeline-xlsx": only(LENDING),
    "lending:application": only(LENDING),
    "lending:record": only(Role.LENDER_OFFICER),
    "lending:records": only(LENDING),
    "lending:records-csv": only(LENDING),
    "lending:records-xlsx": only(LENDING),
    "lending:use": only(LENDING),
    "lending:outcomes": only(Role.ANALYST, Role.APPROVER),
    "lending:hand-over": only(Role.ANALYST),
    "lending:lists": only(LENDING),
    "lending:list": only(LENDING),
    "lending:list-csv": only(LENDING),
    "lending:publish-list": only(Role.ANALYST, Role.APPROVER),
    # Pilots.
    "pilots:list": EVERYBODY,
    "pilots:pilot": EVERYBODY,
    "pilots:file": EVERYBODY,
    "pilots:declare": only(SIMULATORS),
    "pilots:change": only(SIMULATORS),
    "pilots:redesign": only(SIMULATORS),
    "pilots:design": only(SIMULATORS),
    "pilots:units": only(Role.ANALYST, Role.APPROVER),
    "pilots:register": only(SIMULATORS),
    "pilots:lots": only(SIMULATORS),
    "pilots:site-lots": only(Role.ANALYST),  # who may draw lots, and take the site's units away
    "pilots:reports": only(SIMULATORS),
    "pilots:outcomes": only(SIMULATORS),
    "pilots:power": only(SIMULATORS),
    "pilots:decide": only(PUBLISHERS),
    # The tracking desk.
    "desk:commitments": EVERYBODY,
    "desk:commitment": EVERYBODY,
    "desk:late": EVERYBODY,
    "desk:download": EVERYBODY,
    "desk:proposals": EVERYBODY,
    "desk:propose": EVERYBODY,
    "desk:proposal": EVERYBODY,
    "desk:receipt": EVERYBODY,
    "desk:inbox": only(CITY_STAFF),
    "desk:document": only(CITY_STAFF),
    "desk:document-file": only(CITY_STAFF),
    "desk:add-document": only(RECORDERS),
    "desk:correct": only(RECORDERS),
    "desk:reread": only(RECORDERS),
    "desk:take": only(RECORDERS),
    "desk:reject": only(RECORDERS),
    "desk:check": only(CITY_STAFF),
    "desk:confirm": only(CHECKERS),
    "desk:advance": only(RECORDERS),
    "desk:milestone": only(RECORDERS),
    "desk:done": only(RECORDERS),
    "desk:step": only(RECORDERS),
    "desk:evidence": only(CITY_STAFF),
    "desk:reminders": only(CITY_STAFF),
    "desk:letter": only(CITY_STAFF),
    "desk:reminders-csv": only(CITY_STAFF),
    "desk:consultation": only(CITY_STAFF),
    "desk:moderate": only(CITY_STAFF),
    # The administration.
    "office:health": only(Role.ADMINISTRATOR),
    "office:people": only(Role.ADMINISTRATOR),
    "office:person": only(Role.ADMINISTRATOR),
    "office:invite": only(Role.ADMINISTRATOR),
    "office:give": only(Role.ADMINISTRATOR),
    "office:take": only(Role.ADMINISTRATOR),
    "office:lock": only(Role.ADMINISTRATOR),
    "office:drop-second-factor": only(Role.ADMINISTRATOR),
    "office:invitation": EVERYBODY,
    "office:correct": only(Role.ADMINISTRATOR),
    "office:organisations": only(Role.ADMINISTRATOR),
    "office:organisation": only(Role.ADMINISTRATOR),
    "office:organisation-names": only(Role.ADMINISTRATOR),
    "office:log": only(Role.ADMINISTRATOR),
    "office:log-csv": only(Role.ADMINISTRATOR),
    "office:log-verify": only(Role.ADMINISTRATOR),
    "office:backups": only(Role.ADMINISTRATOR),
    "office:back-up": only(Role.ADMINISTRATOR),
    "office:backup-check": only(Role.ADMINISTRATOR),
    "office:backup-file": only(Role.ADMINISTRATOR),
    # The interface for programs.
    "api-about": EVERYBODY,
    "api:openapi-json": EVERYBODY,
    "api:api-root": EVERYBODY,
    "api:programmes": EVERYBODY,
    "api:runs": EVERYBODY,
    "api:run": EVERYBODY,
    "api:run-tables": EVERYBODY,
    "api:run-report": EVERYBODY,
    "api:run-publish": only(PUBLISHERS),
    "api:sources": EVERYBODY,
    "api:source": EVERYBODY,
    "api:facts": EVERYBODY,
    "api:fact": EVERYBODY,
    "api:standing": EVERYBODY,
    "api:commitments": EVERYBODY,
    "api:commitment": EVERYBODY,
    "api:indicators": EVERYBODY,
    "api:targets": EVERYBODY,
    "api:proposals": EVERYBODY,
    "api:proposal": EVERYBODY,
    "api:late": EVERYBODY,
    "api:proposals-receipt": EVERYBODY,
    "api:records": EVERYBODY,
    "api:map": EVERYBODY,
    **{
        f"api:factories{name}": only(FACTORY_PEOPLE, Role.ASSESSOR, Role.ANALYST, Role.APPROVER)
        for name in ("", "-one", "-assessments", "-result")
    },
    "api:factories-assessment": only(FACTORY_PEOPLE, Role.ASSESSOR),
    "api:factories-file": only(FACTORY_PEOPLE, Role.ASSESSOR, Role.LENDER_OFFICER, Role.ANALYST, Role.APPROVER),
    **{
        f"api:factories-{name}": only(FACTORY_PEOPLE)
        for name in (
            "files",
            "roadmap",
            "programmes",
            "applications",
            "application",
            "consents",
            "history",
            "lenders",
            "apply",
            "profile",
        )
    },
    "api:factories-framework": only(FACTORY_PEOPLE, Role.ASSESSOR, Role.ANALYST, Role.APPROVER),
    "api:factories-report": only(FACTORY_PEOPLE, Role.ASSESSOR, Role.ANALYST, Role.APPROVER),
    "api:factories-remove-file": only(FACTORY_PEOPLE, Role.ASSESSOR),
    "api:factories-second": only(Role.ASSESSOR),
    "api:factories-section": only(FACTORY_PEOPLE, Role.ASSESSOR),
    "api:factories-add-file": only(FACTORY_PEOPLE, Role.ASSESSOR),
    "api:factories-submit": only(Role.FACTORY_OWNER, Role.ASSESSOR),
    **{f"api:factories-{name}": only(Role.FACTORY_OWNER) for name in ("send", "withdraw", "consent")},
    **{f"api:lending-{name}": only(LENDING) for name in ("applications", "application", "records", "use")},
    **{f"api:lending-{name}": only(LENDING) for name in ("lists", "list")},
    "api:lending-record": only(Role.LENDER_OFFICER),
    "api:lending-publish-list": only(Role.ANALYST, Role.APPROVER),
    "api:lending-outcomes": only(Role.ANALYST, Role.APPROVER),
    "api:lending-takers": only(Role.ANALYST, Role.APPROVER),
    "api:lending-hand-over": only(Role.ANALYST),
    **{
        f"api:lab-{name}": only(CITY_STAFF)
        for name in ("designs", "design", "sample", "try", "trials", "trial", "file")
    },
    **{f"api:lab-{name}": only(SIMULATORS) for name in ("ask-run", "ask-list", "save", "fork", "share")},
    "api:pilots": EVERYBODY,
    "api:pilots-one": EVERYBODY,
    "api:pilots-file": EVERYBODY,
    "api:pilots-units": only(Role.ANALYST, Role.APPROVER),
    **{f"api:pilots-{name}": only(PILOT_READERS) for name in ("monitoring", "power", "evaluation", "work")},
    **{
        f"api:pilots-{name}": only(SIMULATORS)
        for name in ("declare", "change", "register", "lots", "reports", "outcomes", "ask-power")
    },
    "api:pilots-site-lots": only(Role.ANALYST),  # as on the page
    "api:pilots-decide": only(PUBLISHERS),
    **{
        f"api:desk-{name}": only(CITY_STAFF)
        for name in (
            "reminders",
            "unconfirmed",
            "history",
            "documents",
            "document",
            "document-file",
            "evidence",
            "consultation",
            "answers",
        )
    },
    **{
        f"api:desk-{name}": only(RECORDERS)
        for name in (
            "document-files",
            "correct",
            "reread",
            "take",
            "reject",
            "advance",
            "done",
            "milestone",
            "step",
            "moderate",
        )
    },
    "api:desk-confirm": only(CHECKERS),
    "api:me": WITH_ACCOUNT,
    **{f"api:jobs{name}": only(CITY_STAFF) for name in ("", "-cancel", "-again")},
    "api:log": only(Role.ADMINISTRATOR),
    "api:hooks": only(Role.ADMINISTRATOR),
    "api:hooks-end": only(Role.ADMINISTRATOR),
    "api:hooks-messages": only(Role.ADMINISTRATOR),
    "api:people": only(Role.ADMINISTRATOR),
    "api:people-one": only(Role.ADMINISTRATOR),
    "api:log-verify": only(Role.ADMINISTRATOR),
    "api:backups-check": only(Role.ADMINISTRATOR),
    **{f"api:organisations{name}": only(Role.ADMINISTRATOR) for name in ("", "-one", "-rename")},
    "api:backups": only(Role.ADMINISTRATOR),
    "api:health": only(Role.ADMINISTRATOR),
    "tokens:list": WITH_ACCOUNT,
    "tokens:end": WITH_ACCOUNT,
    "hooks:list": only(Role.ADMINISTRATOR),
    "hooks:end": only(Role.ADMINISTRATOR),
    # Accounts.
    "people:me": WITH_ACCOUNT,
    "account_login": EVERYBODY,
    "account_logout": EVERYBODY,
    "account_signup": EVERYBODY,
    "account_inactive": EVERYBODY,
    "account_change_password": WITH_ACCOUNT,
    "account_set_password": WITH_ACCOUNT,
    "account_reauthenticate": WITH_ACCOUNT,
    "openid_connect_login": EVERYBODY,
    "openid_connect_callback": EVERYBODY,
    "socialaccount_login_cancelled": EVERYBODY,
    "socialaccount_login_error": EVERYBODY,
    "socialaccount_signup": EVERYBODY,
    "socialaccount_connections": WITH_ACCOUNT,
    "mfa_authenticate": EVERYBODY,
    "mfa_reauthenticate": WITH_ACCOUNT,
    "mfa_index": WITH_ACCOUNT,
    "mfa_activate_totp": WITH_ACCOUNT,
    "mfa_deactivate_totp": WITH_ACCOUNT,
    "mfa_view_recovery_codes": WITH_ACCOUNT,
    "mfa_generate_recovery_codes": WITH_ACCOUNT,
    "mfa_download_recovery_codes": WITH_ACCOUNT,
}
"""By name of the route."""

THROUGH: dict[str, str] = {
    "factories.Section": "the assessment of which it is a part",
    "factories.Answer": "the assessment in which it is given",
    "lab.Share": "the design that is shared; its owner alone sees with whom",
    "counts.Asked": "nobody: how often programs asked lately",
    "ledger.Head": "nobody: it is the end of the log's chain",
}
"""Tables without a `visible_to` of their own: no page, export or program reaches a row but through this."""


def may_pass(user: User | AnonymousUser, door: Door) -> bool:
    """Whether a user comes through a door."""
    if not door.account:
        return True
    if not user.is_authenticated or not user.is_active:
        return False
    return not door.roles or bool(door.roles & roles_of(user))
