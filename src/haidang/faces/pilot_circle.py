"""The circle as it is told on a terminal, step by step, and kept as a text in its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from haidang.faces.pilot import (
    print_assignment,
    print_balance,
    print_evaluation,
    print_looks,
    print_power,
    print_registered,
    progress_bar,
    stopped,
)
from haidang.faces.words import language, split_name

_WEAK = 0.2


def show_circle(
    name: str, out: Path, *, pilots: int, worlds: int, draws: int, rows: int, world: int, seed: int, lang: str
) -> None:
    """Go round the circle and tell each step when it is done."""
    from haidang.learn.pilot.circle import Size, declared_in, go_round
    from haidang.learn.pilot.declaration_file import load_declaration, load_designs
    from haidang.learn.pilot.words import text
    from haidang.packs import load_pack

    asked = language(lang)
    pack_name, programme = split_name(name, "PROGRAMME")
    pack = load_pack(pack_name)
    pack.programme(programme)
    source = declared_in(pack, programme)
    declared = load_declaration(source)
    print(text("circle_title", asked, title=declared.title[asked]))
    size = Size(
        worlds=worlds, power_worlds=min(16, worlds), pilots=pilots, rows=rows, draws=draws, seed=seed, world=world
    )
    telling = _Telling(pack, declared, programme, out, size, asked)
    left = f"the steps that were told lie in {out}; begin again in another folder"
    with stopped(left), progress_bar(False, len(load_designs(source)), asked) as advance:
        go_round(pack, source, out, size, telling, lambda done, _: advance(done))
    print(text("circle_written", asked, path=str(out)))


class _Telling:
    """Tells the steps of one circle."""

    def __init__(self, pack: Any, declared: Any, programme: str, out: Path, size: Any, lang: Any) -> None:
        self.pack, self.declared, self.programme, self.out = pack, declared, programme, out
        self.size, self.lang = size, lang

    def __call__(self, step: str, found: Any) -> None:
        """Tell a step."""
        getattr(self, f"_{step}")(found)

    def _head(self, step: str) -> None:
        print(f"\n{self._text(f'step_{step}')}")

    def _text(self, key: str, **values: str) -> str:
        from haidang.learn.pilot.words import text

        return text(key, self.lang, **values)

    def _number(self, value: float, digits: int = 3) -> str:
        from haidang.results.numerals import number

        return number(value, self.lang, digits)

    def _design(self, powers: Any) -> None:
        self._head("design")
        print_power(powers, self.declared, self.size.power_worlds, self.lang)
        first = powers[0]
        if "programme_public_cost" in self.pack.book.facts:
            public = self.pack.book.value("programme_public_cost") / 1e9
            print(self._text("circle_cost", cost=self._number(first.cost / 1e9), public=self._number(public)))
        weak = [one.design for one in powers if one.power < _WEAK]
        if weak:
            print(self._text("circle_weak", names=", ".join(weak)))

    def _register(self, found: Any) -> None:
        self._head("register")
        print_registered(self.declared, found, self.lang)

    def _assign(self, found: Any) -> None:
        made, balance = found
        self._head("assign")
        print_assignment(made, self.out / "assignment.csv", self.lang)
        print_balance(balance, self.lang)

    def _run(self, found: Any) -> None:
        results, arm, world = found
        self._head("run")
        cost = float(results["subsidy"].sum()) / 1e9 if "subsidy" in results.columns else 0.0
        told = {"treated": str(int((arm == 1).sum())), "control": str(int((arm == 0).sum()))}
        years = str(len(self.declared.years))
        print(self._text("circle_run", world=str(world), cost=self._number(cost), years=years, **told))

    def _monitor(self, looks: Any) -> None:
        self._head("monitor")
        print(self._text("circle_first_year"))
        print_looks(looks, self.declared, self.lang)
        if looks[-1].fired:
            print(self._text("circle_stopped"))

    def _evaluate(self, analysed: Any) -> None:
        self._head("evaluate")
        print_evaluation(analysed.evaluation, self.lang)

    def _truth(self, truth: Any) -> None:
        self._head("truth")
        told = {"truth": self._number(truth.frame), "own": self._number(truth.own)}
        ends = {"low": self._number(truth.low), "high": self._number(truth.high)}
        print(self._text("circle_truth", **told))
        print(self._text("circle_covers" if truth.covers else "circle_misses", **ends))
        print(self._text("circle_through_peers", peers=self._number(truth.peers)))

    def _learn(self, found: Any) -> None:
        learned, true, worlds, effective, effect = found
        self._head("learn")
        print(self._text("circle_weights", worlds=str(worlds), effective=self._number(effective, 2)))
        from haidang.facts import canonical

        for one in learned:
            told = {key: self._number(getattr(one, key)) for key in ("before", "before_sd", "after", "after_sd")}
            truth = self._number(true[one.fact] / canonical(1.0, one.unit))
            title = self.pack.book.fact(one.fact).title[self.lang]
            unit = "" if one.unit == "1" else one.unit
            print(self._text("circle_learned", fact=title, unit=unit, truth=truth, **told))
        parts = ("before", "before_sd", "after", "after_sd", "closed", "closed_sd", "redrawn", "redrawn_sd")
        print(self._text("circle_effect", **{key: self._number(getattr(effect, key)) for key in parts}))

    def _forecast(self, found: Any) -> None:
        shown = [
            "; ".join(self._number(value) for value in (one.p5, one.p50, one.p95))
            for one in (found.before, found.after)
        ]
        told = {"outcome": found.outcome, "year": str(found.year), "variant": found.variant}
        print(self._text("circle_forecast", before=shown[0], after=shown[1], **told))
        width = [one.p95 - one.p5 for one in (found.before, found.after)]
        part = 100.0 * (1.0 - width[1] / width[0]) if width[0] else 0.0
        ends = {"before": self._number(width[0]), "after": self._number(width[1])}
        if part >= 1.0:
            print(self._text("circle_narrower", part=f"{part:.0f}", **ends))
        else:
            print(self._text("circle_wider", **ends))
        print(self._text("circle_most", part=f"{100.0 * found.most:.0f}"))
        path = str(self.out / "pack")
        print(self._text("circle_pack", path=path, programme=self.programme, variant=found.variant))
