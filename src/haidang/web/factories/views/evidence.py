"""Files behind answers: taken in, given out as what they are, taken away while the assessment is a draft."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haidang.web.factories.drafts import ROOM, add_file, drop_file
from haidang.web.factories.forms import EvidenceForm
from haidang.web.factories.models import Assessment, Evidence
from haidang.web.factories.views.assessment import capability_of
from haidang.web.factories.views.found import around, one_of, person, tell
from haidang.web.people.models import viewer
from haidang.web.uploads import place_of


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """Put a file behind an answer of a capability."""
    rows = Assessment.objects.open_to(viewer(request)).select_related("factory")
    assessment, capability = one_of(rows, number), capability_of(name)
    sent = request.method == "POST"
    form = EvidenceForm(capability, request.POST, request.FILES) if sent else EvidenceForm(capability)
    if sent and form.is_valid():
        told = {key: form.cleaned_data[key] for key in ("criterion", "kind", "caption", "day")}
        add_file(assessment, form.content, form.found_kind, form.cleaned_data["file"], told, person(request))
        tell(request, "file.added")
        return HttpResponseRedirect(reverse("factories:section", args=(assessment.pk, capability.id)))
    values = around(
        request, assessment.factory, "assessments", assessment=assessment, capability=capability, files=form
    )  # fmt: skip
    return render(request, "factories/file.html", values)


@require_safe
def download(request: HttpRequest, number: int) -> FileResponse:
    """A file, always as something to save and never as a page: nothing in it is run or shown here."""
    one = one_of(Evidence.objects.visible_to(viewer(request)), number)
    try:
        opened = place_of(one.sha256, ROOM).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(opened, as_attachment=True, filename=one.name, content_type=one.media)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Take a file away."""
    rows = Evidence.objects.filter(assessment__in=Assessment.objects.open_to(viewer(request)))
    one = one_of(rows.select_related("assessment"), number)
    drop_file(one, person(request))
    tell(request, "file.removed")
    return HttpResponseRedirect(reverse("factories:assessment", args=(one.assessment.pk,)))
