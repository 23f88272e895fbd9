"""What a form of a pilot has any number of: waves, guardrails, stop rules; each a row that is added and taken away."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from django import forms
from django.http import QueryDict

from haidang.errors import HaidangError
from haidang.web.dong import dong
from haidang.web.mistakes import said
from haidang.web.shell import language
from haidang.web.words import words

MOST: Mapping[str, int] = {"waves": 10, "guardrails": 10, "stops": 13}
"""So many rows of a sort at most."""
BEGUN: Mapping[str, int] = {"waves": 2, "guardrails": 0, "stops": 0}
"""Rows that stand on the form before any is added."""
ALWAYS = ("found", "futile", "ratio")
"""What a stop rule can speak on whatever the guardrails."""
SPEAKS = re.compile(r"guardrail-(\d+)")
STEP = re.compile(r"kind|add-(waves|guardrails|stops)|drop-(waves|guardrails|stops)-[0-9]{1,3}")
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*\Z"
ARM = r"^\w[\w.-]*\Z"
"""An arm's id as plans by hand have it."""
HARM, RATE, PACE = "harm", "rate", "pace"
R = TypeVar("R", bound="Row")


def number_field(*, required: bool = True) -> forms.FloatField:
    """A number of any digits."""
    return forms.FloatField(required=required, widget=forms.NumberInput(attrs={"step": "any"}))


def percent_field(first: float | None = None, *, required: bool = True) -> forms.FloatField:
    """A part of a hundred, above nought."""
    widget = forms.NumberInput(attrs={"step": "any"})
    return forms.FloatField(min_value=0.1, max_value=100, initial=first, required=required, widget=widget)


def arm_field() -> forms.RegexField:
    """The id that an arm of an opened plan has; nobody is asked for it."""
    return forms.RegexField(ARM, max_length=60, required=False, widget=forms.HiddenInput)


def again() -> forms.Select:
    """A choice after which the form is shown again; without JavaScript there is a button for it.

    It waits a little: with the keyboard one goes through all that may be chosen.
    """
    by = {"hx-post": "", "hx-vals": '{"step": "kind"}', "hx-trigger": "change delay:400ms"}
    return forms.Select(attrs={**by, "hx-sync": "closest form:replace"})


class Row(forms.Form):
    """A row of a sort; its labels and help stand in the words under the sort's name."""

    SORT: ClassVar[str]

    def __init__(self, choices: Mapping[str, Sequence[Any]], **named: Any) -> None:
        """The row with what may be chosen in it."""
        super().__init__(**named)
        own = words(language())
        for name, field in self.fields.items():
            if field.widget.is_hidden:
                continue
            field.label = own.text(f"pilots.field.{self.SORT}_{name}")
            field.help_text = own.texts.get(f"pilots.help.{self.SORT}_{name}", "")
            if name in choices:
                field.choices = choices[name]  # pyright: ignore[reportAttributeAccessIssue]


class WaveForm(Row):
    """A part of the units to which the offers are made from one year on."""

    SORT = "wave"
    id = arm_field()
    title_vi = forms.CharField(max_length=200)
    title_en = forms.CharField(max_length=200)
    share = percent_field()
    start = forms.IntegerField(min_value=2000, max_value=2100)
    offers = forms.MultipleChoiceField(required=False)


class GuardrailForm(Row):
    """What must not happen: an outcome, which way is worse, and how much of it is borne."""

    SORT = "guardrail"
    name = forms.RegexField(SLUG, max_length=40)
    title_vi = forms.CharField(max_length=200)
    title_en = forms.CharField(max_length=200)
    kind = forms.ChoiceField(initial=HARM, widget=again())
    column = forms.CharField(max_length=100)
    better = forms.ChoiceField()
    bound = forms.CharField(max_length=60)
    least = number_field()
    most = number_field()
    arm = forms.ChoiceField(required=False)
    alpha = percent_field(required=False)

    def __init__(self, choices: Mapping[str, Sequence[Any]], **named: Any) -> None:
        """The row; its bound is called by what is guarded, and which way is better is asked of harm alone."""
        super().__init__(choices, **named)
        own, kind = words(language()), str(self["kind"].value())
        kind = kind if kind in {HARM, RATE, PACE} else HARM
        self.fields["bound"].label = own.text(f"pilots.bound.{kind}")
        self.fields["bound"].help_text = own.text(f"pilots.bound_said.{kind}")
        if kind != HARM:
            del self.fields["better"]

    def clean(self) -> dict[str, Any]:
        """A bound that a unit's value can come to, in words where it cannot."""
        given, own = super().clean() or {}, words(language())
        least, most = given.get("least"), given.get("most")
        if least is not None and most is not None and most <= least:
            self.add_error("most", own.text("pilots.error.above", least=told(least)))
        if given.get("bound") and given.get("kind"):
            self._measure(given)
        return given

    def _measure(self, given: dict[str, Any]) -> None:
        from haidang.facts import canonical, parse_quantity

        kind = given["kind"]
        given["bound"] = in_dong(given["bound"]) if kind == PACE else _pointed(given["bound"])
        try:
            value, given["bound_unit"] = parse_quantity(given["bound"])
        except HaidangError as mistake:
            self.add_error("bound", said(mistake, language()).whole)
            return
        amount, least, most = canonical(value, given["bound_unit"]), given.get("least"), given.get("most")
        if kind == PACE:
            fits, ends = amount > 0, {}
        elif least is None or most is None:
            return
        else:
            fits = 0 <= amount < most - least if kind == HARM else least <= amount < most
            ends = {"least": told(least), "most": told(most), "range": told(most - least)}
        if not fits:
            text = words(language()).text(f"pilots.error.bound_{kind}", found=told(amount), **ends)
            self.add_error("bound", text)


class StopForm(Row):
    """What ends the pilot early, and why."""

    SORT = "stop"
    on = forms.ChoiceField()
    reason_vi = forms.CharField(max_length=300)
    reason_en = forms.CharField(max_length=300)


def told(value: float) -> str:
    """A number as the reader's language writes it."""
    from haidang.results.numerals import number

    return number(value, language(), 6)


def _pointed(text: str) -> str:
    """A number with the comma that Vietnamese writes before its decimals, `0,02`, as declarations write it."""
    return re.sub(r"^(\d+),(\d+)(?=$|[^\d.,])", r"\1.\2", text.strip()) if language() == "vi" else text


def in_dong(text: str) -> str:
    """An amount of dong as people write it, `260 tỷ`, as a number with its unit; any other text as it is."""
    from haidang.facts import parse_quantity

    try:
        parse_quantity(text)
    except HaidangError:
        try:
            return f"{dong(text, language())} VND"
        except ValueError:
            return text
    return text


def count(given: Mapping[str, Any] | None, sort: str) -> int:
    """How many rows of a sort a form was sent with, or begins with."""
    told = str(given.get(sort, "")) if given else ""
    return min(int(told), MOST[sort]) if told.isascii() and told.isdigit() and len(told) < 4 else BEGUN[sort]


def rows_of(
    kind: type[R], sort: str, choices: Mapping[str, Sequence[Any]], given: QueryDict | None, *, checked: bool
) -> list[R]:
    """The rows of a sort.

    Args:
        kind: of form.
        sort: its name in the form.
        choices: by field, what may be chosen.
        given: what was sent; none at first.
        checked: whether it is to be checked, or shown again as it was filled in so far.
    """
    found = list[R]()
    for place in range(count(given, sort)):
        prefix = f"{sort}-{place + 1}"
        if given is not None and checked:
            found.append(kind(choices, data=given, prefix=prefix))
        else:
            found.append(kind(choices, initial=held(kind, given, prefix), prefix=prefix))
    return found


def held(kind: type[forms.Form], given: QueryDict | None, prefix: str = "") -> dict[str, Any]:
    """What was filled in so far, unchecked, by field of a form."""
    if given is None:
        return {}
    begins = f"{prefix}-" if prefix else ""
    told = {
        name: field.widget.value_from_datadict(given, {}, f"{begins}{name}")  # type: ignore[arg-type]
        for name, field in kind.base_fields.items()  # type: ignore[attr-defined]
    }
    return {name: value for name, value in told.items() if value not in (None, [])}


def step_of(given: QueryDict) -> str:
    """What is to be done to a form before it is whole; empty where it is sent to be checked."""
    step = str(given.get("step", ""))
    return step if STEP.fullmatch(step) else ""


def stepped(given: QueryDict, step: str) -> QueryDict:
    """What was filled in, with a row more (`add-guardrails`) or one less (`drop-guardrails-2`); else as it was."""
    if step == "kind":
        return given
    act, sort, *number = step.split("-")
    changed, rows = given.copy(), count(given, sort)
    if act == "add":
        changed[sort] = str(min(rows + 1, MOST[sort]))
    elif 1 <= int(number[0]) <= rows:
        _drop(changed, sort, int(number[0]), rows)
    return changed


def _drop(given: QueryDict, sort: str, gone: int, rows: int) -> None:
    """Take a row away: those behind it move up, and stop rules speak on the same guardrails as before."""
    fields = re.compile(rf"{sort}-(\d{{1,3}})-(\w+)")
    for key in list(given):
        found = fields.fullmatch(key)
        if found is not None and int(found[1]) >= gone:
            values = given.getlist(key)
            del given[key]
            if int(found[1]) > gone:
                given.setlist(f"{sort}-{int(found[1]) - 1}-{found[2]}", values)
    given[sort] = str(rows - 1)
    for place in range(count(given, "stops")) if sort == "guardrails" else ():
        key = f"stops-{place + 1}-on"
        on = SPEAKS.fullmatch(str(given.get(key, "")))
        if on is not None and int(on[1]) >= gone:
            given[key] = "" if int(on[1]) == gone else f"guardrail-{int(on[1]) - 1}"
