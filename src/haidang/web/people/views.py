"""One's own account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haidang.web.people.models import Membership, doer


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """One's own account and roles."""
    own = Membership.objects.filter(user=doer(request)).select_related("organisation")
    return render(request, "people/me.html", {"memberships": own})
