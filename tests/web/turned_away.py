"""Asking a site that nobody serves for what it turns away: requests as JSON, answers as JSON (`test_refused`)."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from datetime import timedelta
from itertools import product
from typing import Any
from unicodedata import normalize
from unittest.mock import patch

from django.db import OperationalError
from django.db.backends.utils import CursorWrapper
from django.test import Client, override_settings

from haidang.web.api.models import Token
from haidang.web.api.scopes import Scope
from haidang.web.office.accounts import add_organisation, open_account
from haidang.web.people.give import MisfitError, give_role
from haidang.web.people.models import Membership, Organisation, User
from haidang.web.people.roles import Role

Asked = dict[str, Any]


def answers(asked: dict[str, Asked]) -> dict[str, list[Any]]:
    """By name of each request the status, the page and the headers of its answer.

    Each may say `who` asks or with whose `key`, the `method`, the `path`, a `form` or a text of `json`, the page
    `before` it, `headers`, whether the token of a page is `missing`, and whether the database is `gone`.
    """
    logging.disable()
    admin = User.objects.create_user("root@example.vn")
    city = add_organisation(admin, "Sở thử", "city")
    for role in ("administrator", "analyst"):
        open_account(admin, f"{role}@example.vn", "", city, role)
    return {name: _answer(one) for name, one in asked.items()}


def misfits() -> list[list[str]]:
    """Every role that no command gives in an organisation of a kind, and of nobody who was refused one an account."""
    found = list[list[str]]()
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        for kind, role in product(Organisation.Kind.values, Role.values):
            email = f"{kind}-{role}@example.vn"
            try:
                give_role(email, role, f"Body {kind} {role}", kind, "", lambda: "mot mat khau that dai 2030")
            except MisfitError:
                found.append([kind, role])
                assert not User.objects.filter(email=email).exists()
                assert not Organisation.objects.filter(name=f"Body {kind} {role}").exists()
    return found


def twins() -> list[str]:
    """In what organisations the command gives roles that is told one name in several ways, and then another."""
    for at, name in enumerate((normalize("NFD", "Sở  Đông Á"), "SỞ ĐÔNG Á", "Sở Đông Á ", "Sở Đông À")):
        with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
            give_role(f"twin-{at}@example.vn", "analyst", name, "city", "", lambda: "mot mat khau that dai 2030")
    held = Membership.objects.filter(user__email__startswith="twin-").order_by("user__email")
    return list(held.values_list("organisation__name", flat=True))


def _answer(one: Asked) -> list[Any]:
    client = Client(
        HTTP_HOST="localhost", raise_request_exception=False, enforce_csrf_checks=one.get("missing", False)
    )  # fmt: skip
    if "who" in one:
        user = User.objects.get(email=f"{one['who']}@example.vn")
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    more = {f"HTTP_{name.upper()}": value for name, value in one.get("headers", {}).items()}
    if "key" in one:
        user = User.objects.get(email=f"{one['key']}@example.vn")
        _, key = Token.objects.make(user, "key", list(Scope.values), timedelta(days=1))
        more["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    if "before" in one:
        more["HTTP_REFERER"] = f"http://localhost{one['before']}"
    with ExitStack() as stack:
        if one.get("gone"):
            gone = OperationalError("the database is gone")
            stack.enter_context(patch.object(CursorWrapper, "execute", side_effect=gone))
        if "json" in one:
            found = client.post(one["path"], one["json"], content_type="application/json", **more)
        elif "form" in one:
            found = client.post(one["path"], one["form"], **more)
        else:
            found = client.generic(one.get("method", "GET"), one["path"], **more)
    return [found.status_code, found.content.decode(), dict(found.headers)]
