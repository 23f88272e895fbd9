"""A pilot as a form: what is filled in becomes a declaration that the command line reads, to the same hash."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from haidang.errors import HaidangError, Place
from haidang.web.city.pack import pack
from haidang.web.mistakes import said
from haidang.web.people.models import User
from haidang.web.pilots.choices import are_of, offers, said_of
from haidang.web.pilots.desk import LARGEST
from haidang.web.pilots.forms import SHA256
from haidang.web.pilots.kind_words import keys_of
from haidang.web.pilots.kinds import ARMS, FIRST, KINDS, arm_ids, parts_of
from haidang.web.pilots.rows import (
    ALWAYS,
    HARM,
    PACE,
    SLUG,
    GuardrailForm,
    Row,
    StopForm,
    WaveForm,
    again,
    arm_field,
    held,
    in_dong,
    number_field,
    percent_field,
    rows_of,
    stepped,
    told,
)
from haidang.web.pilots.site_units import UNITS, has_factories, site_units
from haidang.web.pilots.written import BOUNDS, beside, declaration_text, listed
from haidang.web.shell import language
from haidang.web.words import words

if TYPE_CHECKING:
    import polars as pl

    from haidang.learn.pilot.declaration import Declaration

COUNTED = {"number": "size", "file": "units_file"}
"""By where the units come from the field that says how many there are."""
TRIAL = "to see whether the lots can be drawn"
"""A salt with which nothing is drawn that counts."""


def _day() -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class DesignForm(forms.Form):
    """A pilot of any kind of design; what a kind does not ask stands aside, and comes back with another kind."""

    name = forms.RegexField(SLUG, max_length=60)
    title_vi = forms.CharField(max_length=300)
    title_en = forms.CharField(max_length=300)
    question_vi = forms.CharField(max_length=500)
    question_en = forms.CharField(max_length=500)
    programme = forms.ChoiceField(required=False)
    units_from = forms.ChoiceField()
    size = forms.IntegerField(min_value=2, max_value=10_000_000, required=False)
    units_file = forms.FileField(
        required=False, widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv", "hx-preserve": "true"})
    )
    where = forms.CharField(max_length=500, required=False)
    control_vi = forms.CharField(max_length=200, initial="Đối chứng")
    control_en = forms.CharField(max_length=200, initial="Control")
    control_share = percent_field(50)
    control_start = forms.IntegerField(min_value=2000, max_value=2100, required=False)
    control_offers = forms.MultipleChoiceField(required=False)
    first_vi = forms.CharField(max_length=200)
    first_en = forms.CharField(max_length=200)
    first_share = percent_field(50)
    first_offers = forms.MultipleChoiceField(required=False)
    second_vi = forms.CharField(max_length=200, required=False)
    second_en = forms.CharField(max_length=200, required=False)
    second_share = percent_field(required=False)
    second_offers = forms.MultipleChoiceField(required=False)
    rule = forms.ChoiceField(initial=FIRST, widget=again())
    strata = forms.CharField(max_length=300, required=False)
    balance = forms.CharField(max_length=300, required=False)
    acceptance = percent_field(5, required=False)
    cluster = forms.CharField(max_length=100, required=False)
    takeup = forms.CharField(max_length=100, required=False)
    score = forms.CharField(max_length=100, required=False)
    cutoff = number_field(required=False)
    above = forms.ChoiceField()
    column = forms.CharField(max_length=100)
    unit = forms.CharField(max_length=100)
    better = forms.ChoiceField()
    least = number_field(required=False)
    most = number_field(required=False)
    smallest_worthwhile = number_field()
    measuring_cost = forms.CharField(max_length=60, required=False)
    first_year = forms.IntegerField(min_value=2000, max_value=2100)
    last_year = forms.IntegerField(min_value=2000, max_value=2100)
    start = _day()
    end = _day()
    estimator = forms.ChoiceField()
    covariates = forms.CharField(max_length=300, required=False)
    alpha = percent_field(5)
    power = percent_field(80)
    control_id, first_id, second_id = arm_field(), arm_field(), arm_field()
    seen = forms.RegexField(SHA256, required=False, widget=forms.HiddenInput)
    """The file of the plan that was opened."""

    THIRD: ClassVar[tuple[str, ...]] = ("second_vi", "second_en", "second_share")

    def __init__(
        self,
        viewer: User | AnonymousUser,
        given: QueryDict | None = None,
        sent: MultiValueDict[str, Any] | None = None,
        step: str = "",
        name: str = "",
    ) -> None:
        """The form as somebody sees it: whose factories this site shows, may take them as units.

        Args:
            viewer: who.
            given: what was filled in; none at first.
            sent: files.
            step: what is done to the form before it is whole, see `stepped`; then nothing is checked yet.
            name: of the pilot whose plan was opened, which it keeps; empty for a new one.
        """
        self._viewer, self.text = viewer, ""
        self._given = given = stepped(given, step) if given is not None and step else given
        whole = given is not None and not step
        super().__init__(given if whole else None, sent if whole else None, initial=held(DesignForm, given))
        rule = str(given.get("rule", FIRST)) if given else FIRST
        self.chosen = rule if rule in KINDS else FIRST
        self.kind = KINDS[self.chosen]
        self._parts = parts_of(self.chosen)
        asked = {each for one in self._parts for each in one.names} | {f"{arm}_id" for arm in self.kind.arms} | {"seen"}
        self.fields = {each: field for each, field in self.fields.items() if each in asked}
        if name:
            self.fields["name"].disabled, self.initial["name"] = True, name
        self._word(has_factories(viewer))
        self._lay_rows(whole, step.removeprefix("add-"))

    def _word(self, site: bool) -> None:
        own = words(language())
        programmes = [(name, file.base.title[language()]) for name, file in pack().programmes.items()]
        chosen: dict[str, Sequence[Any]] = {
            "units_from": said_of("units_from", ("number", "file", "site") if site else ("number", "file")),
            "rule": said_of("rules", KINDS),
            "better": said_of("better", ("more", "less")),
            "above": said_of("above", ("above", "below")),
            "estimator": said_of("estimators", ("adjusted", "difference")),
            "programme": [("", "–"), *programmes],
            **{f"{arm}_offers": offers() for arm in ARMS},
        }
        for name, field in self.fields.items():
            if field.widget.is_hidden:
                continue
            field.label = own.texts.get(f"pilots.field_of.{self.chosen}.{name}") or own.text(f"pilots.field.{name}")
            field.help_text = own.texts.get(f"pilots.help.{name}", "")
            if name in chosen:
                field.choices = chosen[name]  # pyright: ignore[reportAttributeAccessIssue]
            if name in self.kind.needs:
                field.required = field.widget.is_required = True

    def _lay_rows(self, whole: bool, added: str) -> None:
        """The waves, guardrails and stop rules; the cursor stands in one that was just added."""
        own, given = words(language()), self._given
        waves = {"offers": offers()}
        self.waves = rows_of(WaveForm, "waves", waves, given, checked=whole) if self.kind.waves else []
        arms = [("", own.text("pilots.first_treated")), *self._named_arms()]
        guarded = {"kind": said_of("guards", BOUNDS), "better": said_of("better", ("more", "less")), "arm": arms}
        self.guardrails = rows_of(GuardrailForm, "guardrails", guarded, given, checked=whole)
        named = enumerate(self._named("guardrail", self.guardrails), 1)
        speaks = [("", "–"), *said_of("stops_on", ALWAYS), *((f"guardrail-{at}", name) for at, name in named)]
        self.stops = rows_of(StopForm, "stops", {"on": speaks}, given, checked=whole)
        rows = self.sorts.get(added)
        if rows:
            shown = (field for field in rows[-1].fields.values() if not field.widget.is_hidden)
            next(shown).widget.attrs["autofocus"] = True

    @property
    def sorts(self) -> dict[str, Sequence[Row]]:
        """The rows, by their sort."""
        return {"waves": self.waves, "guardrails": self.guardrails, "stops": self.stops}

    def _named_arms(self) -> list[tuple[str, str]]:
        """Every arm by its id, called as it was filled in."""
        own, kind = words(language()), self.kind
        numbers = range(1, len(self.waves) + 1)
        opened = {one: self._filled(f"{one}_id") for one in kind.arms}
        arms, waves = arm_ids(kind, opened, [self._filled(f"waves-{number}-id") for number in numbers])
        found = [(arms[one], self._filled(f"{one}_{language()}") or own.text(f"pilots.arm.{one}")) for one in kind.arms]
        return [*found, *zip(waves, self._named("wave", self.waves), strict=True)]

    def _named(self, one: str, rows: Sequence[Row]) -> Iterator[str]:
        """Rows by their number and what they were called so far."""
        for number in range(1, len(rows) + 1):
            title = self._filled(f"{one}s-{number}-title_{language()}")
            called = words(language()).text(f"pilots.{one}", number=number)
            yield f"{called}: {title}" if title else called

    def _filled(self, key: str) -> str:
        return str(self._given.get(key, "")) if self._given else ""

    def parts(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """The questions under their headings, with what a heading is of."""
        own, found = words(language()), list[tuple[str, str, list[forms.BoundField]]]()
        for one in self._parts:
            of_kind = f"pilots.part_of.{self.chosen}.{one.key}"
            heading = of_kind if of_kind in own.texts else f"pilots.part.{one.key}"
            found.append((one.key, heading, [self[name] for name in one.names]))
        return found

    def aside(self) -> list[tuple[str, str]]:
        """What was filled in and this kind does not ask: it goes along unseen, for when another kind is chosen."""
        given = self._given
        if given is None:
            return []
        waves = () if self.kind.waves else tuple(key for key in given if key.partition("-")[0] == "waves")
        names = (*(one for one in self.base_fields if one not in self.fields), *waves)
        return [(name, value) for name in names for value in given.getlist(name)]

    @property
    def not_watched(self) -> str:
        """The key of the words that a pilot of this kind is not looked at while it runs."""
        return keys_of(self.chosen, language())["not_watched"]

    @property
    def wrong(self) -> bool:
        """Whether anything that was sent is not right yet."""
        return bool(self.errors) or any(one.errors for rows in self.sorts.values() for one in rows)

    def is_valid(self) -> bool:
        """Whether the form and every row of it is right, and with them the declaration."""
        return super().is_valid() and not self.wrong

    def clean_where(self) -> str:
        """A condition as programmes have them; nothing where all units may take part."""
        from haidang.programmes import parse

        text = self.cleaned_data["where"]
        try:
            if text:
                parse(text)
        except HaidangError as mistake:
            raise forms.ValidationError(said(mistake, language()).whole) from None
        return text

    def clean_measuring_cost(self) -> str:
        """An amount of dong, however it is written."""
        return in_dong(self.cleaned_data["measuring_cost"])

    def clean(self) -> dict[str, Any]:
        """What no field tells by itself; then the declaration as the command line would read it."""
        given = super().clean() or {}
        own = words(language())
        if "second" in self.kind.arms and any(given.get(name) for name in self.THIRD):
            self._need(given, self.THIRD)
        self._need(given, [COUNTED[given["units_from"]]] if given.get("units_from") in COUNTED else [])
        given |= {sort: [one.cleaned_data for one in rows if one.is_valid()] for sort, rows in self.sorts.items()}
        arms = [(f"{arm}_offers", given.get(f"{arm}_offers", [])) for arm in ARMS]
        for name, offered in arms:
            if name in self.fields and not are_of(given.get("programme"), offered):
                self.add_error(name, own.text("pilots.error.offers"))
        for row in self.waves:
            if row.is_valid() and not are_of(given.get("programme"), row.cleaned_data["offers"]):
                row.add_error("offers", own.text("pilots.error.offers"))
        self._apart()
        self._measure(given)
        if not self.wrong:
            self._read(given)
        return given

    def _need(self, given: Mapping[str, Any], names: Iterable[str]) -> None:
        for name in names:
            if given.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, words(language()).text("pilots.error.needed"))

    def _apart(self) -> None:
        """Guardrails of one name, or waves of one year, would be one."""
        own, seen = words(language()), set[Any]()
        for row in self.guardrails:
            if (name := row.cleaned_data.get("name")) in seen:
                row.add_error("name", own.text("pilots.error.twice", name=name))
            seen.add(name)
        last = self.cleaned_data.get("control_start")
        starts = {last}
        for row in self.waves:
            if (start := row.cleaned_data.get("start")) is not None and start in starts:
                row.add_error("start", own.text("pilots.error.year_twice", year=start))
            starts.add(start)
        if last is not None and any(start is not None and start > last for start in starts):
            self.add_error("control_start", own.text("pilots.error.last_wave"))

    def _measure(self, given: Mapping[str, Any]) -> None:
        """Numbers that the units of measure and the ranges do not allow, in words."""
        own, (least, most) = words(language()), (given.get("least"), given.get("most"))
        smallest, unit = given.get("smallest_worthwhile"), given.get("unit")
        if least is not None and most is not None and smallest is not None and 0 < most - least <= smallest:
            text = own.text("pilots.error.worthwhile", range=told(most - least), found=told(smallest))
            self.add_error("smallest_worthwhile", text)
        for row in self.guardrails:
            one = row.cleaned_data
            plain = ("1", unit, "%") if unit in {"1", "%"} else ("1", unit)
            of_outcome = one.get("kind") == HARM and one.get("column") == given.get("column")
            if of_outcome and unit and one.get("bound_unit", "1") not in plain:
                row.add_error("bound", own.text("pilots.error.bound_unit", unit=unit, found=one["bound"]))

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
                sort, place, name = beside(mistake.place, given)
                self._say(
                    "units_file" if name == "size" and given["units_from"] == "file" else name, mistake, sort, place
                )
                return
        self._pace(declared)
        if units is not None:
            try:
                assign(declared, units, TRIAL, Place(UNITS))
            except HaidangError as mistake:
                self._say(_of_column(given, declared, mistake), mistake)

    def _pace(self, declared: Declaration) -> None:
        """A budget over all units of an arm that no single unit's range allows would always warn, or never."""
        for row, one in zip(self.guardrails, declared.guardrails, strict=True):
            units, (least, most) = declared.units.size * declared.arm(one.arm).share, one.between
            if one.kind == PACE and units and not least <= one.bound / units < most:
                ends = {"units": told(round(units)), "each": told(one.bound / units), "least": told(least)}
                text = words(language()).text("pilots.error.bound_pace_unit", most=told(most), **ends)
                row.add_error("bound", text)

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

    def _say(self, name: str, mistake: HaidangError, sort: str = "", place: int = 0) -> None:
        form: forms.Form = self.sorts[sort][place] if sort else self
        form.add_error(name, said(mistake, language()).whole)


def _of_column(given: Mapping[str, Any], declared: Declaration, mistake: HaidangError) -> str:
    """The field that names a column which the units lack or that cannot decide; else that of the units."""
    for name in ("strata", "balance", "cluster", "score", "covariates"):
        if any(f"'{column}'" in mistake.problem for column in listed(given.get(name))):
            return name
    column = None if mistake.place is None else mistake.place.key
    if column is not None and column in {declared.units.cluster, declared.assignment.score}:
        return "cutoff" if declared.units.cluster is None else "cluster"
    return "size" if given["units_from"] == "site" else "units_file"
