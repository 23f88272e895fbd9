"""An evaluation's words in one language, and its tables as a reader sees them."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Literal

from haidang.facts import wordbook
from haidang.frameworks.framework import Language
from haidang.learn.evaluate.effect import Diagnostic, Effect
from haidang.learn.evaluate.report.evaluation import Evaluation
from haidang.results.catalogue import catalogue
from haidang.results.numerals import day, number, percent

Kind = Literal["plain", "chance", "effect", "share"]
Table = tuple[list[str], list[list[str]]]

CHANCES = (
    "balance_joint", "pre_trends", "pre_fit", "rmspe_chance", "placebo_chance", "density", "jump", "placebo_cutoff",
)  # fmt: skip
EFFECTS = (
    "leave_one_out_low", "leave_one_out_high", "spread_by_lot", "effect_of_offer", "half_bandwidth", "double_bandwidth",
)  # fmt: skip
SHARES = ("share_treated",)


@dataclass(frozen=True, slots=True)
class Say:
    """An evaluation told in one language.

    Args:
        language: of the words.
        told: the evaluation.
    """

    language: Language
    told: Evaluation

    def word(self, key: str, **values: str) -> str:
        """A sentence with its values filled in."""
        return wordbook("haidang.learn.evaluate.report")[key][self.language].format(**values)

    def number(self, value: float) -> str:
        """A number as people write it."""
        return number(value, self.language)

    def amount(self, value: float) -> str:
        """An effect in the unit it is written in."""
        return self.number(value / self.told.factor)

    def chance(self, value: float | None) -> str:
        """A chance with two digits; below one in a thousand that alone."""
        if value is None:
            return "–"
        return f"<\N{NO-BREAK SPACE}{self.number(0.001)}" if value < 0.001 else number(value, self.language, 2)

    def odds(self, value: float | None) -> str:
        """A chance in a sentence, as a percentage."""
        if value is not None and value < 0.001:
            return self.word("below_share", share=percent(0.001, self.language))
        return "–" if value is None else percent(value, self.language)

    @property
    def worthwhile(self) -> float:
        """The smallest worthwhile effect with the sign of what is better, in the outcome's own unit."""
        decision = self.told.decision
        return decision.smallest_worthwhile if decision.better == "more" else -decision.smallest_worthwhile

    @property
    def unit(self) -> str:
        """The unit of measure."""
        return self.told.unit[self.language]

    @property
    def level(self) -> str:
        """The interval's level."""
        return percent(self.told.effect.level, self.language)

    def interval(self, low: float, high: float) -> str:
        """An interval in words; an end that the data cannot bound is said so."""
        if isfinite(low) and isfinite(high):
            return self.word("interval", low=self.amount(low), high=self.amount(high))
        if isfinite(low):
            return self.word("from_only", low=self.amount(low))
        return self.word("to_only", high=self.amount(high)) if isfinite(high) else self.word("unbounded")

    @property
    def lead(self) -> list[str]:
        """The answer in two sentences."""
        return [f"{self.action} {self.word(self.told.decision.reason)}", self.found]

    @property
    def action(self) -> str:
        """What to do by the rule, and whether the rule was there before the data."""
        rule = self.word("by_late_rule" if self.told.registered is None else "by_rule")
        return f"{rule}: {self.word(f'act_{self.told.decision.action}')}"

    @property
    def found(self) -> str:
        """The estimate and its interval."""
        effect = self.told.effect
        return self.word(
            "found_read", estimate=self.amount(effect.estimate), unit=self.unit, level=self.level,
            interval=self.interval(effect.low, effect.high),
        )  # fmt: skip

    @property
    def registered(self) -> str | None:
        """The day and the hash of the registered plan, the day as the language writes it."""
        if self.told.registered is None:
            return None
        when, _, digest = self.told.registered.partition(" ")
        return f"{day(when, catalogue(self.language))} {digest}".strip()

    @property
    def asked(self) -> Table:
        """What was to be found out, and how."""
        told = self.told
        better = self.word(f"better_{told.decision.better}")
        rows = [
            [self.word("outcome"), f"{told.outcome[self.language]} ({better})"],
            [self.word("unit"), self.unit],
            [self.word("design"), self.word(f"design_{told.design}")],
            [self.word("estimand"), self.word(told.effect.estimand)],
            [self.word("worthwhile"), f"{self.amount(self.worthwhile)} {self.unit}"],
            [self.word("registered"), self.registered or self.word("unregistered")],
        ]
        return [], rows

    @property
    def sure(self) -> list[str]:
        """How sure that is, sentence by sentence."""
        told, effect = self.told, self.told.effect
        found = [self.word("sure_read", level=self.level)]
        if effect.p_value is not None:
            found.append(self.word("chance_read", chance=self.odds(effect.p_value)))
        if told.lot is not None:
            found.append(self._lot(told.lot))
        if effect.second is not None:
            second = effect.second
            inside = effect.low <= second.estimate <= effect.high
            found.append(
                self.word(
                    "agree" if inside else "disagree",
                    method=self.word(second.method),
                    estimate=self.amount(second.estimate),
                    unit=self.unit,
                )
            )
        if told.bounds is not None:
            found.append(self._bounds)
        return found

    def _lot(self, lot: Effect) -> str:
        count = next(one.value for one in lot.diagnostics if one.name == "assignments")
        return self.word(
            "lot_read", count=self.number(count or 0.0), chance=self.odds(lot.p_value),
            interval=self.interval(lot.low, lot.high), unit=self.unit,
        )  # fmt: skip

    @property
    def _bounds(self) -> str:
        found = self.told.bounds
        assert found is not None
        return self.word(
            "bounds_read", treated=percent(found.seen_treated, self.language),
            untreated=percent(found.seen_untreated, self.language), lower=self.amount(found.lower),
            upper=self.amount(found.upper), unit=self.unit, level=percent(found.level, self.language),
            interval=self.interval(found.low, found.high),
        )  # fmt: skip

    @property
    def effects(self) -> list[Effect]:
        """The first estimator, the further ones behind it, and the lot."""
        found: list[Effect] = []
        one: Effect | None = self.told.effect
        while one is not None:
            found.append(one)
            one = one.second
        return found if self.told.lot is None else [*found, self.told.lot]

    @property
    def estimators(self) -> Table:
        """Every estimator's numbers."""
        heads = ("method", "estimate", "error", "range", "chance", "rows", "clusters", "library")
        rows = [
            [
                self.word(one.method),
                self.amount(one.estimate),
                "–" if one.standard_error is None else self.amount(one.standard_error),
                self.interval(one.low, one.high),
                self.chance(one.p_value),
                self.number(one.n),
                "–" if one.clusters is None else self.number(one.clusters),
                one.library,
            ]
            for one in self.effects
        ]
        return [self.word(key) for key in heads], rows

    @property
    def checks(self) -> Table:
        """Every diagnostic of the first estimator with what it means."""
        heads = [self.word(key) for key in ("check", "value", "verdict", "meaning")]
        return heads, [self._check(one) for one in self.told.effect.diagnostics]

    def _check(self, one: Diagnostic) -> list[str]:
        about = self.word(one.about) if one.about in ("below", "above") else one.about
        name = f"{self.word(one.name)}: {about}" if about else self.word(one.name)
        return [name, self._value(one), self.word(one.verdict), self.word(f"{one.name}_means")]

    def _value(self, one: Diagnostic) -> str:
        if one.value is None:
            return self.word("unknown")
        if one.name in CHANCES:
            return self.chance(one.value)
        if one.name in EFFECTS:
            return f"{self.amount(one.value)} {self.unit}"
        return percent(one.value, self.language) if one.name in SHARES else self.number(one.value)

    @property
    def cautions(self) -> str:
        """That a check failed; empty where none did."""
        names = self.told.decision.cautions
        return self.word("cautions", names=", ".join(self.word(one).lower() for one in names)) if names else ""

    @property
    def deviations(self) -> Table:
        """What was not as planned, and why."""
        none = self.word("no_reason")
        rows = [
            [one.what[self.language], none if one.why is None else one.why[self.language]]
            for one in self.told.deviations
        ]
        return [self.word("what"), self.word("why")], rows

    @property
    def warnings(self) -> list[str]:
        """What the libraries warned of, with the estimator it was about."""
        return [f"{self.word(one.method)}: {text}" for one in self.effects for text in one.warnings]
