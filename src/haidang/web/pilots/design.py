"""The usual pilot as a form: what is filled in becomes a declaration that the command line reads, to the same hash."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.contrib.auth.models import AnonymousUser

from haidang.errors import HaidangError, Place
from haidang.web.city.pack import pack
from haidang.web.mistakes import said
from haidang.web.people.models import User
from haidang.web.pilots.desk import LARGEST
from haidang.web.pilots.site_units import has_factories, site_units
from haidang.web.shell import language
from haidang.web.words import words

if TYPE_CHECKING:
    import polars as pl

    from haidang.learn.pilot.declaration import Declaration

RULES = ("stratified", "complete", "simple", "pairs", "rerandomised", "cluster")
"""The designs of the form; those by waves, by encouragement and by a cut-off are written in the box."""
NEEDS = {"stratified": "strata", "pairs": "balance", "rerandomised": "balance", "cluster": "cluster"}
"""By design the field that it cannot be without."""
COUNTED = {"number": "size", "file": "units_file"}
"""By where the units come from the field that says how many there are."""
ARMS = {"control": "control", "first": "treated", "second": "second"}
"""By name in the form the arm's id."""
TRIAL = "to see whether the lots can be drawn"
"""A salt with which nothing is drawn that counts."""
UNITS = "units.csv"
BESIDE: Mapping[str, str] = {
    "id": "name", "programme": "programme", "years": "first_year", "units": "size", "units.size": "size",
    "units.strata": "strata", "units.cluster": "cluster", "arms": "control_share", "assignment": "rule",
    "assignment.rule": "rule", "assignment.balance": "balance", "outcome.column": "column", "outcome.unit": "unit",
    "outcome.between": "most", "smallest_worthwhile": "smallest_worthwhile", "dates.start": "start",
    "dates.end": "end", "alpha": "alpha", "power": "power", "covariates": "covariates",
}  # fmt: skip
"""By key of the declaration the field that a mistake in it stands beside."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a form's questions under one heading."""

    key: str
    names: tuple[str, ...]


PARTS = (
    Part("what", ("name", "title_vi", "title_en", "question_vi", "question_en", "programme")),
    Part("who", ("units_from", "size", "units_file")),
    Part("control", ("control_vi", "control_en", "control_share")),
    Part("first", ("first_vi", "first_en", "first_share", "first_offers")),
    Part("second", ("second_vi", "second_en", "second_share", "second_offers")),
    Part("lots", ("rule", "strata", "balance", "cluster")),
    Part("outcome", ("column", "unit", "better", "least", "most", "smallest_worthwhile")),
    Part("when", ("first_year", "last_year", "start", "end")),
    Part("how", ("estimator", "covariates", "alpha", "power")),
)  # fmt: skip


def _day() -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _percent(first: float | None = None, *, required: bool = True) -> forms.FloatField:
    widget = forms.NumberInput(attrs={"step": "any"})
    return forms.FloatField(min_value=0.1, max_value=100, initial=first, required=required, widget=widget)


def _number(*, required: bool) -> forms.FloatField:
    return forms.FloatField(required=required, widget=forms.NumberInput(attrs={"step": "any"}))


class DesignForm(forms.Form):
    """The usual pilot: two or three arms drawn by lot, one outcome, the estimator of the declaration."""

    name = forms.RegexField(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", max_length=60)
    title_vi = forms.CharField(max_length=300)
    title_en = forms.CharField(max_length=300)
    question_vi = forms.CharField(max_length=500)
    question_en = forms.CharField(max_length=500)
    programme = forms.ChoiceField(required=False)
    units_from = forms.ChoiceField()
    size = forms.IntegerField(min_value=2, max_value=10_000_000, required=False)
    units_file = forms.FileField(required=False, widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}))
    control_vi = forms.CharField(max_length=200, initial="Đối chứng")
    control_en = forms.CharField(max_length=200, initial="Control")
    control_share = _percent(50)
    first_vi = forms.CharField(max_length=200)
    first_en = forms.CharField(max_length=200)
    first_share = _percent(50)
    first_offers = forms.MultipleChoiceField(required=False)
    second_vi = forms.CharField(max_length=200, required=False)
    second_en = forms.CharField(max_length=200, required=False)
    second_share = _percent(required=False)
    second_offers = forms.MultipleChoiceField(required=False)
    rule = forms.ChoiceField()
    strata = forms.CharField(max_length=300, required=False)
    balance = forms.CharField(max_length=300, required=False)
    cluster = forms.CharField(max_length=100, required=False)
    column = forms.CharField(max_length=100)
    unit = forms.CharField(max_length=100)
    better = forms.ChoiceField()
    least = _number(required=False)
    most = _number(required=False)
    smallest_worthwhile = _number(required=True)
    first_year = forms.IntegerField(min_value=2000, max_value=2100)
    last_year = forms.IntegerField(min_value=2000, max_value=2100)
    start = _day()
    end = _day()
    estimator = forms.ChoiceField()
    covariates = forms.CharField(max_length=300, required=False)
    alpha = _percent(5)
    power = _percent(80)

    THIRD: ClassVar[tuple[str, ...]] = ("second_vi", "second_en", "second_share")

    def __init__(self, viewer: User | AnonymousUser, *given: Any, **named: Any) -> None:
        """The form as somebody sees it: whose factories this site shows, may take them as units."""
        super().__init__(*given, **named)
        self._viewer = viewer
        self.text = ""
        own = words(language())
        sources = ("number", "file", "site") if has_factories(viewer) else ("number", "file")
        chosen = {
            "units_from": [(one, own.text(f"pilots.units_from.{one}")) for one in sources],
            "rule": [(one, own.text(f"pilots.rules.{one}")) for one in RULES],
            "better": [(one, own.text(f"pilots.better.{one}")) for one in ("more", "less")],
            "estimator": [(one, own.text(f"pilots.estimators.{one}")) for one in ("adjusted", "difference")],
            "programme": [
                ("", "–"),
                *((name, file.base.title[language()]) for name, file in pack().programmes.items()),
            ],
            "first_offers": _offers(),
            "second_offers": _offers(),
        }
        for name, choices in chosen.items():
            self.fields[name].choices = choices  # pyright: ignore[reportAttributeAccessIssue]
        for name, field in self.fields.items():
            field.label = own.text(f"pilots.field.{name}")
            field.help_text = own.texts.get(f"pilots.help.{name}", "")

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The questions under their headings."""
        return [(f"pilots.part.{one.key}", [self[name] for name in one.names]) for one in PARTS]

    def clean(self) -> dict[str, Any]:
        """What no field tells by itself; then the declaration as the command line would read it."""
        given = super().clean() or {}
        own = words(language())
        if any(given.get(name) for name in self.THIRD):
            self._need(given, self.THIRD)
        self._need(given, [NEEDS[given["rule"]]] if given.get("rule") in NEEDS else [])
        self._need(given, [COUNTED[given["units_from"]]] if given.get("units_from") in COUNTED else [])
        programmes = {
            offer.partition("|")[0] for key in ("first_offers", "second_offers") for offer in given.get(key, [])
        }
        if programmes - {given.get("programme")}:
            self.add_error("first_offers", own.text("pilots.error.offers"))
        if not self.errors:
            self._read(given)
        return given

    def _need(self, given: Mapping[str, Any], names: Iterable[str]) -> None:
        for name in names:
            if given.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, words(language()).text("pilots.error.needed"))

    def _read(self, given: dict[str, Any]) -> None:
        """Write the declaration and read it again as the command line does, its units with it where they are there."""
        from haidang.learn.pilot.assign import assign
        from haidang.learn.pilot.declaration_file import load_declaration

        try:
            units = self._units(given)
        except HaidangError as mistake:
            self._say("units_file", mistake)
            return
        self.text = declaration_text(given, given["size"] if units is None else units.height)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "pilot.yaml"
            path.write_text(self.text, encoding="utf-8")
            try:
                declared = load_declaration(path)
            except HaidangError as mistake:
                name = _beside(mistake.place)
                self._say("units_file" if name == "size" and given["units_from"] == "file" else name, mistake)
                return
        if units is not None:
            try:
                assign(declared, units, TRIAL, Place(UNITS))
            except HaidangError as mistake:
                self._say(_of_column(given, declared, mistake), mistake)

    def _units(self, given: Mapping[str, Any]) -> pl.DataFrame | None:
        """The units where they are there: of the file that was sent, or this site's factories.

        Raises:
            HaidangError: the file is too large or no table.
        """
        from haidang.learn.pilot.tables import TableError, read_table

        if given["units_from"] == "site":
            return site_units(self._viewer)
        if given["units_from"] == "number":
            return None
        if given["units_file"].size > LARGEST:
            raise TableError(f"expected at most {LARGEST >> 20} MB, found more")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / UNITS
            path.write_bytes(given["units_file"].read())
            return read_table(path)

    def _say(self, name: str, mistake: HaidangError) -> None:
        self.add_error(name, said(mistake, language()).whole)


def _offers() -> list[tuple[str, list[tuple[str, str]]]]:
    """Everything that a programme's variants offer, by programme."""
    own, found = language(), list[tuple[str, list[tuple[str, str]]]]()
    for name, file in pack().programmes.items():
        offers = {
            f"{name}|{one.id}/{each.id}": f"{one.title[own]}: {each.title[own]}"
            for one in file.programmes
            for each in one.instruments
        }
        found.append((file.base.title[own], list(offers.items())))
    return found


def _beside(place: Place | None) -> str:
    """The field of what a mistake in a declaration is about."""
    key = "" if place is None or place.key is None else place.key
    for name, arm in ARMS.items():
        if key == f"arms.{arm}" or key.startswith(f"arms.{arm}."):
            return f"{name}_share"
    return BESIDE.get(key) or BESIDE.get(key.partition(".")[0]) or "name"


def _of_column(given: Mapping[str, Any], declared: Declaration, mistake: HaidangError) -> str:
    """The field that names a column which the units lack; else that of the units."""
    for name in ("strata", "balance", "cluster", "covariates"):
        if any(f"'{column}'" in mistake.problem for column in _listed(given[name])):
            return name
    return "size" if given["units_from"] == "site" else "units_file"


def declaration_text(given: Mapping[str, Any], size: int) -> str:
    """The declaration as YAML.

    Args:
        given: what was filled in, as `DesignForm` gives it.
        size: how many units.
    """
    arms = {arm: _arm(given, name) for name, arm in ARMS.items() if given[f"{name}_vi"]}
    units = {"size": size, "strata": _listed(given["strata"]), "cluster": given["cluster"]}
    between = [one for one in (given["least"], given["most"]) if one is not None]
    lines = {
        "id": given["name"],
        "title": {"vi": given["title_vi"], "en": given["title_en"]},
        "question": {"vi": given["question_vi"], "en": given["question_en"]},
        "programme": f"{pack().id}/{given['programme']}" if given["programme"] else "",
        "years": f"{given['first_year']}..{given['last_year']}",
        "units": units,
        "arms": arms,
        "assignment": {"rule": given["rule"], "balance": _listed(given["balance"])},
        "outcome": {"column": given["column"], "unit": given["unit"], "better": given["better"], "between": between},
        "covariates": _listed(given["covariates"]),
        "estimator": given["estimator"],
        "smallest_worthwhile": given["smallest_worthwhile"],
        "alpha": f"{given['alpha']:g} %",
        "power": f"{given['power']:g} %",
        "dates": {"start": given["start"].isoformat(), "end": given["end"].isoformat()},
    }
    return "".join(_lines(key, value) for key, value in lines.items() if value not in ("", []))


def _lines(key: str, value: Any) -> str:
    """A key with its value; arms stand on a line each."""
    if key != "arms":
        return f"{key}: {_flow(value)}\n"
    return "".join((f"{key}:\n", *(f"  {name}: {_flow(one)}\n" for name, one in value.items())))


def _arm(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    offers = [one.partition("|")[2] for one in given.get(f"{name}_offers", [])]
    title = {"vi": given[f"{name}_vi"], "en": given[f"{name}_en"]}
    return {"title": title, "share": f"{given[f'{name}_share']:.15g} %", "offers": offers}


def _listed(text: str) -> list[str]:
    """Names that stand apart by commas."""
    return [one.strip() for one in text.split(",") if one.strip()]


def _flow(value: Any) -> str:
    """A value on one line; what holds nothing is left out, and a text is quoted, whatever stands in it."""
    if isinstance(value, dict):
        kept = ((key, one) for key, one in cast("dict[str, Any]", value).items() if one not in ("", []))
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in kept) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(one) for one in cast("list[Any]", value)) + "]"
    return json.dumps(value, ensure_ascii=False)
