"""What somebody who logs in may soon ask of the laboratory: compiled while the first pages are read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from haidang.web.city.pack import pack
from haidang.web.lab.models import Design
from haidang.web.lab.sample import prepare
from haidang.web.people.models import User


def each_once(programmes: Iterable[str]) -> list[str]:
    """The programmes of designs in the order of these, those changed last first: each where it comes first."""
    return list(dict.fromkeys(programmes))


def prepare_for(sender: type[User], user: User, **_: Any) -> None:
    """Have the sampler prepare them; who has no design yet asks for nothing."""
    designs = Design.objects.visible_to(user).filter(pack=pack().id)
    if expected := each_once(designs.values_list("programme", flat=True)):
        prepare(expected)
