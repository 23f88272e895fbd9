"""The servers that are told what happens, for programs of the administration."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.pagination import paginate

from haidang.web.api import hooks as told
from haidang.web.api.answers import MISTAKES, WRITTEN, Pages, held, one_of, owner
from haidang.web.api.forms import HookForm
from haidang.web.api.models import Hook, Message
from haidang.web.api.rooms import hooks_shapes as shapes

router = Router()


@router.get("", response={200: list[shapes.Hook], **MISTAKES}, url_name="hooks")
@paginate(Pages)
def hooks(request: HttpRequest) -> list[dict[str, Any]]:
    """The servers that are told."""
    return [_hook(one) for one in Hook.objects.visible_to(owner(request))]


def _hook(one: Hook) -> dict[str, Any]:
    return {"number": one.pk, "address": one.address, "events": one.events.split(), "made": one.made}


@router.post("", response={201: shapes.HookMade, **WRITTEN}, url_name="hooks")
def open_hook(request: HttpRequest, sent: shapes.HookAsked) -> tuple[int, dict[str, Any]]:
    """Have a server told, of those that the environment names; its secret is told this once."""
    given = held(HookForm(sent.dict()))
    made, secret = told.open_hook(owner(request), given["address"], given["events"])
    return 201, {**_hook(made), "secret": secret}


@router.post("/{int:number}/end", response={200: shapes.Hook, **WRITTEN}, url_name="hooks-end")
def end_hook(request: HttpRequest, number: int) -> dict[str, Any]:
    """Tell a server no more."""
    found = one_of(Hook.objects.visible_to(owner(request)), number)
    plain = _hook(found)
    told.end_hook(owner(request), found)
    return plain


@router.get("/messages", response={200: list[shapes.Message], **MISTAKES}, url_name="hooks-messages")
@paginate(Pages)
def messages(request: HttpRequest) -> list[dict[str, Any]]:
    """What servers were told, the newest first, and what they answered."""
    names = ("event", "state", "tries", "due", "answer", "made")
    return [
        {"number": one.pk, "hook": one.hook.pk, "address": one.hook.address}
        | {name: getattr(one, name) for name in names}
        for one in Message.objects.visible_to(owner(request))
    ]
