"""What the people of a factory fill in; each field is named here, so nothing else is ever written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from haidang.frameworks import Capability
from haidang.frameworks.assessment import MEASURED, NO, NOT_ANSWERED, NOT_APPLICABLE, VERIFIED, YES
from haidang.frameworks.framework import EVIDENCE_KINDS
from haidang.frameworks.words import word
from haidang.population.columns import Column
from haidang.web.amounts import DongField
from haidang.web.dong import SMALL, exact_dong, told_dong
from haidang.web.factories.models import Factory
from haidang.web.factories.tax import TaxCodeError, tax_code
from haidang.web.factories.vocabulary import column_title, sector_choices, traits, word_title
from haidang.web.people.models import Organisation
from haidang.web.shell import language
from haidang.web.uploads import UploadError, take, tidy_name
from haidang.web.words import words

MOST_EMPLOYEES = 300_000
MOST_ELECTRICITY = 10**10
YES_NO = ("", "yes", "no")


def say(key: str, **values: object) -> str:
    """Words in the language of the request."""
    return words(language()).text(f"factories.{key}", **values)


class ProfileForm(forms.Form):
    """Who a factory is."""

    name = forms.CharField(max_length=300)
    tax_code = forms.CharField(max_length=20)
    district = forms.CharField(max_length=200, required=False)
    sector = forms.ChoiceField()
    employees = forms.IntegerField(min_value=1, max_value=MOST_EMPLOYEES)
    revenue = DongField(required=False)
    value_added = DongField(required=False)
    electricity = forms.IntegerField(min_value=0, max_value=MOST_ELECTRICITY, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *given: Any, own: Factory | None = None, **named: Any) -> None:
        """The form of a factory that is there, or of a new one."""
        super().__init__(*given, **named)
        self._own = own
        spoken = language()
        for name in ("name", "tax_code", "district"):
            self.fields[name].label = say(f"column.{name}")
        for name in ("sector", "employees", "revenue", "value_added", "electricity"):
            self.fields[name].label = column_title(name, spoken)
            self.fields[name].help_text = say(f"help.{name}")
        self.fields["tax_code"].help_text = say("help.tax_code")
        self.fields["sector"] = forms.ChoiceField(
            choices=sector_choices(spoken), label=column_title("sector", spoken)
        )  # fmt: skip
        for name, column in traits().items():
            self.fields[f"trait_{name}"] = _trait(name, column)

    def clean_tax_code(self) -> str:
        """Digits of a tax code that no other factory has."""
        try:
            digits = tax_code(self.cleaned_data["tax_code"])
        except TaxCodeError as mistake:
            raise ValidationError(say(f"mistake.{mistake}")) from None
        others = Factory.objects.filter(tax_code=digits)
        if self._own is not None:
            others = others.exclude(pk=self._own.pk)
        if others.exists():
            raise ValidationError(say("mistake.tax_taken"))
        return digits

    def clean(self) -> dict[str, Any]:
        """The profile; value added is what purchases leave of revenue, so it cannot be above it."""
        told = super().clean() or {}
        revenue, added = told.get("revenue"), told.get("value_added")
        if revenue is not None and added is not None and added > revenue:
            amounts = {"revenue": exact_dong(revenue, language()), "found": exact_dong(added, language())}
            self.add_error("value_added", say("mistake.value_added", **amounts))
        return told

    @property
    def values(self) -> dict[str, Any]:
        """The fields of a factory, once the form is valid."""
        told = {name: self.cleaned_data[name] for name in Fields}
        found: dict[str, Any] = {}
        for name, column in traits().items():
            word = self.cleaned_data[f"trait_{name}"]
            if word:
                found[name] = word == "yes" if column.kind == "flag" else word
        return {**told, "traits": found}


Fields = ("name", "tax_code", "district", "sector", "employees", "revenue", "value_added", "electricity")


def _trait(name: str, column: Column) -> forms.ChoiceField:
    """A question that may stay open: what is not said is not known, and never no."""
    spoken = language()
    if column.kind == "flag":
        choices = [(one, say(f"known.{one or 'open'}")) for one in YES_NO]
    else:
        choices = [("", say("known.open")), *((one, word_title(name, one, spoken)) for one in column.categories)]
    return forms.ChoiceField(choices=choices, required=False, label=column_title(name, spoken))


def profile_initial(own: Factory) -> dict[str, Any]:
    """What the form of a factory begins with."""
    spoken, found = language(), {name: getattr(own, name) for name in Fields}
    for name in ("revenue", "value_added"):
        if found[name] is not None:
            text = f"{found[name]:,}"
            found[name] = text.replace(",", ".") if spoken == "vi" else text
    for name, value in own.traits.items():
        found[f"trait_{name}"] = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
    return {**found, "version": own.version}


class NewForm(ProfileForm):
    """A new factory, of one of the organisations whose people its maker belongs to."""

    def __init__(self, bodies: list[Organisation], *given: Any, **named: Any) -> None:
        """The form for these organisations."""
        super().__init__(*given, **named)
        choices = [(str(one.pk), one.name) for one in bodies]
        self.fields["body"] = forms.ChoiceField(choices=choices, label=say("column.body"))
        self.order_fields(["body"])


class BodyField(forms.ChoiceField):
    """In whose name somebody writes who may for several bodies; where there is one, nobody needs to say it."""

    def __init__(self, bodies: Iterable[Organisation], **named: Any) -> None:
        """The field of these bodies, each known by its name."""
        self._bodies = {one.name: one for one in bodies}
        names = [(name, name) for name in self._bodies]
        if len(names) > 1:
            named["choices"] = [("", say("body.choose")), *names]
        else:
            named |= {"choices": names, "widget": forms.HiddenInput, "initial": next(iter(self._bodies), "")}
        refused = say("mistake.body", bodies=", ".join(self._bodies))
        super().__init__(error_messages={"required": refused, "invalid_choice": refused}, **named)

    def clean(self, value: Any) -> Any:
        """The body.

        Raises:
            ValidationError: none of the bodies is named, and there are several, or another is.
        """
        if not value and len(self._bodies) == 1:
            (value,) = self._bodies
        return self._bodies[super().clean(value)]


class ReaderForm(forms.Form):
    """In whose name an assessor reads again."""

    reader = forms.ChoiceField()

    def __init__(self, bodies: Iterable[Organisation], *given: Any, **named: Any) -> None:
        """The form of an assessor's organisations."""
        super().__init__(*given, **named)
        self.fields["reader"] = BodyField(bodies, label=say("body.reader"))


class SectionForm(forms.Form):
    """The answers of one capability.

    An assessor's reading says in addition how an answer was seen.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, capability: Capability, *given: Any, reading: bool, **named: Any) -> None:
        """The form of a capability."""
        super().__init__(*given, **named)
        self.capability, self.reading = capability, reading
        spoken = language()
        answers = [
            (YES, word("answers", "yes", spoken)),
            (NO, word("answers", "no", spoken)),
            (NOT_APPLICABLE, word("answers", "not_applicable", spoken)),
            (NOT_ANSWERED, say("section.open")),
        ]
        seen = [(VERIFIED, word("statuses", "verified", spoken)), (MEASURED, word("statuses", "measured", spoken)),
                (0, say("section.not_seen"))]  # fmt: skip
        for one in capability.criteria:
            self.fields[f"answer-{one.id}"] = forms.TypedChoiceField(
                choices=answers, coerce=int, empty_value=cast(Any, NOT_ANSWERED), required=False,
                widget=forms.RadioSelect, label=one.question[spoken],
            )  # fmt: skip
            self.fields[f"note-{one.id}"] = forms.CharField(max_length=2000, required=False, label=say("section.note"))
            if reading:
                self.fields[f"status-{one.id}"] = forms.TypedChoiceField(
                    choices=seen, coerce=int, empty_value=cast(Any, 0), required=False, label=say("section.seen")
                )


class EvidenceForm(forms.Form):
    """A file behind an answer; it stands in one form with the answers, which are kept without one."""

    use_required_attribute = False
    criterion = forms.ChoiceField()
    kind = forms.ChoiceField()
    caption = forms.CharField(max_length=300)
    day = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    file = forms.FileField(max_length=None)

    def __init__(self, capability: Capability, *given: Any, **named: Any) -> None:
        """The form of a capability's criteria."""
        super().__init__(*given, **named)
        spoken = language()
        self.fields["criterion"] = forms.ChoiceField(
            choices=[(one.id, _short(one.text[spoken])) for one in capability.criteria], label=say("file.criterion")
        )
        kinds = [(one, word("evidence_kinds", one, spoken)) for one in EVIDENCE_KINDS]
        self.fields["kind"] = forms.ChoiceField(choices=kinds, label=say("file.kind"))
        for name in ("caption", "day", "file"):
            self.fields[name].label = say(f"file.{name}")
        self.fields["file"].help_text = say("file.help")
        self.content, self.found_kind = b"", ""
        self.order_fields(["criterion", "kind", "caption", "day", "file"])

    def clean_day(self) -> Any:
        """A day that has come."""
        day = self.cleaned_data["day"]
        if day is not None and day > timezone.localdate():
            raise ValidationError(say("mistake.future"))
        return day

    def clean_file(self) -> str:
        """The file's name, once its content is of a kind that is taken."""
        given = self.cleaned_data["file"]
        try:
            found = take(given)
        except UploadError as refused:
            raise ValidationError(words(language()).text(f"uploads.{refused}")) from None
        self.content, self.found_kind = found.content, found.media
        return tidy_name(found.name, found.media)


class ApplicationForm(forms.Form):
    """What a factory asks of a programme."""

    amount = DongField()
    purpose = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))
    sure = forms.BooleanField(required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, most: int | None, *given: Any, **named: Any) -> None:
        """The form for a programme that gives one factory at most this many VND."""
        super().__init__(*given, **named)
        self._most = most
        for name in ("amount", "purpose", "sure"):
            self.fields[name].label = say(f"application.{name}")
        self.fields["amount"].help_text = say("help.amount")
        self.questioned = False

    def clean(self) -> dict[str, Any]:
        """The application; an amount that is unlikely is asked about once."""
        told = super().clean() or {}
        amount = told.get("amount")
        if amount is not None and not told.get("sure"):
            if amount < SMALL:
                self._ask("application.small", amount)
            elif self._most is not None and amount > self._most:
                self._ask("application.above", amount, most=told_dong(self._most, language()))
        return told

    def _ask(self, key: str, amount: int, **values: str) -> None:
        self.questioned = True
        self.add_error("amount", say(key, amount=told_dong(amount, language()), **values))


def _short(text: str) -> str:
    return text if len(text) <= 90 else f"{text[:89]}…"
