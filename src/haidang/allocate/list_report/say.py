"""The list's words in one language, and its tables as a reader sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from haidang.allocate.allocation import OWN, Allocation
from haidang.allocate.judged import SIMPLE
from haidang.allocate.list_tables import BILLION, MONEY, Listed
from haidang.allocate.moved import Move
from haidang.allocate.weighted import GOAL
from haidang.facts import wordbook
from haidang.frameworks.framework import Language
from haidang.programmes import parse
from haidang.results.catalogue import catalogue
from haidang.results.numerals import number, percent, quantity, unit_text
from haidang.study.plan_file import OPTIMAL


@dataclass(frozen=True, slots=True)
class Say:
    """An allocation told in one language.

    Args:
        language: of the words.
        found: the allocation.
        made: its tables.
    """

    language: Language
    found: Allocation
    made: Listed

    def word(self, key: str, **values: str) -> str:
        """A sentence with its values filled in; the key itself where there are no words for it."""
        words = wordbook("haidang.allocate.list_report").get(key)
        return key if words is None else words[self.language].format(**values)

    def number(self, value: float) -> str:
        """A number as people write it."""
        return number(value, self.language)

    def percent(self, share: float) -> str:
        """A share as a percentage."""
        return percent(share, self.language)

    @property
    def unit(self) -> str:
        """The goal's unit as it is written; points, where several outcomes are weighed."""
        if self.found.goal == GOAL:
            return self.word("points")
        return catalogue(self.language).unit(self._goal.unit)

    @property
    def _goal(self) -> Any:
        return self.outcome(self.found.goal)

    def outcome(self, name: str) -> Any:
        """An outcome of the model."""
        return next(one for one in self.found.card.outcomes if one.id == name)

    @property
    def goal(self) -> str:
        """The goal's title."""
        return self._goal.title[self.language]

    def resource(self, name: str) -> str:
        """A resource's title."""
        return self.found.card.resources[name].title[self.language]

    def amount(self, value: float, name: str) -> str:
        """An amount of a resource."""
        return quantity(value, self.found.card.resources[name].unit, catalogue(self.language))

    @property
    def title(self) -> str:
        """The programme's title."""
        return self.found.file.base.title[self.language]

    def way(self, name: str) -> str:
        """A way of giving the money."""
        if name in (OPTIMAL, OWN, *SIMPLE):
            return self.word(name)
        return self.word("optimal_at", factor=self.number(self.found.scales[name]))

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways that are compared, those that commit more than the budget left out."""
        return tuple(name for name in (OPTIMAL, OWN, *SIMPLE) if name in self.found.judged.trials)

    def offer(self, text: str) -> str:
        """Offers and years with the offers' titles, from their ids."""
        titles = {one.id: one.title[self.language] for one in self.found.offers}
        parts = [part.rpartition(" ") for part in text.split("; ") if part]
        by_offer: dict[str, list[str]] = {}
        for name, _, year in parts:
            by_offer.setdefault(titles.get(name, name), []).append(year)
        return "; ".join(f"{name} {', '.join(years)}" for name, years in by_offer.items())

    @property
    def lead(self) -> list[str]:
        """The answer in a few sentences."""
        whole = self.made.whole
        best, first = whole["judged"][OPTIMAL]["added"], whole["judged"]["first_come"]
        difference = first["optimal_less_this"]
        found = [
            self.word(
                "lead", listed=self.number(whole["listed"]), units=self.number(whole["units"]), unit=self.unit,
                expected=self.number(whole["plan"]["expected"]),
            ),
            self.ended,
            self.word(
                "judged", draws=self.number(whole["draws"]), unit=self.unit, first=self.number(first["added"]["mean"]),
                **{name: self.number(best[name]) for name in ("mean", "error", "p5", "p95")},
            ),
            self.word("difference", mean=self.number(difference["mean"]), error=self.number(difference["error"])),
        ]  # fmt: skip
        if whole["commit"] != 1.0:
            found.insert(1, self.word("committed_read", factor=self.number(whole["commit"])))
        if whole["robust"] is not None:
            found.insert(1, self._robust)
        if abs(difference["mean"]) < 2 * difference["error"]:
            found.append(self.word("unsure"))
        if whole["relaxed"]:
            found.append(self.word("relaxed_read", count=self.number(whole["relaxed"])))
        if whole["rejected_rows"]:
            found.append(self.word("rejected", count=self.number(whole["rejected_rows"])))
        return found

    @property
    def _robust(self) -> str:
        """What the plan adds in the draws that it was made for."""
        told = self.made.whole["robust"]
        key = "robust_tail" if told["tail"] > 0 else "robust_worst"
        return self.word(key, tail=self.percent(told["tail"]), value=self.number(told["value"]), unit=self.unit)

    @property
    def served(self) -> list[str]:
        """Who is served first, and how the money is spread over the years."""
        served = self.found.served
        if served.by is None:
            found = [self.word("served_first")]
        else:
            asked = parse(served.by).names
            binding = [_inside(self.resource(one.id)) for one in self.found.resources if one.id in asked]
            against = f" {self.word('served_against', names=', '.join(binding))}" if binding else ""
            found = [self.word("served_by", against=against)]
        for name, opened in served.tranches.items():
            pairs = zip(self.found.valued.years, opened, strict=True)
            years = "; ".join(f"{year}: {self.amount(each, name)}" for year, each in pairs)
            found.append(self.word("served_open", name=self.resource(name), years=years))
        return found

    @property
    def _two(self) -> dict[str, str]:
        other = self.outcome(self.made.whole["against"]["outcome"]).title[self.language]
        return {"goal": _inside(self.goal), "other": _inside(other)}

    @property
    def against_read(self) -> str:
        """How the two goals' table is read."""
        return self.word("against_read", **self._two)

    @property
    def figure_against(self) -> str:
        """What the two goals' chart shows."""
        return self.word("figure_against", **self._two)

    @property
    def against(self) -> tuple[list[str], list[list[str]]]:
        """A row for each plan from the most of the goal to the most of the other outcome."""
        other = self.outcome(self.made.whole["against"]["outcome"])
        words = catalogue(self.language)
        unit = words.unit(other.unit)
        heads = [
            self.word("against_goal", name=other.title[self.language], unit=unit),
            self.word("against_goal", name=self.goal, unit=self.unit),
            self.word("against_bound"),
            self.word("against_rate", unit=unit),
        ]
        rows = [
            [
                self.number(one["other"]),
                self.number(one["goal"]),
                "" if one["bound"] is None else self.number(one["bound"]),
                f"{self.number(one['rate'])} {self.unit}" if 0 < at < len(self.found.curve) - 1 else "",
            ]
            for at, one in enumerate(self.made.whole["against"]["points"])
        ]
        return heads, rows

    @property
    def promise(self) -> str:
        """What was promised and what was kept."""
        told = self.made.whole["promises"]
        values = {f"{how}_{what}": self.number(told[how][what]) for how in told for what in told[how]}
        return self.word("promise_read", used=self.word("used_drawn" if self.found.drawn else "used_own"), **values)

    @property
    def commit(self) -> str:
        """How much to commit beyond the budgets."""
        judged = self.made.whole["judged"]
        best = max(self.found.scales, key=lambda name: judged[name]["added"]["mean"])
        added, less = judged[best]["added"], judged[best]["optimal_less_this"]
        clear = best == OPTIMAL or -less["mean"] > 2 * less["error"]
        within = "" if clear else self.word("within", own=self.number(self.found.request.commit))
        return self.word(
            "commit_read", best=self.number(self.found.scales[best]), mean=self.number(added["mean"]),
            error=self.number(added["error"]), within=within,
        )  # fmt: skip

    @property
    def compared(self) -> tuple[list[str], list[list[str]]]:
        """What each way of giving the money did."""
        heads = [self.word(key) for key in ("way", "added", "range", "less")]
        heads += [self.word("share_spent", name=self.resource(one.id)) for one in self.found.resources]
        return heads, [self._way_row(name) for name in self.ways]

    def _way_row(self, name: str) -> list[str]:
        one = self.made.whole["judged"][name]
        added, less = one["added"], one["optimal_less_this"]
        budgets = self.made.whole["budgets"]
        return [
            self.way(name),
            f"{self.number(added['mean'])} ± {self.number(added['error'])}",
            f"{self.number(added['p5'])} – {self.number(added['p95'])}",
            "" if name == OPTIMAL else f"{self.number(less['mean'])} ± {self.number(less['error'])}",
            *(
                f"{self.percent(one['spent'][r.id]['mean'] / budgets[r.id])}"
                f" ({self.amount(one['spent'][r.id]['mean'], r.id)})"
                for r in self.found.resources
            ),
        ]

    @property
    def committed(self) -> tuple[list[str], list[list[str]]]:
        """What plans do that commit more than the budgets."""
        heads = [self.word("factor"), self.word("added")]
        heads += [self.word("share_spent", name=self.resource(one.id)) for one in self.found.resources]
        heads += [self.word("overrun", name=self.resource(one.id)) for one in self.found.resources]
        budgets, rows = self.made.whole["budgets"], list[list[str]]()
        for name, scale in self.found.scales.items():
            one = self.made.whole["judged"][name]
            row = [self.number(scale), f"{self.number(one['added']['mean'])} ± {self.number(one['added']['error'])}"]
            row += [self.percent(one["spent"][r.id]["mean"] / budgets[r.id]) for r in self.found.resources]
            row += [self.percent(one["overrun"][r.id]) for r in self.found.resources]
            rows.append(row)
        return heads, rows

    @property
    def priced(self) -> tuple[list[str], list[list[str]]]:
        """The cut-off price of each budget and rule."""
        rows: list[list[str]] = []
        for one in self.made.whole["prices"]:
            name, _, year = str(one["row"]).partition(" ")
            money = name in self.found.card.resources and self.found.card.resources[name].unit == MONEY
            shown = f"{self.resource(name)} {year}".strip() if name in self.found.card.resources else str(one["row"])
            rows.append([shown, f"{self.number(one['price'] * (BILLION if money else 1.0))} {self.unit}"])
        return [self.word("row"), self.word("price")], rows

    @property
    def ended(self) -> str:
        """Why the search for the plan ended, and how far from the best the plan may be."""
        plan = self.made.whole["plan"]
        gap = self.word("unbounded") if plan["gap"] is None else self.percent(plan["gap"])
        return self.word(f"ended_{plan['ended']}", gap=gap)

    @property
    def another(self) -> list[str]:
        """For each budget that binds, what another billion dong or another unit of it would add at most."""
        found: list[str] = []
        for one in self.made.whole["another"]:
            money = one["unit"] == MONEY
            values = {
                "name": _inside(self.resource(one["resource"])),
                "step": self.word("billion") if money else catalogue(self.language).unit(one["unit"]),
                "worth": self.number(one["adds_at_most"]),
                "unit": self.unit if self.made.whole["robust"] is None else self.word("in_worst", unit=self.unit),
            }
            year = one["year"]
            key = "another_in" if year is not None else "another_of"
            found.append(self.word(key, **values, **({} if year is None else {"year": str(year)})))
        return found

    def fact_value(self, one: Move) -> str:
        """Where a fact was moved to, in its own unit; money in millions or billions."""
        words = catalogue(self.language)
        if one.fact.unit.partition("/")[0] == MONEY:
            return quantity(one.value, one.fact.unit, words)
        return f"{number(one.value, self.language, 5)} {unit_text(one.fact.unit, words)}".strip()

    @property
    def moves(self) -> list[str]:
        """What moving single facts does to the list, in sentences."""
        told, units = self.made.whole["moves"], self.made.whole["units"]
        if not told["made"]:
            return [self.word("moves_none" if told["enough_draws"] else "moves_few")]
        standing = told["standing"]
        facts = len({one["fact"] for one in told["made"]})
        return [
            self.word(
                "moves_read", facts=self.number(facts), carry=self.number(len(told["carry"])),
                all=self.number(len(told["carry"]) + told["below_noise"]),
            ),
            self.word(
                "moves_who", units=self.number(units), always=self.number(standing.get("always", 0)),
                never=self.number(standing.get("never", 0)), sometimes=self.number(standing.get("sometimes", 0)),
            ),
        ]  # fmt: skip

    @property
    def moved(self) -> tuple[list[str], list[list[str]]]:
        """A row for each end of each fact that was moved."""
        heads = [self.word(key) for key in ("fact", "fact_value", "plan_adds", "enter", "leave")]
        rows = [
            [
                one.fact.title[self.language],
                f"{self.word(one.end)}: {self.fact_value(one)}",
                f"{self.number(told['expected'])} {self.unit}",
                self.number(len(told["enter"])),
                self.number(len(told["leave"])),
            ]
            for one, told in zip(self.found.moves.made, self.made.whole["moves"]["made"], strict=True)
        ]
        return heads, rows

    def moved_with(self, text: str) -> str:
        """Facts and ends with the facts' titles, from their ids."""
        titles = {one.fact.id: one.fact.title[self.language] for one in self.found.moves.made}
        parts = [part.rpartition(" ") for part in text.split("; ") if part]
        return "; ".join(f"{titles[name]} {self.word(end)}" for name, _, end in parts)

    @property
    def standings(self) -> tuple[list[str], list[list[str]]]:
        """How many stand where, and how sure that is."""
        units = self.made.units
        kinds = ("listed", "priced_out", "no_room", "adds_nothing", "not_eligible")
        sure = ("always", "sometimes", "never") if self.made.whole["resolves"] else ("untested",)
        rows: list[list[str]] = []
        for kind in kinds:
            mine = units.filter(units["standing"] == kind)
            if mine.height:
                counts = [self.number(mine.filter(mine["certainty"] == one).height) for one in sure]
                rows.append([self.word(kind), self.number(mine.height), *counts])
        return [self.word("standing"), self.word("count"), *(self.word(one) for one in sure)], rows


def summary(say: Say) -> str:
    """The answer for a terminal."""
    told = [*say.served, *say.another, *say.moves, say.promise, say.commit]
    if say.found.curve:
        told += ["", *_columns(*say.against)]
    return "\n".join([say.title, *say.lead, "", *_columns(*say.compared), "", *told])


def _columns(heads: list[str], rows: list[list[str]]) -> list[str]:
    """A table for a terminal."""
    width = [max(len(row[at]) for row in (heads, *rows)) for at in range(len(heads))]
    return ["  ".join(cell.ljust(width[at]) for at, cell in enumerate(row)).rstrip() for row in (heads, *rows)]


def _inside(title: str) -> str:
    """A title inside a sentence."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title
