"""Designs side by side on the sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from haidang.web.city.pack import pack
from haidang.web.lab.forms import MOST_SIDE_BY_SIDE
from haidang.web.lab.models import Design
from haidang.web.lab.sample import ask
from haidang.web.lab.views import may_edit
from haidang.web.people.models import viewer
from haidang.web.shell import language


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Chosen designs of one programme beside each other and the programme as declared, all in the same draws."""
    visible = Design.objects.visible_to(viewer(request)).filter(pack=pack().id, programme__in=pack().programmes)
    named = list(dict.fromkeys(request.GET.getlist("design")))
    chosen = _chosen(named, visible)
    values: dict[str, Any] = {
        "chosen": chosen, "missing": len(named) - len(chosen), "most": MOST_SIDE_BY_SIDE, "answer": None, "why": "",
        "may_edit": may_edit(request),
    }  # fmt: skip
    if len({one.programme for one in chosen}) > 1:
        values["why"] = "lab.other_programme"
    elif any(one.facts != chosen[0].facts for one in chosen[1:]):
        values["why"] = "lab.other_facts"
    elif len(chosen) > MOST_SIDE_BY_SIDE:
        values["why"] = "lab.too_many"
    elif chosen:
        answer = ask(chosen[0].programme, [one.text for one in chosen], language())
        values["answer"] = answer
        values["title"] = pack().programmes[chosen[0].programme].base.title[language()]
        values["chart"] = mark_safe(answer.told.chart) if answer.told else ""  # drawn by this program
    return render(request, "lab/compare.html", values)


def _chosen(named: Sequence[str], visible: Any) -> list[Design]:
    """Those named that the reader may see, in the order in which they were named."""
    numbers = [int(one) for one in named[:20] if one.isdecimal() and len(one) < 10]
    known = {one.pk: one for one in visible.filter(pk__in=numbers)}
    return [known[one] for one in dict.fromkeys(numbers) if one in known]
