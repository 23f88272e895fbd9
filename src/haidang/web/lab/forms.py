"""The forms of the laboratory. Each takes its own fields and nothing else of what is sent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haidang.web.lab.models import LONGEST_NAME, Design
from haidang.web.lab.slots import Board
from haidang.web.people.models import User
from haidang.web.people.roles import CITY_STAFF, SIMULATORS

LONGEST_TEXT = 2000
FEWEST, MOST = 2, 1000
MOST_SIDE_BY_SIDE = 4


class BeginForm(forms.Form):
    """What a new design begins with: `programme` or `programme/variant`."""

    name = forms.CharField(max_length=LONGEST_NAME, strip=True)
    begin = forms.ChoiceField()

    def __init__(self, choices: list[tuple[str, str]], *given: Any) -> None:
        """Among these."""
        super().__init__(*given)
        begin = self.fields["begin"]
        assert isinstance(begin, forms.ChoiceField)
        begin.choices = choices


class SlotsForm(forms.Form):
    """The places of a programme; each a text, checked by the programme's own reader afterwards."""

    name = forms.CharField(max_length=LONGEST_NAME, strip=True)
    version = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)

    def __init__(self, board: Board, *given: Any) -> None:
        """With a field for each place."""
        super().__init__(*given)
        for slot in board.slots:
            self.fields[slot.name] = forms.CharField(max_length=LONGEST_TEXT, required=False, strip=True)

    @property
    def written(self) -> dict[str, str]:
        """What was written in the places; of a form that is not valid, what was sent."""
        found: dict[str, Any] = self.cleaned_data if self.is_valid() else dict(self.data.items())
        return {name: str(found.get(name, ""))[:LONGEST_TEXT] for name in self.fields}


class RunForm(forms.Form):
    """A run in full: how many draws, which chance, beside which other designs."""

    draws = forms.IntegerField(min_value=FEWEST, max_value=MOST)
    seed = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    beside: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(Design.objects.none(), required=False)

    def __init__(self, others: Any, *given: Any) -> None:
        """Beside some of these."""
        super().__init__(*given)
        beside = self.fields["beside"]
        assert isinstance(beside, forms.ModelMultipleChoiceField)
        beside.queryset = others

    def clean_beside(self) -> list[Design]:
        """Not too many."""
        found = list(self.cleaned_data["beside"])
        if len(found) >= MOST_SIDE_BY_SIDE:
            raise forms.ValidationError(_("too many"))
        return found


class AllocateForm(forms.Form):
    """A list of who should be offered what: how many draws, which chance."""

    draws = forms.IntegerField(min_value=4, max_value=256)
    seed = forms.IntegerField(min_value=1, max_value=2**31 - 1)


def colleagues(user: User) -> Any:
    """The other people of the city's staff."""
    staff = User.objects.filter(is_active=True, memberships__role__in=[str(one) for one in CITY_STAFF])
    return staff.exclude(pk=user.pk).distinct().order_by("email")


class ShareForm(forms.Form):
    """With whom a design is shared, all told."""

    people: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(User.objects.none(), required=False)
    roles = forms.MultipleChoiceField(choices=[(str(one), str(one)) for one in sorted(CITY_STAFF)], required=False)

    def __init__(self, user: User, *given: Any) -> None:
        """Among this person's colleagues."""
        super().__init__(*given)
        people = self.fields["people"]
        assert isinstance(people, forms.ModelMultipleChoiceField)
        people.queryset = colleagues(user)


EDITORS = SIMULATORS
"""Those who may make designs."""
