"""Writing down what became of an application, and the tables that leave the site."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from haidang.web.amounts import DongField
from haidang.web.api.hooks import tell
from haidang.web.dong import exact_dong, told_dong
from haidang.web.factories.eligible import line_of
from haidang.web.factories.forms import BodyField
from haidang.web.factories.models import Application, Consent, Factory
from haidang.web.factories.vocabulary import programmes
from haidang.web.ledger.write import note
from haidang.web.lending.models import StageRecord
from haidang.web.lending.odd import Kept, Odd, odd_alone, odd_anew
from haidang.web.people.models import Organisation, User, bodies_of
from haidang.web.people.roles import Role
from haidang.web.shell import language
from haidang.web.templatetags.words import day
from haidang.web.words import words

Stage = StageRecord.Stage
WITH_AMOUNT = (Stage.APPROVED, Stage.DISBURSED, Stage.REPAID)
WITH_REASON = (Stage.REFUSED, Stage.VOID)


def say(key: str, **values: object) -> str:
    """Words in the language of the request."""
    return words(language()).text(f"lending.{key}", **values)


def lenders_of(user: User, application: Application) -> list[Organisation]:
    """The lenders in whose name a user writes down what became of an application, by name.

    Those to which its factory lets it be seen now, and those that wrote something down already: what was lent is paid
    back whatever becomes of the consent.
    """
    seen = Q(pk__in=application.stages.values("lender"))
    if application.state == "sent":
        consents = Consent.objects.filter(factory=application.factory, current=True)
        seen |= Q(pk__in=consents.values("lender"))
    return list(bodies_of(user, Role.LENDER_OFFICER).filter(seen).order_by("name"))


class RecordForm(forms.Form):
    """What became of an application at one of the lenders in whose name somebody writes."""

    lender = forms.ChoiceField()
    stage = forms.ChoiceField()
    amount = DongField(required=False)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    corrects = forms.IntegerField(required=False)
    sure = forms.BooleanField(required=False)

    def __init__(self, application: Application, lenders: Sequence[Organisation], *given: Any, **named: Any) -> None:
        """The form of an application at these lenders."""
        super().__init__(*given, **named)
        self._application = application
        records = StageRecord.objects.filter(application=application, lender__in=lenders, corrected_by__isnull=True)
        self.standing = [one for one in records.select_related("lender") if one.stage != Stage.VOID]
        self.fields["lender"] = BodyField(lenders, label=say("record.lender"))
        stages = [(one.value, say(f"stage.{one.value}")) for one in Stage]
        self.fields["stage"] = forms.ChoiceField(choices=stages)
        old = [(str(one.pk), _told(one, len(lenders) > 1)) for one in self.standing]
        self.fields["corrects"] = forms.TypedChoiceField(
            choices=[("", say("record.corrects_none")), *old], coerce=int, empty_value=None, required=False
        )
        for name in ("stage", "amount", "day", "reason", "corrects", "sure"):
            self.fields[name].label = say(f"record.{name}")
        self.fields[
            "amount"
        ].help_text = f"{words(language()).text('factories.help.amount')} {say('record.amount_for')}"
        self.fields["reason"].help_text = say("record.reason_for")
        self.order_fields(["lender", "stage", "amount", "day", "reason", "corrects", "sure"])
        self.questioned = False

    def clean_day(self) -> Any:
        """A day that has come."""
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise ValidationError(words(language()).text("factories.mistake.future"))
        return day

    def clean(self) -> dict[str, Any]:
        """The record; what is unlikely is asked about once, what cannot be is refused."""
        told = super().clean() or {}
        stage, amount = told.get("stage"), told.get("amount")
        if "amount" in told:
            if stage in WITH_AMOUNT and amount is None:
                self.add_error("amount", say("mistake.amount_needed"))
            if stage in WITH_REASON and amount is not None:
                self.add_error("amount", say("mistake.no_amount"))
        lender, correcting = told.get("lender"), told.get("corrects")
        if lender and correcting and correcting not in {one.pk for one in self.standing if one.lender == lender}:
            self.add_error("corrects", say("mistake.corrects_other", lender=lender.name))
        if not told.get("reason") and (stage in WITH_REASON or correcting):
            self.add_error("reason", say("mistake.reason_needed"))
        if stage == Stage.VOID and not correcting:
            self.add_error("corrects", say("mistake.corrects_needed"))
        if not self.errors and not told.get("sure"):
            for one in self._odd(str(stage), told["day"], amount, correcting, lender):
                self.questioned = True
                self.add_error(one.name, _question(one))
        return told

    def _odd(
        self, stage: str, when: date, amount: int | None, correcting: int | None, lender: Organisation | None
    ) -> Iterable[Odd]:  # fmt: skip
        """What is odd about a record, of what its lender may see; each lender's records are looked at by themselves."""
        opened = self._opened(lender)
        sent = None if opened is None or self._application.sent is None else timezone.localdate(self._application.sent)
        programme = programmes().get(self._application.programme)
        made = Kept(stage, when, amount)
        yield from odd_alone(made, sent, None if programme is None else line_of(programme))
        own = sorted((one for one in self.standing if one.lender == lender), key=lambda one: one.pk)
        kept = {one.pk: Kept(one.stage, one.day, one.amount) for one in own}
        left = [one for number, one in kept.items() if number != correcting]
        asked = self._application.amount if opened is not None and "amount" in opened else None
        if stage == Stage.VOID:
            yield from (replace(one, name="corrects") for one in odd_anew(list(kept.values()), left, asked))
        else:
            yield from odd_anew(list(kept.values()), [*left, made], asked)

    def _opened(self, lender: Organisation | None) -> list[str] | None:
        """The fields of the application that a lender sees now; none where it sees only its own records.

        A question about what it does not see would tell it.
        """
        if self._application.state != "sent":
            return None
        rows = Consent.objects.filter(factory=self._application.factory, lender=lender, current=True)
        return rows.values_list("fields", flat=True).first()


def _question(one: Odd) -> str:
    """What is asked about something odd; amounts to the last dong where they would read the same."""
    spoken = language()
    amounts = [value for value in one.told.values() if isinstance(value, int)]
    alike = len({told_dong(value, spoken) for value in amounts}) < len(amounts)
    written = exact_dong if alike else told_dong
    told = {
        name: written(value, spoken) if isinstance(value, int) else day(value) for name, value in one.told.items()
    }  # fmt: skip
    return f"{say(f'question.{one.key}', **told)} {say('question.sure')}"


def _told(one: StageRecord, named: bool) -> str:
    """A record as it stands among those that may be corrected: told apart from others of its stage and day."""
    amount = "" if one.amount is None else f" {exact_dong(one.amount, language())}"
    lender = f", {one.lender}" if named else ""
    return f"{say('record.number', number=one.pk)}: {say(f'stage.{one.stage}')}{amount}, {day(one.day)}{lender}"


def write(application: Application, lender: Organisation, told: dict[str, Any], who: User) -> StageRecord:
    """Add a record in the name of a lender, as `RecordForm` gives it.

    Raises:
        Http404: it corrects a record that is not the lender's, not of this application, or corrected already.
    """
    with transaction.atomic():
        Factory.objects.select_for_update().get(pk=application.factory.pk)
        old = None
        if told["corrects"] is not None:
            rows = StageRecord.objects.filter(application=application, lender=lender, corrected_by__isnull=True)
            old = rows.filter(pk=told["corrects"]).first()
            if old is None:
                raise Http404
        made = StageRecord.objects.create(
            application=application, lender=lender, corrects=old, made_by=who,
            **{name: told[name] for name in ("stage", "amount", "day", "reason")},
        )  # fmt: skip
        note(
            who, "lending.stage.corrected" if old else "lending.stage.recorded", made, application=application.pk,
            lender=lender.name, stage=made.stage, amount=made.amount, day=made.day.isoformat(),
            corrects=None if old is None else old.pk,
        )  # fmt: skip
        # Whoever is told knows a number and a stage: no lender, no factory, no amount.
        tell(
            "application.stage", application=application.pk, programme=application.programme, stage=made.stage,
            on=made.day.isoformat(),
        )  # fmt: skip
    return made


RECORDS = ("record", "application", "programme", "lender", "stage", "amount_vnd", "day", "reason", "corrects",
           "corrected_by", "recorded")  # fmt: skip


def record_rows(user: User) -> list[tuple[Any, ...]]:
    """Every record that a user may see, those that were corrected too."""
    rows = StageRecord.objects.visible_to(user).select_related("application", "lender", "corrects").order_by("id")
    later = {one.corrects.pk: one.pk for one in rows if one.corrects is not None}
    return [
        (
            one.pk, one.application.pk, one.application.programme, one.lender.name, one.stage,
            "" if one.amount is None else one.amount, one.day.isoformat(), one.reason,
            "" if one.corrects is None else one.corrects.pk, later.get(one.pk, ""),
            timezone.localtime(one.made).isoformat(timespec="seconds"),
        )
        for one in rows
    ]  # fmt: skip


OUTCOMES = ("id", "applied", "approved", "refused", "amount_asked", "amount_approved", "amount_disbursed",
            "amount_repaid")  # fmt: skip


def evaluated() -> QuerySet[Factory]:
    """The factories that the table for pilots holds: examples only where there is no other."""
    factories = Factory.objects.order_by("tax_code")
    real = factories.filter(example=False)
    return real if real.exists() else factories


def outcome_rows(user: User, programme: str) -> list[tuple[int, ...]]:
    """What became of every factory on the site under a programme: a row each, as `haidang pilot evaluate` reads.

    Factories that did not apply are there with zeros, since a pilot counts those who were offered something and did
    nothing. Examples are left out where there is any other factory.
    """
    asked: dict[int, int] = {}
    sent = Application.objects.filter(programme=programme, sent__isnull=False)
    for one in sent.select_related("factory").order_by("sent"):
        asked[one.factory.pk] = one.amount
    found: dict[int, dict[str, int]] = {}
    stands = StageRecord.objects.standing(user).filter(application__programme=programme)
    for record in stands.select_related("application__factory"):
        own = found.setdefault(record.application.factory.pk, {})
        own[record.stage] = own.get(record.stage, 0) + (record.amount or 0)
    rows: list[tuple[int, ...]] = []
    for one in evaluated():
        own = found.get(one.pk, {})
        rows.append(
            (
                one.unit, int(one.pk in asked), int("approved" in own), int("refused" in own), asked.get(one.pk, 0),
                own.get("approved", 0), own.get("disbursed", 0), own.get("repaid", 0),
            )
        )  # fmt: skip
    return rows
