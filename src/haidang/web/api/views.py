"""Pages about the interface: its description, one's tokens, the servers that are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haidang.facts import by_points, read_words
from haidang.web.api import again
from haidang.web.api import hooks as told
from haidang.web.api.forms import HookForm, TokenForm
from haidang.web.api.models import Hook, Message, Token
from haidang.web.api.site import api
from haidang.web.ledger.write import note
from haidang.web.people.models import User, doer, viewer
from haidang.web.shell import language
from haidang.web.words import words


@cache
def requests_in_vietnamese() -> Mapping[str, str]:
    """What each request is for, by its English description."""
    return by_points(read_words(files("haidang.web.api").joinpath("does.vi.yaml")))


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What programs can ask for, without a line of script."""
    paths = cast(dict[str, dict[str, Any]], api.get_openapi_schema()["paths"])
    own: Mapping[str, str] = {} if language() == "en" else requests_in_vietnamese()
    rows = [
        {
            "method": method.upper(),
            "path": path,
            "told": own.get(str(one.get("description", "")), str(one.get("description", ""))),
            "tag": (one.get("tags") or [""])[0],
        }
        for path, methods in paths.items()
        for method, one in methods.items()
    ]
    return render(request, "api/about.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens; a new one is shown once, in both languages."""
    form = TokenForm(request.POST or None)
    owner = viewer(request)
    assert isinstance(owner, User), "the door of this page lets nobody in without an account"
    if request.method == "POST" and form.is_valid():
        made, form = _make_token(request, owner, form.cleaned_data), TokenForm()
    else:
        made = again.token(request)
    return render(request, "api/tokens.html", {"form": form, "made": made, "own": Token.objects.visible_to(owner)})


def _make_token(request: HttpRequest, owner: User, given: Mapping[str, Any]) -> str:
    """The text of a new token, with the entry in the log."""
    seed, life = again.new_seed(), timedelta(days=given["days"])
    with transaction.atomic():
        token, text = Token.objects.make(owner, given["token_name"], given["scopes"], life, again.secret_of(seed))
        note(owner, "api.token.made", token, name=token.name, scopes=token.scopes)
    again.keep_token(request, token, seed)
    return text


@require_POST
def end_token(request: HttpRequest, number: int) -> HttpResponse:
    """End a token at once."""
    found = Token.objects.visible_to(viewer(request)).filter(pk=number).first()
    if found is None:
        raise Http404
    with transaction.atomic():
        note(viewer(request), "api.token.ended", found, name=found.name)
        found.delete()
    messages.success(request, words(language()).text("api.token_ended"))
    return HttpResponseRedirect(reverse("tokens:list"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def hooks(request: HttpRequest) -> HttpResponse:
    """The servers that are told, and what became of the messages; a new secret is shown once, in both languages."""
    form = HookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        hook, secret = told.open_hook(doer(request), form.cleaned_data["address"], form.cleaned_data["events"])
        again.keep_hook(request, hook)
        form = HookForm()
    else:
        secret = again.secret_of_hook(request)
    values = {
        "form": form,
        "secret": secret,
        "rows": Hook.objects.visible_to(viewer(request)),
        "sent": Message.objects.visible_to(viewer(request))[:50],
        "allowed": sorted(told.allowed_hosts()),
    }
    return render(request, "api/hooks.html", values)


@require_POST
def end_hook(request: HttpRequest, number: int) -> HttpResponse:
    """Tell a server no more."""
    found = Hook.objects.visible_to(viewer(request)).filter(pk=number).first()
    if found is None:
        raise Http404
    told.end_hook(doer(request), found)
    return HttpResponseRedirect(reverse("hooks:list"))
