"""Receipts of proposals: a number that nobody can guess, by which whoever made one finds out where it stands."""

from __future__ import annotations

import base64
import hashlib
import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from haidang.web.desk.forms import said
from haidang.web.desk.models import Proposal
from haidang.web.desk.proposal_forms import ReceiptForm

BYTES, GROUP = 10, 4
"""Of chance in a number, and letters that stand together in it."""


def new_receipt() -> str:
    """A number that nobody can guess, in groups of letters and digits that are not taken for one another."""
    letters = base64.b32encode(secrets.token_bytes(BYTES)).decode()
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def kept(receipt: str) -> str:
    """What is kept of a number, which does not give it away; however it was typed."""
    return hashlib.sha256("".join(each for each in receipt.upper() if each.isalnum()).encode()).hexdigest()


def of_receipt(receipt: str) -> Proposal | None:
    """The proposal that has a number; none where none has it."""
    return Proposal.objects.filter(receipt=kept(receipt)).first()


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def receipt(request: HttpRequest) -> HttpResponse:
    """Where a proposal stands, for whoever has its number; the number stands in no address."""
    form, found = ReceiptForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        found = of_receipt(form.cleaned_data["receipt"])
        if found is None:
            form.add_error("receipt", said("error.no_receipt"))
    return render(request, "desk/receipt.html", {"form": form, "one": found})
