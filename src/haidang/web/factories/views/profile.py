"""A factory's own page, its profile, and the list of factories."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from haidang.web.factories.drafts import resting_on
from haidang.web.factories.forms import Fields, NewForm, ProfileForm, profile_initial
from haidang.web.factories.history import details_of, entries, who_of
from haidang.web.factories.models import Assessment, Evidence, Factory
from haidang.web.factories.queue import STATES, of_state, readings
from haidang.web.factories.scored import newest
from haidang.web.factories.spoken import value_text
from haidang.web.factories.views.asked import asked
from haidang.web.factories.views.found import around, kept_factory, person, seen_factory, tell
from haidang.web.factories.vocabulary import column_title, framework, traits
from haidang.web.ledger.write import note
from haidang.web.people.models import Organisation, User, bodies_of, roles_of, viewer
from haidang.web.people.roles import FACTORY_PEOPLE, Role
from haidang.web.search import holding
from haidang.web.shell import language
from haidang.web.words import Language

PAGE = 50


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The factories that the reader may see; a search by name or tax code, for an assessor by what waits to be read."""
    user = viewer(request)
    reads = Role.ASSESSOR in roles_of(user)
    state = request.GET.get("state", "") if reads else ""
    wanted = request.GET.get("q", "")[:200].strip()
    rows = looked_for(user, wanted, state).select_related("body").order_by("name", "id")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    may_add = bool(roles_of(user) & FACTORY_PEOPLE)
    query = urlencode({name: text for name, text in (("q", wanted), ("state", state)) if text})
    found = readings(page, user)
    values: dict[str, Any] = {
        "page": page, "wanted": wanted, "query": query, "may_add": may_add, "reads": reads, "state": state,
        "states": STATES, "rows": [(one, found.get(one.pk)) for one in page],
    }  # fmt: skip
    return render(request, "factories/list.html", values)


def looked_for(user: User | AnonymousUser, wanted: str, state: str) -> QuerySet[Factory]:
    """The factories that a reader may see, of a state for an assessor, by a part of the name or a tax code."""
    rows = of_state(Factory.objects.visible_to(user), user, state)
    return rows.filter(Q(pk__in=holding(rows, wanted, "name")) | Q(tax_code__startswith=wanted)) if wanted else rows


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a factory to one's organisation."""
    who = person(request)
    bodies = bodies_for(who)
    sent = request.method == "POST"
    form = NewForm(bodies, request.POST) if sent else NewForm(bodies, initial={"version": 0})
    if sent and form.is_valid():
        made = add_factory(form, who)
        tell(request, "profile.added")
        return HttpResponseRedirect(reverse("factories:home", args=(made.pk,)))
    return render(request, "factories/new.html", {"form": form, "bodies": bodies})


def bodies_for(who: User) -> list[Organisation]:
    """The organisations to which somebody may add a factory."""
    own = bodies_of(who, Role.FACTORY_OWNER, Role.FACTORY_EDITOR).filter(kind=Organisation.Kind.FACTORY)
    return list(own.order_by("name"))


def add_factory(form: NewForm, who: User) -> Factory:
    """Add the factory that a form tells of, with the entry in the log."""
    with transaction.atomic():
        made = Factory.objects.create(body_id=int(form.cleaned_data["body"]), changed_by=who, **form.values)
        note(who, "factories.factory.added", made, name=made.name, tax_code=made.tax_code)
    return made


@require_safe
def home(request: HttpRequest, number: int) -> HttpResponse:
    """A factory at a glance: what is known, how far the assessment is, what waits to be done."""
    factory = seen_factory(request, number)
    user, spoken = viewer(request), language()
    last = newest(factory)
    draft = Assessment.objects.open_to(user).filter(factory=factory, of__isnull=True).first()
    values = around(
        request, factory, "home", profile=profile_rows(factory, spoken), last=last, draft=draft,
        readings=Assessment.objects.visible_to(user).filter(of=last) if last else (),
        applications=asked(factory, spoken),
        consents=factory.consents.filter(current=True).select_related("lender"),
        assessor=Role.ASSESSOR in roles_of(user),
    )  # fmt: skip
    return render(request, "factories/home.html", values)


def profile_rows(factory: Factory, spoken: Language) -> list[tuple[str, str, str]]:
    """Every field of a profile: its key, what it is called and what it holds, in words."""
    rows = [
        ("tax_code", column_title("tax_code", spoken), shown_code(factory.tax_code)),
        ("district", column_title("district", spoken), factory.district or value_text("", None, spoken)),
        ("sector", column_title("sector", spoken), value_text("sector", factory.sector, spoken)),
        ("employees", column_title("employees", spoken),
         f"{value_text('employees', factory.employees, spoken)}; {value_text('size', factory.size, spoken)}"),
    ]  # fmt: skip
    for name in ("revenue", "value_added", "electricity"):
        rows.append((name, column_title(name, spoken), value_text(name, getattr(factory, name), spoken)))
    for name in traits():
        rows.append((name, column_title(name, spoken), value_text(name, factory.traits.get(name), spoken)))
    return rows


def shown_code(digits: str) -> str:
    """A tax code as it is written: a branch's last three digits apart."""
    return digits if len(digits) == 10 else f"{digits[:10]}-{digits[10:]}"


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest, number: int) -> HttpResponse:
    """Change a profile; somebody else's change in between is shown and never overwritten."""
    factory = kept_factory(request, number)
    who, other = person(request), None
    if request.method != "POST":
        form = ProfileForm(initial=profile_initial(factory), own=factory)
    else:
        form = ProfileForm(request.POST, own=factory)
        if form.is_valid():
            if save_profile(factory, form, who):
                tell(request, "profile.saved", name=factory.name)
                return HttpResponseRedirect(reverse("factories:home", args=(factory.pk,)))
            factory.refresh_from_db()
            other = factory
            form.data = form.data.copy()
            form.data["version"] = str(factory.version)
    rows = profile_rows(factory, language()) if other else ()
    values = around(request, factory, "home", form=form, other=other, other_rows=rows)
    return render(request, "factories/profile.html", values)


def save_profile(factory: Factory, form: ProfileForm, who: User) -> bool:
    """Write a profile where it is still as its writer saw it."""
    seen = form.cleaned_data["version"]
    values = form.values
    with transaction.atomic():
        before = Factory.objects.select_for_update().get(pk=factory.pk)
        if before.version != seen:
            return False
        changed = [name for name in (*Fields, "traits") if getattr(before, name) != values[name]]
        rows = Factory.objects.filter(pk=factory.pk, version=seen)
        rows.update(version=seen + 1, changed=timezone.now(), changed_by=who, **values)
        note(who, "factories.factory.changed", factory, fields=changed)
    factory.refresh_from_db()
    return True


@require_safe
def files(request: HttpRequest, number: int) -> HttpResponse:
    """Every file of a factory, with what it stands behind; of one that is to go, what that would change."""
    factory = kept_factory(request, number)
    texts = {one.id: one.text[language()] for one in framework().criteria}
    rows = Evidence.objects.visible_to(viewer(request)).filter(assessment__factory=factory)
    found = list(rows.select_related("assessment", "added_by").order_by("-id"))
    hangs = resting_on(found)
    told = [(one, texts.get(one.criterion, one.criterion), *hangs[one.pk]) for one in found]
    asked = [row for row in told if str(row[0].pk) == request.GET.get("remove") and not row[0].assessment.submitted]
    return render(request, "factories/files.html", around(request, factory, "files", rows=told, asked=asked))


@require_safe
def history(request: HttpRequest, number: int) -> HttpResponse:
    """What was done to a factory's papers, by whom and when, from the log."""
    factory = kept_factory(request, number)
    page = Paginator(entries(factory), PAGE).get_page(request.GET.get("page"))
    rows = [(one, details_of(one, language()), who_of(one)) for one in page]
    values = around(request, factory, "history", page=page, rows=rows, query="")
    return render(request, "factories/history.html", values)
