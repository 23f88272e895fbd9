"""`haidang optimise`: the best values of a programme's levers under a bound on its cost."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from haidang.errors import Place
from haidang.faces.simulation import ProgressBar
from haidang.faces.words import CommandError, console, language, split_name
from haidang.packs import load_pack

if TYPE_CHECKING:
    from haidang.allocate.design_search import Found
    from haidang.allocate.design_space import Space
    from haidang.allocate.design_trial import Goal

_WORDS = {
    "en": {
        "title": "The best design under the bound, and the frontier of cost against gain",
        "winner": "best",
        "gain": "gain",
        "cost": "public cost",
        "fresh": "On {count} draws that the search did not see: gain {gain} ({low} to {high}), cost {cost}.",
        "ahead": "It gains more than the runner-up in {share:.0%} of them; by {middle} ({low} to {high}).",
        "alike": "No design that differs from it came near: there is no runner-up to hold it against.",
        "unsure": "That is too little to prefer it: take either.",
        "tried": "{count} designs tried on {draws} draws each.",
    },
    "vi": {
        "title": "Thiết kế tốt nhất trong giới hạn, và đường biên chi phí - kết quả",
        "winner": "tốt nhất",
        "gain": "kết quả tăng thêm",
        "cost": "chi phí công",
        "fresh": "Trên {count} lần mô phỏng khác với lúc tìm: kết quả {gain} ({low} đến {high}), chi phí {cost}.",
        "ahead": "Hơn thiết kế đứng nhì trong {share:.0%} số lần; chênh lệch {middle} ({low} đến {high}).",
        "alike": "Không có thiết kế nào khác biệt mà gần bằng, nên không có thiết kế đứng nhì để so.",
        "unsure": "Chênh lệch đó quá ít để chọn hẳn một bên: lấy thiết kế nào cũng được.",
        "tried": "Đã thử {count} thiết kế, mỗi thiết kế {draws} lần mô phỏng.",
    },
}
_SURE = 0.8
"""The share of draws from which on one design is said to be better than another."""


def optimise_and_show(
    name: str,
    *,
    over: str,
    goal: str,
    cost: str | None,
    draws: int,
    fresh: int,
    trials: int,
    rows: int | None,
    seed: int,
    out: Path | None,
    as_json: bool,
    lang: str,
) -> None:
    """Search for the best design, write it as a programme with all designs tried, print what was found.

    Raises:
        HaidangError: whatever the user can mend.
        SystemExit: with status 130, where the user interrupted the search.
    """
    from haidang.allocate.design_search import search_design
    from haidang.allocate.design_space import read_space
    from haidang.allocate.design_trial import Trials, goal_of
    from haidang.study import Question, scenarios_of

    spoken = language(lang)
    pack_name, programme = split_name(name, "PROGRAMME")
    for option, value in (("draws", draws), ("fresh", fresh), ("trials", trials)):
        if value < 2:
            raise CommandError(f"expected --{option} of 2 or more, found {value}")
    pack = load_pack(pack_name)
    base = scenarios_of(pack, Question(programme))[0][1]
    card = pack.model(base.model).card
    space, aim = read_space(over, base, card, pack.book), goal_of(card, goal)
    bound = None if cost is None else _bound(cost, aim.cost.unit)
    folder = out or Path("runs") / f"{pack.id}-{programme}-design-{seed}"
    if (folder / "design.json").exists():
        raise CommandError("expected a new folder, found a finished search", Place(str(folder)))
    question = Question(programme, (), draws + fresh, seed, rows)
    try:
        with ProgressBar(as_json, "designs") as progress:
            measure = Trials(pack, space, aim, question)
            found = search_design(
                space, measure, bound=bound, draws=draws, fresh=fresh, budget=trials, progress=progress
            )
    except KeyboardInterrupt:
        print("haidang: interrupted; nothing was written", file=sys.stderr)
        raise SystemExit(130) from None
    plain = _as_json(found, space, aim, draws, fresh)
    _write(folder, found, space, aim, plain)
    if as_json:
        print(json.dumps(plain, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False))
        return
    _print(found, space, aim, (draws, fresh), spoken)
    print(folder)


def _bound(text: str, unit: str) -> float:
    from haidang.facts import canonical, parse_quantity, same_dimension

    number = text.strip().removeprefix("<=").strip()
    value, found = parse_quantity(number)
    if not same_dimension(found, unit):
        raise CommandError(f"expected --cost in {unit}, found '{text}'", hint=f'write --cost "<= 1500e9 {unit}"')
    return canonical(value, found)


def _quantiles(values: Any) -> dict[str, float]:
    import numpy as np

    return {f"p{point}": float(np.quantile(values, point / 100)) for point in (5, 50, 95)}


def _named(space: Space, values: tuple[float, ...]) -> dict[str, str]:
    return {one.lever: one.text(value) for one, value in zip(space.parameters, values, strict=True)}


def _as_json(found: Found, space: Space, aim: Goal, draws: int, fresh: int) -> dict[str, Any]:
    against = found.runner_up
    return {
        "format": 1,
        "programme": space.programme.id,
        "goal": {"id": aim.outcome.id, "unit": aim.outcome.unit, "good": aim.outcome.good},
        "cost": {"id": aim.cost.id, "unit": aim.cost.unit, "bound": found.bound},
        "draws": {"search": draws, "fresh": fresh},
        "winner": {
            "levers": _named(space, found.winner.values),
            "search": {"gain": found.winner.gain, "cost": found.winner.cost},
            "fresh": {"gain": _quantiles(found.measured.gain), "cost": _quantiles(found.measured.cost)},
        },
        "runner_up": None
        if against is None
        else {
            "levers": _named(space, against.other),
            "fresh": {"gain": _quantiles(against.measured.gain), "cost": _quantiles(against.measured.cost)},
            "winner_ahead": _quantiles(against.ahead),
            "winner_ahead_share": against.share,
        },
        "frontier": [
            {"levers": _named(space, one.values), "gain": one.gain, "cost": one.cost} for one in found.frontier
        ],
        "tried": len(found.trials),
    }


def _write(folder: Path, found: Found, space: Space, aim: Goal, plain: dict[str, Any]) -> None:
    """The winner as a programme's file, every design tried as a table, the frontier as a figure; the digest last."""
    from haidang.programmes import to_yaml
    from haidang.results.run import replace_bytes
    from haidang.results.theme import png, svg

    folder.mkdir(parents=True, exist_ok=True)
    best = replace(space.written(found.winner.values), id=f"{space.programme.id}-best")
    replace_bytes(folder / "programme.yaml", to_yaml(best).encode())
    heads = [*(one.lever for one in space.parameters), "gain", "cost"]
    lines = [",".join(map(repr, (*one.values, one.gain, one.cost))) for one in found.trials]
    replace_bytes(folder / "trials.csv", "\n".join([",".join(heads), *lines, ""]).encode())
    for lang in ("vi", "en"):
        drawn = svg(_chart(found, aim, lang))
        replace_bytes(folder / f"frontier.{lang}.svg", drawn.encode())
        replace_bytes(folder / f"frontier.{lang}.png", png(drawn))
    text = json.dumps(plain, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False)
    replace_bytes(folder / "design.json", f"{text}\n".encode())


def _chart(found: Found, aim: Goal, lang: Any) -> Any:
    from haidang.results.chart_points import frontier

    scale = 1e9 if aim.cost.unit == "VND" else 1.0
    rows = [(one.cost / scale, one.gain, one in found.frontier, one == found.winner) for one in found.trials]
    unit = {"vi": "tỷ VND", "en": "billion VND"}[lang] if scale > 1 else aim.cost.unit
    words = _WORDS[lang]
    return frontier(rows, f"{words['cost']} ({unit})", f"{aim.outcome.title[lang]} ({words['gain']})", lang)


def _print(found: Found, space: Space, aim: Goal, counts: tuple[int, int], lang: Any) -> None:
    from rich.table import Table

    from haidang.results.catalogue import catalogue
    from haidang.results.numerals import quantity

    words, told = _WORDS[lang], catalogue(lang)
    table = Table(
        *(one.lever for one in space.parameters), words["gain"], words["cost"], "", title=words["title"], box=None,
        header_style="bold",
    )  # fmt: skip
    for one in found.frontier:
        table.add_row(
            *_named(space, one.values).values(),
            quantity(one.gain, aim.outcome.unit, told),
            quantity(one.cost, aim.cost.unit, told),
            words["winner"] if one == found.winner else "",
        )
    printer = console()
    printer.print(table)
    gain, cost = _quantiles(found.measured.gain), _quantiles(found.measured.cost)
    shown = {
        key: quantity(gain[f"p{point}"], aim.outcome.unit, told)
        for key, point in (("gain", 50), ("low", 5), ("high", 95))
    }
    printer.print(words["fresh"].format(count=counts[1], cost=quantity(cost["p50"], aim.cost.unit, told), **shown))
    against = found.runner_up
    if against is None:
        printer.print(words["alike"])
    else:
        ahead = _quantiles(against.ahead)
        told_ahead = {
            key: quantity(ahead[f"p{point}"], aim.outcome.unit, told)
            for key, point in (("middle", 50), ("low", 5), ("high", 95))
        }
        printer.print(words["ahead"].format(share=against.share, **told_ahead))
        if against.share < _SURE:
            printer.print(words["unsure"])
    printer.print(words["tried"].format(count=len(found.trials), draws=counts[0]))
