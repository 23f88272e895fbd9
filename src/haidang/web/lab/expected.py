"""What somebody who logs in may soon ask of the laboratory: compiled while the first pages are read."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser

from haidang.web.city.pack import pack
from haidang.web.lab.models import Design
from haidang.web.lab.sample import prepare
from haidang.web.people.models import User


def programmes_of(user: User | AnonymousUser) -> list[str]:
    """The programmes of the designs that somebody may see, those changed last first."""
    found = Design.objects.visible_to(user).filter(pack=pack().id).values_list("programme", flat=True)
    return list(dict.fromkeys(found))


def prepare_for(sender: type[User], user: User, **_: Any) -> None:
    """Have the sampler prepare them; who has no design yet asks for nothing."""
    if expected := programmes_of(user):
        prepare(expected)
