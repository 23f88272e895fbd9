"""What the page shows, as texts in one language: nothing is computed here that is not already in the advice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from haidang.allocate.factory import Advice
from haidang.allocate.factory_report.charts import Bar, Dot, profile_svg, roadmap_svg
from haidang.allocate.factory_report.wording import Wording
from haidang.allocate.roadmap import Obstacle, Plan, Roadmap
from haidang.frameworks.benchmarks import Benchmark
from haidang.frameworks.findings import Finding
from haidang.frameworks.framework import Area, Framework, Language
from haidang.frameworks.score import INAPPLICABLE, Profile
from haidang.results.catalogue import catalogue
from haidang.results.numerals import day

SHOWN_PRIORITIES, SHOWN_REMEDIES, SHOWN_EVIDENCE = 5, 4, 15


@dataclass(frozen=True)
class View:
    """One language's page."""

    language: Language
    say: Wording
    advice: Advice

    @property
    def framework(self) -> Framework:
        """What was asked."""
        return self.advice.campaign.framework

    @property
    def facts(self) -> Mapping[str, str]:
        """The texts at the head."""
        claimed, verified = self.advice.scores.claimed, self.advice.scores.verified
        row, factory = self.advice.row, self.advice.factory
        levels = claimed.level[row]
        lowest = float(claimed.weakest[row])
        names = [
            one.title[self.language]
            for one, at in zip(self.framework.capabilities, levels, strict=True)
            if at == lowest
        ]
        return {
            "name": factory.name,
            "assessed": self.say.say(
                "assessed", day=day(factory.day.isoformat(), catalogue(self.language)), assessor=factory.assessor,
                framework=self.framework.title[self.language], version=self.framework.version,
            ),
            "lead": f"{self._mean('claimed', claimed)} {self._mean('verified', verified)}",
            "weakest": self._weakest(names, lowest),
        }  # fmt: skip

    def _mean(self, what: str, found: Profile) -> str:
        """The mean level as claimed or as verified, and over how many capabilities where not all are known."""
        known, applying = self._known(found, 0, len(self.framework.capabilities))
        how = "all" if known == applying else "part" if known else "none"
        mean = self.say.level(float(found.mean[self.advice.row]))
        return self.say.say(
            f"{what}_{how}", mean=mean, top=str(self.framework.top), known=str(known), all=str(applying)
        )  # fmt: skip

    def _known(self, found: Profile, first: int, count: int) -> tuple[int, int]:
        """Of some capabilities, how many have a known level, and how many apply."""
        levels = found.level[self.advice.row, first : first + count]
        return int((levels >= 0).sum()), int((levels != INAPPLICABLE).sum())

    def _titled(self, area: Area, first: int) -> str:
        """An area's title, with how much of it is known where not all is."""
        known, applying = self._known(self.advice.scores.claimed, first, len(area.capabilities))
        title = area.title[self.language]
        return title if known == applying else f"{title} ({known}/{applying})"

    @property
    def profile(self) -> str:
        """The profile by area as SVG."""
        scores, row = self.advice.scores, self.advice.row
        counts = [len(area.capabilities) for area in self.framework.areas]
        dots = [
            Dot(
                self._titled(area, sum(counts[:at])),
                float(scores.claimed.area_mean[row, at]),
                float(scores.verified.area_mean[row, at]),
                self._quartiles(area.id),
            )
            for at, area in enumerate(self.framework.areas)
        ]
        return profile_svg(dots, self.framework.top, self.say.say("profile"))

    @property
    def peers(self) -> str:
        """Who the peers are."""
        found = self._peers(self.framework.id)
        if found is None or found.shown == "none":
            return self.say.say("no_peers")
        return self.say.say("peers_of", who=self.say.say(found.shown), count=str(found.factories))

    @property
    def capabilities(self) -> list[tuple[str, ...]]:
        """Every capability: area, name, claimed, at most, verified, median of peers."""
        scores, row = self.advice.scores, self.advice.row
        found: list[tuple[str, ...]] = []
        at = 0
        for area in self.framework.areas:
            for one in area.capabilities:
                level, upper = int(scores.claimed.level[row, at]), int(scores.claimed.upper[row, at])
                quartiles = self._quartiles(one.id)
                known = self.say.say("inapplicable") if upper < 0 else self.say.level(level)
                found.append(
                    (
                        area.title[self.language],
                        one.title[self.language],
                        known,
                        "" if upper < 0 else self.say.level(upper),
                        "" if upper < 0 else self.say.level(int(scores.verified.level[row, at])),
                        "" if quartiles is None else self.say.level(quartiles[1]),
                    )
                )
                at += 1
        return found

    @property
    def next_steps(self) -> list[dict[str, Any]]:
        """The first priorities, each with why and what to do."""
        found = self.advice.priorities
        titles = {one.id: one.title[self.language] for one in self.framework.capabilities}
        shown: list[dict[str, Any]] = []
        for one in () if found is None else found.ranked[:SHOWN_PRIORITIES]:
            terms = [
                self.say.say(f"term_{name}", value=self.say.share(value)) for name, value in one.terms.items() if value
            ]
            waits = ", ".join(f"{titles[name]} {level}" for name, level in one.waits_for.items())
            shown.append(
                {
                    "title": titles[one.capability],
                    "from_to": self.say.say("from_to", level=str(one.level), next=str(one.level + 1)),
                    "firm": self.say.say("firm", share=self.say.share(one.first_three)),
                    "why": self.say.say("why", terms=", ".join(terms)) if terms else "",
                    "waits": self.say.say("waits", names=waits) if waits else "",
                    "remedies": [each.remedy[self.language] for each in self._blocking(one.capability)][
                        :SHOWN_REMEDIES
                    ],
                }
            )
        return shown

    @property
    def to_answer(self) -> str:
        """What must be answered before it can be ranked."""
        found = self.advice.priorities
        names = () if found is None else found.to_answer
        titles = [self.framework.capability(name).title[self.language] for name in names]
        return self.say.say("to_answer", names="; ".join(titles)) if titles else ""

    @property
    def roadmap(self) -> dict[str, Any]:
        """The roadmap's texts, drawing and tables; `says` alone where there is none."""
        answer = self.advice.roadmap
        if answer is None:
            nothing_left = self.advice.choices is not None and not self.advice.choices.steps
            return {
                "says": [self.say.say("nothing_left" if nothing_left else "no_roadmap")],
                "plan": False,
                "changes": [],
            }
        if answer.best is None:
            return {"says": self._obstacle(answer.obstacle), "plan": False, "changes": []}
        if not answer.best.taken:
            return {"says": [self.say.say("nothing_pays")], "plan": False, "changes": self._changes(answer)}
        return {
            "says": [self._roadmap_lead(answer, answer.best), self._proof(answer)],
            "plan": True,
            "drawing": self._drawing(answer, answer.best),
            "years": [
                (
                    str(one.year), self.say.millions(one.cost), self.say.millions(one.saving),
                    self.say.millions(one.running), self.say.millions(one.paid_back), self.say.level(one.level),
                    self.say.tonnes(one.carbon),
                )
                for one in answer.best.years
            ],
            "next_best": [
                (self.say.money(one.npv), self._order(answer, one)) for one in answer.next_best
            ],
            "changes": self._changes(answer),
        }  # fmt: skip

    @property
    def payers(self) -> list[tuple[str, str, list[tuple[str, str]]]]:
        """Each instrument that would pay: its name, for which steps, and its conditions with how they stand."""
        names: dict[tuple[str, str], list[str]] = {}
        conditions: dict[tuple[str, str], list[tuple[str, str]]] = {}
        titles = (
            {}
            if self.advice.choices is None
            else {one.id: one.title[self.language] for one in self.advice.choices.steps}
        )
        answer = self.advice.roadmap
        plan = None if answer is None else answer.best
        for one in self.advice.payers:
            if plan is not None and plan.taken and one.step not in plan.taken:
                continue
            key = f"{one.title[self.language]}: {one.instrument_title[self.language]}", one.programme
            names.setdefault(key, []).append(titles.get(one.step, one.step))
            states = {True: "met", False: "not_met", None: "not_known"}
            conditions[key] = [(each.text, self.say.say(states[each.met])) for each in one.conditions]
        return [(key[0], ", ".join(steps), conditions[key]) for key, steps in names.items()]

    @property
    def evidence(self) -> tuple[list[tuple[str, str, str]], int]:
        """Evidence to collect: criterion, what it says, an example; and how many more there are."""
        criteria = {one.id: one for one in self.framework.criteria}
        due = [one for one in self.advice.findings if one.kind in {"not_verified", "expired"}]
        due.sort(key=lambda one: (one.kind != "expired", one.level, one.criterion))
        rows = [
            (
                one.criterion,
                criteria[one.criterion].text[self.language],
                criteria[one.criterion].evidence_example[self.language],
            )
            for one in due[:SHOWN_EVIDENCE]
        ]
        return rows, max(0, len(due) - SHOWN_EVIDENCE)

    @property
    def read(self) -> tuple[str, ...]:
        """The facts that costs and effects come from."""
        return () if self.advice.choices is None else self.advice.choices.facts

    def _weakest(self, names: list[str], lowest: float) -> str:
        """At most four names, and no sentence where nothing is known."""
        return self.say.say("weakest", names="; ".join(names[:4]), level=self.say.level(lowest)) if names else ""

    def _peers(self, part: str) -> Benchmark | None:
        factory = self.advice.factory
        return None if self.advice.peers is None else self.advice.peers.get((part, factory.sector, factory.size))

    def _quartiles(self, part: str) -> tuple[float, float, float] | None:
        found = self._peers(part)
        if found is None or not found.quantiles:
            return None
        low, middle, high = (one.value for one in found.quantiles)
        return low, middle, high

    def _blocking(self, capability: str) -> list[Finding]:
        return [one for one in self.advice.findings if one.blocks and one.capability == capability]

    def _roadmap_lead(self, answer: Roadmap, plan: Plan) -> str:
        start = answer.question.start
        return self.say.say(
            "roadmap_lead", npv=self.say.money(plan.npv), carbon=self.say.carbon(plan.carbon),
            years=str(len(answer.question.years)), start=self.say.level(sum(start.values()) / len(start)),
            level=self.say.level(plan.level),
        )  # fmt: skip

    def _proof(self, answer: Roadmap) -> str:
        return self.say.say("proven" if answer.proven else "not_proven")

    def _drawing(self, answer: Roadmap, plan: Plan) -> str:
        order = sorted(plan.taken.items(), key=lambda pair: pair[1])
        bars = [
            Bar(answer.question.step(name).title[self.language], year, self.say.money(answer.question.step(name).cost))
            for name, year in order
        ]
        return roadmap_svg(bars, answer.question.years, self.say.say("roadmap"))

    def _order(self, answer: Roadmap, plan: Plan) -> str:
        pairs = sorted(plan.taken.items(), key=lambda pair: pair[1])
        return "; ".join(f"{year}: {answer.question.step(name).title[self.language]}" for name, year in pairs)

    def _changes(self, answer: Roadmap) -> list[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = []
        for one in self.advice.changes:
            step = answer.question.step(one.step)
            rows.append(
                (
                    step.title[self.language], self.say.say("in_plan" if one.taken else "not_in_plan"),
                    self.say.money(step.cost), self.say.money(one.price), self.say.money(step.saving),
                    self.say.money(one.saving),
                )
            )  # fmt: skip
        return rows

    def _obstacle(self, found: Obstacle | None) -> list[str]:
        if found is None:
            return []
        titles = {one.id: one.title[self.language] for one in self.framework.areas}
        says = [self.say.say(f"obstacle_{found.binds}", areas=", ".join(titles.get(one, one) for one in found.areas))]
        if found.budget is not None:
            says.append(self.say.say("enough_budget", amount=self.say.money(found.budget)))
        if found.year is not None:
            says.append(self.say.say("enough_year", year=str(found.year)))
        if found.level is not None:
            says.append(self.say.say("enough_level", level=str(found.level)))
        return says
