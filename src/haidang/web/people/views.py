"""Who has an account, and one's own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haidang.web.people.models import Membership, User


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """One's own account and roles."""
    own = Membership.objects.filter(user=request.user).select_related("organisation")
    return render(request, "people/me.html", {"memberships": own})


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, with their roles."""
    users = User.objects.prefetch_related("memberships__organisation").order_by("email")
    return render(request, "people/list.html", {"users": users})
