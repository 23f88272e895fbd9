"""What `haidang fit` shows and writes."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from haidang.faces.pilot import stopped
from haidang.faces.words import CommandError, console, language, split_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from haidang.packs import Pack

_DESCRIPTIONS = "fits"


def fit_and_show(name: str, data: Path | None, out: Path | None, pack_name: str, as_json: bool, lang: str) -> None:
    """Fit, show, and write facts where a file is named.

    Raises:
        HaidangError: whatever the user can mend.
    """
    from haidang.learn.fit import is_moments

    spoken = language(lang)
    path, pack = _description(name, pack_name)
    if out is not None and pack is None:
        raise CommandError("expected --pack beside --out: facts name sources of a pack", None, "such as --pack hcmc")
    work = _moments if is_moments(path) else _choices
    with stopped("nothing was written"):
        work(path, pack, data, out, as_json, spoken)


def _description(name: str, pack_name: str) -> tuple[Path, Pack | None]:
    """The file that says what is fitted, and the pack it belongs to."""
    from haidang.errors import did_you_mean
    from haidang.packs import load_pack

    if name.endswith(".yaml"):
        return Path(name), load_pack(pack_name) if pack_name else None
    if pack_name:
        raise CommandError("expected --pack beside a YAML file only", None, "PACK/MODEL names the pack already")
    folder, model = split_name(name, "MODEL")
    pack = load_pack(folder)
    path = pack.root / _DESCRIPTIONS / f"{model}.yaml"
    if not path.is_file():
        known = [one.stem for one in sorted((pack.root / _DESCRIPTIONS).glob("*.yaml")) if one.stem != "calibration"]
        raise CommandError(
            f"expected a model of '{folder}' that says how it is fitted, found '{model}'",
            None,
            did_you_mean(model, known),
        )
    return path, pack


def _choices(path: Path, pack: Pack | None, data: Path | None, out: Path | None, as_json: bool, lang: str) -> None:
    from haidang.errors import Place
    from haidang.faces.measure import print_json
    from haidang.learn.fit import FitError, fit_choices, load_declared, observe, write_facts
    from haidang.learn.fit.show import fit_json, fit_lines, fit_table
    from haidang.learn.fit.words import say
    from haidang.learn.fit.write import fit_result
    from haidang.study import prepare_jax

    declared = load_declared(path)
    if data is None:
        raise CommandError("expected --data FILE beside choices, found none")
    prepare_jax()
    observed = observe(declared, data, pack)
    try:
        fitted = fit_choices(
            observed.choices, declared.coefficients, restrictions=declared.restrictions, nests=declared.nests,
            laws=declared.laws, draws=declared.draws, place=observed.place, tick=_ticking(lang),
        )  # fmt: skip
    except FitError as mistake:
        # What all rows together cannot tell has no line of its own.
        raise FitError(mistake.problem, mistake.place or Place(str(data)), mistake.hint) from None
    if as_json:
        print_json(fit_json(fitted, observed, declared))
    else:
        print(declared.title[lang])
        console().print(fit_table(fitted, lang))
        for line in fit_lines(fitted, observed, declared, lang):
            print(line)
    if out is not None and pack is not None:
        result = fit_result(fitted, declared, observed.name, observed.sha256, observed.rows, date.today())
        write_facts(result, out, pack.book.sources)
        print(say(lang, "written", path=out), file=sys.stderr)


def _moments(path: Path, pack: Pack | None, data: Path | None, out: Path | None, as_json: bool, lang: str) -> None:
    import hashlib

    from haidang.faces.measure import print_json
    from haidang.learn.fit import fit_moments, write_facts
    from haidang.learn.fit.figures import Simulator, load_figures
    from haidang.learn.fit.show import moments_json, moments_tables
    from haidang.learn.fit.words import say
    from haidang.learn.fit.write import moments_result
    from haidang.study import prepare_jax

    if pack is None:
        raise CommandError("expected --pack beside published figures: they are fitted by a pack's model")
    if data is not None:
        raise CommandError("expected no --data beside published figures: the description states them")
    import numpy as np

    prepare_jax()
    plan = load_figures(path, pack.book)
    sha256 = hashlib.sha256(path.read_bytes() + pack.book.digest().encode()).hexdigest()
    posterior = fit_moments(
        Simulator(pack, plan),
        tuple(plan.priors),
        tuple(plan.priors.values()),
        np.array([one.published for one in plan.figures.values()]),
        np.array([one.error for one in plan.figures.values()]),
        members=plan.members, steps=plan.steps, seed=plan.seed, tick=_left(),
    )  # fmt: skip
    if as_json:
        print_json(moments_json(posterior, plan, sha256))
    else:
        print(plan.title[lang])
        for table in moments_tables(posterior, plan, lang):
            console().print(table)
    if out is not None:
        write_facts(moments_result(posterior, plan, pack.book, sha256, date.today()), out, pack.book.sources)
        print(say(lang, "written", path=out), file=sys.stderr)


def _left() -> Callable[[int, int], None]:
    """Shows on a terminal how many simulations are done and how long the rest will take."""
    from time import monotonic

    begun = monotonic()

    def tick(done: int, all_of_them: int) -> None:
        if sys.stderr.isatty():
            left = (monotonic() - begun) / done * (all_of_them - done)
            end = "\n" if done == all_of_them else ""
            print(f"\r{done}/{all_of_them}  {left:.0f} s ", end=end, file=sys.stderr, flush=True)

    return tick


def _ticking(lang: str) -> Callable[[bool, float], None]:
    """Shows on a terminal how often a simulated likelihood was computed, and about how long its search will take."""
    from time import monotonic

    from haidang.learn.fit.words import say

    begun, count = {False: monotonic(), True: monotonic()}, {False: 0, True: 0}

    def tick(fine: bool, part: float) -> None:
        if fine and not count[fine]:
            begun[fine] = monotonic()
        count[fine] += 1
        if sys.stderr.isatty():
            left = (monotonic() - begun[fine]) * (1.0 - part) / max(part, 0.05)
            told = say(lang, "search_fine" if fine else "search_rough", count=count[fine], left=f"{left:.0f}")
            print(f"\r\x1b[K{told}", end="\n" if fine and part >= 1.0 else "", file=sys.stderr, flush=True)

    return tick
