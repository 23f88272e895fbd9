"""What is sent in about a pilot."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from haidang.web.pilots.models import Decision
from haidang.web.shell import language
from haidang.web.words import words

LONGEST = 200_000
"""Characters of a declaration."""
SHA256 = r"^[0-9a-f]{64}\Z"


def _whats() -> list[tuple[str, str]]:
    return [(each, words(language()).text(f"pilots.what.{each}")) for each in Decision.What.values]


class PlanForm(forms.Form):
    """A declaration: a text, or a file, whose text then stands in the box."""

    declaration = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false", "class": "code"}),
        max_length=LONGEST,
        strip=False,
        required=False,
    )
    plan_file = forms.FileField(
        required=False, widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml,text/plain"})
    )
    seen = forms.RegexField(SHA256, required=False, widget=forms.HiddenInput)
    """The plan's file when it was opened in the form: what was changed or registered since is not written over."""

    def clean(self) -> dict[str, Any]:
        """One of both; where a file was sent, its text."""
        given = super().clean() or {}
        sent: UploadedFile | None = given.get("plan_file")
        if sent is not None:
            self._take(given, sent)
        elif not given.get("declaration") and not self.errors:
            self.add_error("declaration", words(language()).text("pilots.error.needed"))
        return given

    def _take(self, given: dict[str, Any], sent: UploadedFile) -> None:
        try:
            text = "" if (sent.size or 0) > LONGEST else sent.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            text = ""
        if not text or "\0" in text:
            self.add_error("plan_file", words(language()).text("pilots.error.plan_file", most=LONGEST // 1000))
            return
        given["declaration"] = text
        fields: Any = self.data
        self.data = {**fields.dict(), "declaration": text}
        self.errors.pop("declaration", None)

    def content(self) -> bytes:
        """The declaration as a file."""
        return str(self.cleaned_data["declaration"]).encode()


class RegisterForm(forms.Form):
    """Why a registered declaration is amended, empty for the first time; and that it is meant, where lots are drawn."""

    amendment = forms.CharField(max_length=2000, required=False)
    after_lots = forms.BooleanField(required=False)

    def __init__(self, *given: Any, has_lots: bool = True, tick: str = "", **named: Any) -> None:
        """Ask about the lots only where there are some, in the words of the pilot's kind where they are told."""
        super().__init__(*given, **named)
        self.fields["after_lots"].label = tick or None
        if not has_lots:
            del self.fields["after_lots"]


class TableForm(forms.Form):
    """A table as CSV."""

    table = forms.FileField(widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}))

    def content(self) -> bytes:
        """What was sent."""
        sent: Any = self.cleaned_data["table"]
        assert isinstance(sent, UploadedFile)
        return sent.read()


class Salted(forms.Form):
    """A text that nobody could choose beforehand, where lots are drawn."""

    salt = forms.CharField(min_length=4, max_length=200)

    def __init__(self, *given: Any, drawn: bool = True, **named: Any) -> None:
        """Ask for a salt only where chance decides."""
        super().__init__(*given, **named)
        if not drawn:
            del self.fields["salt"]

    @property
    def told_salt(self) -> str:
        """The salt; empty where nothing is drawn."""
        return str(self.cleaned_data.get("salt", ""))


class LotsForm(Salted, TableForm):
    """The units, and with what their arms are drawn."""


class SiteLotsForm(Salted):
    """That the lots are drawn from this site's own units, as they were when the page was read."""

    units = forms.RegexField(SHA256, widget=forms.HiddenInput)


class PowerForm(forms.Form):
    """How many pilots of each design to simulate."""

    pilots_simulated = forms.IntegerField(min_value=20, max_value=1000, initial=100)


class DecisionForm(forms.Form):
    """What is to become of the programme, and why."""

    what = forms.ChoiceField(choices=_whats)
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=5000)
    before_evaluation = forms.BooleanField()
    """That it is meant, where nothing was evaluated yet; the record says so."""

    def __init__(self, *given: Any, evaluated: bool, **named: Any) -> None:
        """Ask about the evaluation only where there is none."""
        super().__init__(*given, **named)
        if evaluated:
            del self.fields["before_evaluation"]


EXAMPLE = """id: my-pilot
title: {vi: Tên thí điểm, en: Name of the pilot}
question: {vi: Chương trình có tác dụng không?, en: Does the programme work?}
years: 2027..2028
units: {size: 200, strata: [sector]}
arms:
  control: {title: {vi: Đối chứng, en: Control}, share: 50 %}
  advised: {title: {vi: Được tư vấn, en: Advised}, share: 50 %}
assignment: {rule: stratified}
outcome: {column: level, unit: level, better: more, between: [0, 10]}
smallest_worthwhile: 0.5
dates: {start: 2027-01-01, end: 2028-12-31}
"""
"""A declaration to begin from."""
