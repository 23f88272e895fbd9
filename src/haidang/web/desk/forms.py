"""What the city's staff and the public fill in at the desk."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, ClassVar, get_args

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from haidang.errors import HaidangError
from haidang.track.current import named
from haidang.track.exchange.flat import BETWEEN
from haidang.track.pack_files.claims import ABOUT
from haidang.track.records import (
    COMMITMENT_KINDS,
    ENDED,
    KINDS,
    QUALIFIERS,
    SCOPES,
    STAGES,
    TARGET_KINDS,
    ObservationStatus,
)
from haidang.track.say import Say
from haidang.web.desk.book import book
from haidang.web.shell import language
from haidang.web.uploads import DOCUMENT, ENDINGS, HTML, LEGACY, PDF, TEXT, WORKBOOK, Sent, UploadError, take_named
from haidang.web.words import words

LARGEST = 20_000_000
"""Bytes of a file."""
READABLE = (TEXT, HTML, LEGACY, PDF, DOCUMENT)
"""Documents that can be read."""
SHOWABLE = (*READABLE, WORKBOOK, "image/png", "image/jpeg")
"""Files that may stand as evidence."""
LONGEST_PASTE = 500_000
UNIT = re.compile(r"[^\d\s,.;\[\]][^,;\[\]]*")
EMPTY = [("", "–")]


def said(key: str, **values: object) -> str:
    """The desk's words in the language of the request."""
    return words(language()).text(f"desk.{key}", **values)


def _told(prefix: str, keys: Iterable[str]) -> list[tuple[str, str]]:
    """Choices in the tracking room's words."""
    say = Say(language())
    return [(key, say.word(f"{prefix}_{key}")) for key in keys]


def own(prefix: str, keys: Iterable[str]) -> list[tuple[str, str]]:
    """Choices in the desk's words."""
    return [(key, said(f"{prefix}.{key}")) for key in keys]


def _day(required: bool = False) -> forms.DateField:
    return forms.DateField(required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _number() -> forms.FloatField:
    return forms.FloatField(required=False, widget=forms.NumberInput(attrs={"step": "any"}))


def lines(rows: int) -> forms.Textarea:
    """A field of several lines."""
    return forms.Textarea(attrs={"rows": rows})


class AboutForm(forms.Form):
    """What a document is called, and where it is from."""

    title = forms.CharField(max_length=300)
    publisher = forms.CharField(max_length=200)
    day = _day(required=True)
    address = forms.URLField(max_length=500, required=False, assume_scheme="https")  # pyright: ignore[reportCallIssue]

    def clean_day(self) -> Any:
        """A day that has come.

        Raises:
            ValidationError: it has not.
        """
        return past(self.cleaned_data["day"])


class DocumentForm(AboutForm):
    """A document that comes in: a file or a text, and where it is from."""

    file = forms.FileField(required=False)
    text = forms.CharField(required=False, max_length=LONGEST_PASTE, widget=lines(6))
    field_order: ClassVar[list[str]] = ["file", "text"]  # pyright: ignore[reportIncompatibleVariableOverride]

    def clean_file(self) -> Sent | None:
        """A file that can be read.

        Raises:
            ValidationError: it is too large or of another kind.
        """
        return _checked(self.cleaned_data.get("file"), READABLE)

    def clean(self) -> dict[str, Any]:
        """Either a file or a text.

        Raises:
            ValidationError: both or neither.
        """
        given = super().clean() or {}
        if not self.errors and bool(given.get("file")) == bool((given.get("text") or "").strip()):
            raise ValidationError(said("error.one_of_both"))
        return given


def past(day: Any) -> Any:
    """A day that has come.

    Raises:
        ValidationError: it has not.
    """
    if day and day > timezone.localdate() + timedelta(days=1):
        raise ValidationError(said("error.not_yet"))
    return day


def _checked(file: UploadedFile | None, kinds: Sequence[str]) -> Sent | None:
    if file is None:
        return None
    try:
        return take_named(file, kinds, LARGEST)
    except UploadError as refused:
        if str(refused) == "large":
            raise ValidationError(said("error.too_large", most=LARGEST // 10**6)) from None
        if str(refused) in {"bomb", "macro"}:
            raise ValidationError(words(language()).text(f"uploads.{refused}")) from None
        named = ", ".join(dict.fromkeys(ENDINGS[kind] for kind in kinds))
        raise ValidationError(said("error.kind", kinds=named)) from None


class TakeForm(forms.Form):
    """A draft as a person leaves it: what is said, and the record that it is said of."""

    record = forms.CharField(max_length=121, required=False, widget=forms.TextInput(attrs={"list": "records"}))
    about = forms.ChoiceField(choices=lambda: _told("about", ABOUT))
    minimum = _number()
    maximum = _number()
    unit = forms.CharField(max_length=100, required=False)
    qualifier = forms.ChoiceField(choices=lambda: own("qualifier", QUALIFIERS))
    since = _day()
    until = _day()
    scope = forms.ChoiceField(required=False, choices=lambda: EMPTY + _told("scope", SCOPES))
    said_by = forms.CharField(max_length=200, required=False)
    status = forms.ChoiceField(required=False, choices=lambda: _plain(get_args(ObservationStatus)))
    method = forms.CharField(max_length=100, required=False)
    kind = forms.ChoiceField(required=False, choices=lambda: EMPTY + own("kind", KINDS))
    title_vi = forms.CharField(max_length=300, required=False)
    title_en = forms.CharField(max_length=300, required=False)
    promise_kind = forms.ChoiceField(required=False, choices=lambda: EMPTY + _told("kind", COMMITMENT_KINDS))
    parties = forms.CharField(max_length=500, required=False)
    responsible = forms.CharField(max_length=200, required=False, widget=forms.TextInput(attrs={"list": "bodies"}))
    none_named = forms.BooleanField(required=False)
    due = _day()
    stage = forms.ChoiceField(required=False, choices=lambda: EMPTY + _told("stage", STAGES))
    definition_vi = forms.CharField(max_length=500, required=False)
    definition_en = forms.CharField(max_length=500, required=False)
    target_kind = forms.ChoiceField(required=False, choices=lambda: EMPTY + own("target", TARGET_KINDS))
    indicator = forms.CharField(max_length=100, required=False)

    CLAIM = ("about", "minimum", "maximum", "unit", "qualifier", "since", "until", "scope", "said_by")
    VALUE = ("status", "method")
    RECORD = ("kind", "title_vi", "title_en")
    PROMISE = ("promise_kind", "parties", "responsible", "none_named", "due", "stage")
    OTHERS = ("definition_vi", "definition_en", "target_kind", "indicator")

    def join(self) -> list[forms.BoundField]:
        """The record that it is said of."""
        return [self["record"]]

    def claim(self) -> list[forms.BoundField]:
        """What is said."""
        return [self[name] for name in self.CLAIM]

    def value(self) -> list[forms.BoundField]:
        """What an indicator's value has besides."""
        return [self[name] for name in self.VALUE]

    def new(self) -> list[forms.BoundField]:
        """What any new record has."""
        return [self[name] for name in self.RECORD]

    def promise(self) -> list[forms.BoundField]:
        """What a new promise has."""
        return [self[name] for name in self.PROMISE]

    def others(self) -> list[forms.BoundField]:
        """What a new indicator or target has."""
        return [self[name] for name in self.OTHERS]

    def clean_record(self) -> str:
        """A record that is there, as KIND/ID.

        Raises:
            ValidationError: there is none.
        """
        given = str(self.cleaned_data["record"]).strip()
        if not given:
            return ""
        try:
            found = named(book().tracked, given)
        except HaidangError:
            raise ValidationError(said("error.no_record")) from None
        return f"{type(found).__name__.lower()}/{found.id}"

    def clean_unit(self) -> str:
        """A unit as quantities are written with.

        Raises:
            ValidationError: it has other signs.
        """
        unit = " ".join(str(self.cleaned_data["unit"]).split())
        if unit and UNIT.fullmatch(unit) is None:
            raise ValidationError(said("error.unit"))
        return unit

    def clean_parties(self) -> str:
        """Names apart by semicolons.

        Raises:
            ValidationError: one holds the sign that stands between them in tables for others.
        """
        parties = str(self.cleaned_data["parties"])
        if BETWEEN.strip() in parties:
            raise ValidationError(said("error.parties"))
        return parties

    def clean(self) -> dict[str, Any]:
        """See that the numbers and the days are in order, and that a new record has what it needs."""
        given = super().clean() or {}
        least, most = given.get("minimum"), given.get("maximum")
        if least is not None and most is not None and most < least:
            self.add_error("maximum", said("error.order"))
        if given.get("since") and given.get("until") and given["until"] < given["since"]:
            self.add_error("until", said("error.order"))
        if given.get("responsible") and given.get("none_named"):
            self.add_error("responsible", said("error.needed_body"))
        for name in () if given.get("record") or "record" in self.errors else self._needed(given):
            if not given.get(name) and name not in self.errors:
                self.add_error(name, said(f"error.needed_{'body' if name == 'responsible' else 'here'}"))
        return given

    def _needed(self, given: dict[str, Any]) -> list[str]:
        """The fields that a new record of its kind cannot be without."""
        kind = given.get("kind")
        own = {
            "commitment": ["promise_kind", "parties", *([] if given.get("none_named") else ["responsible"])],
            "indicator": ["definition_vi", "definition_en", "until"],
            "target": ["target_kind", "until"],
            "event": ["parties", "until"],
        }
        return ["kind", "title_vi", "title_en", *own.get(str(kind), [])]


def _plain(keys: Iterable[str]) -> list[tuple[str, str]]:
    say = Say(language())
    return [(key, say.word(key)) for key in keys]


class ConfirmForm(forms.Form):
    """Which claims a second person held against their documents."""

    claims = forms.MultipleChoiceField()

    def __init__(self, names: Iterable[str], *args: Any, **more: Any) -> None:
        """Allow the claims of one record."""
        super().__init__(*args, **more)
        self.fields["claims"].choices = [(each, each) for each in names]  # pyright: ignore[reportAttributeAccessIssue]


class ProofForm(forms.Form):
    """What shows it: a document that is known here, or a file."""

    source = forms.CharField(max_length=100, required=False, widget=forms.TextInput(attrs={"list": "sources"}))
    passage = forms.CharField(max_length=500, required=False)
    file = forms.FileField(required=False)

    def clean_source(self) -> str:
        """A document that is known here.

        Raises:
            ValidationError: none is.
        """
        given = str(self.cleaned_data["source"]).strip()
        if given and given not in book().tracked.sources:
            raise ValidationError(said("error.no_source"))
        return given

    def clean_file(self) -> Sent | None:
        """A file that may stand as evidence.

        Raises:
            ValidationError: it is too large or of another kind.
        """
        return _checked(self.cleaned_data.get("file"), SHOWABLE)

    def clean(self) -> dict[str, Any]:
        """At least one of both.

        Raises:
            ValidationError: there is nothing that shows it.
        """
        given = super().clean() or {}
        if not self.errors and not given.get("source") and not given.get("file"):
            raise ValidationError(said("error.no_proof"))
        return given


class StageForm(ProofForm):
    """The stage that a promise reached."""

    stage = forms.ChoiceField(choices=lambda: _told("stage", STAGES))
    day = _day(required=True)
    sure = forms.BooleanField(required=False)
    field_order: ClassVar[list[str]] = ["stage", "day", "source", "passage", "file", "sure"]  # pyright: ignore[reportIncompatibleVariableOverride]
    questioned = False
    """Whether the page asks once more: after some stages a promise goes no further."""

    def clean(self) -> dict[str, Any]:
        """The stage; one that ends a promise is asked about once."""
        given = super().clean()
        if not self.errors and given["stage"] in ENDED and not given["sure"]:
            self.questioned = True
            told = dict(_told("stage", STAGES))[given["stage"]]
            self.add_error("stage", said("error.ends_it", stage=told))
        return given

    def clean_day(self) -> Any:
        """A day that has come.

        Raises:
            ValidationError: it has not.
        """
        return past(self.cleaned_data["day"])


class DoneForm(ProofForm):
    """How much of a milestone is done."""

    milestone = forms.CharField(max_length=100, widget=forms.Select)
    percent = forms.FloatField(min_value=0, max_value=100)
    day = _day(required=True)
    field_order: ClassVar[list[str]] = ["milestone", "percent", "day", "source", "passage", "file"]  # pyright: ignore[reportIncompatibleVariableOverride]

    def __init__(self, milestones: Iterable[tuple[str, str]], *args: Any, **more: Any) -> None:
        """Allow the milestones of one promise."""
        super().__init__(*args, **more)
        self.fields["milestone"] = forms.ChoiceField(choices=list(milestones))
        self.order_fields(self.field_order)

    def clean_day(self) -> Any:
        """A day that has come.

        Raises:
            ValidationError: it has not.
        """
        return past(self.cleaned_data["day"])


class MilestoneForm(forms.Form):
    """A part of a promise."""

    title_vi = forms.CharField(max_length=300)
    title_en = forms.CharField(max_length=300)
    due = _day()
    weight = forms.FloatField(required=False, min_value=1e-6, max_value=1e6)


class StepForm(forms.Form):
    """Who answers for a promise, and what comes next."""

    responsible = forms.CharField(max_length=200, required=False, widget=forms.TextInput(attrs={"list": "bodies"}))
    none_named = forms.BooleanField(required=False)
    next_vi = forms.CharField(max_length=300, required=False)
    next_en = forms.CharField(max_length=300, required=False)
    next_on = _day()

    def clean(self) -> dict[str, Any]:
        """A body, or the word that none is named; a step in both languages or in none."""
        given = super().clean() or {}
        if bool(given.get("responsible")) == bool(given.get("none_named")):
            self.add_error("responsible", said("error.needed_body"))
        if bool(given.get("next_vi")) != bool(given.get("next_en")):
            self.add_error("next_en" if given.get("next_vi") else "next_vi", said("error.needed_here"))
        return given
