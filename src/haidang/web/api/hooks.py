"""Telling other servers: written down with what happened, sent afterwards, tried again where nobody answers.

Messages go only to servers that the environment names, so that nobody makes this machine knock at others beside it.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import secrets
import ssl
from datetime import timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from haidang.web.api.models import Hook, Message
from haidang.web.ledger.write import note
from haidang.web.people.models import User

ALLOWED = "HAIDANG_HOOK_HOSTS"
"""Names of servers, with their port where it is not the usual one, that may be told; separated by commas."""

EVENTS = ("run.published", "application.stage", "commitment.stage")
PATIENCE = 5.0
"""Seconds to wait for an answer."""
TRIES = 8
"""After the last, some eleven hours later, a message is given up."""


def allowed_hosts() -> frozenset[str]:
    """The servers that may be told."""
    return frozenset(each.strip().lower() for each in os.environ.get(ALLOWED, "").split(",") if each.strip())


def may_be_told(address: str) -> bool:
    """Whether a message may go to an address: a named server, over HTTPS unless it is on this machine."""
    parts = urlsplit(address)
    if parts.netloc.lower() not in allowed_hosts() or parts.username or parts.password:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"})


def add_hook(address: str, events: list[str]) -> tuple[Hook, str]:
    """A server to be told, and the secret by which it knows that a message is ours."""
    secret = secrets.token_urlsafe(32)
    return Hook.objects.create(address=address, events=" ".join(sorted(events)), secret=secret), secret


def open_hook(by: User, address: str, events: list[str]) -> tuple[Hook, str]:
    """A server to be told, and its secret, with the entry in the log."""
    with transaction.atomic():
        hook, secret = add_hook(address, events)
        note(by, "api.hook.made", hook, address=hook.address, events=hook.events)
    return hook, secret


def end_hook(by: User, hook: Hook) -> None:
    """Tell a server no more, with the entry in the log."""
    with transaction.atomic():
        note(by, "api.hook.ended", hook, address=hook.address)
        hook.delete()


def tell(event: str, **about: object) -> None:
    """Write down, in the transaction of what happened, that the servers that want it are to be told.

    Args:
        event: one of `EVENTS`.
        about: JSON values that everybody who gets such messages may know.
    """
    body = json.dumps({"event": event, "at": timezone.now().isoformat(), **about}, ensure_ascii=False, sort_keys=True)
    wanting = [each for each in Hook.objects.filter(active=True) if event in each.events.split()]
    with transaction.atomic():
        Message.objects.bulk_create(Message(hook=each, event=event, body=body) for each in wanting)


def deliver_due() -> int:
    """Send what is due.

    Returns:
        How many messages arrived.
    """
    due = Message.objects.select_related("hook").filter(state=Message.State.WAITING, due__lte=timezone.now())[:20]
    return sum(_deliver(each) for each in due)


def _deliver(message: Message) -> bool:
    """Send one message, and write down what came of it."""
    answer = _send(message) if may_be_told(message.hook.address) else "not among the servers that may be told"
    arrived = answer.startswith("2")
    tries = message.tries + 1
    state = Message.State.SENT if arrived else Message.State.GIVEN_UP if tries >= TRIES else Message.State.WAITING
    due = timezone.now() + timedelta(minutes=5) * 2 ** (tries - 1) if state == Message.State.WAITING else message.due
    Message.objects.filter(pk=message.pk).update(state=state, tries=tries, due=due, answer=answer[:200])
    return arrived


def _send(message: Message) -> str:
    """The status of the answer, or why there was none."""
    parts, body = urlsplit(message.hook.address), message.body.encode()
    made = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    line = made(parts.netloc, timeout=PATIENCE)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {
            "Content-Type": "application/json",
            "Haidang-Event": message.event,
            "Haidang-Message": str(message.pk),
            "Haidang-Signature": signature(message.hook.secret, body),
        }
        line.request("POST", path, body, headers)
        return str(line.getresponse().status)
    except (OSError, http.client.HTTPException, ssl.SSLError) as broken:
        return f"no answer: {broken}"
    finally:
        line.close()


def signature(secret: str, body: bytes) -> str:
    """HMAC-SHA256 of a message, by which its receiver knows whose it is."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
