"""Files behind answers: given out as what they are, taken away while the assessment is a draft."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from haidang.web.factories.drafts import ROOM, drop_file
from haidang.web.factories.models import Assessment, Evidence
from haidang.web.factories.views.found import one_of, person, tell
from haidang.web.people.models import viewer
from haidang.web.uploads import place_of


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
    one = one_of(rows.select_related("assessment__factory"), number)
    drop_file(one, person(request))
    tell(request, "file.removed")
    if one.assessment.of is not None:
        return HttpResponseRedirect(reverse("factories:assessment", args=(one.assessment.pk,)))
    return HttpResponseRedirect(reverse("factories:files", args=(one.assessment.factory.pk,)))
