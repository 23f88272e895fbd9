"""Backtests on a terminal: the forecast, what came, who was nearer, and plainly where the model was not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from haidang.learn.result import BacktestResult, Held
from haidang.learn.words import WORDS
from haidang.results.catalogue import Catalogue, catalogue
from haidang.results.numerals import Scale, number, percent, scale

if TYPE_CHECKING:
    from haidang.results.manifest import Language


def backtest_table(results: Sequence[BacktestResult], lang: Language) -> Table:
    """One row a forecast, and below a reference class or a list of cases one row for each of them.

    Args:
        results: from `run_backtests`.
        lang: `vi` or `en`.
    """
    words, known = WORDS[lang], catalogue(lang)
    table = Table(box=None, header_style="bold", caption=_caption(results, lang), caption_justify="left")
    for place, head in enumerate(words.heads):
        table.add_column(head, justify="left" if place < 3 else "right", overflow="fold")
    for one in results:
        chosen = _scale(one, known)
        for cells in _rows(one, chosen, known):
            table.add_row(*cells)
    return table


def verdicts(results: Sequence[BacktestResult], lang: Language) -> tuple[str, ...]:
    """A sentence for each result whose model was no nearer than the naive forecast, and on each list's order."""
    words, known = WORDS[lang], catalogue(lang)
    found: list[str] = []
    for one in results:
        name = f"{one.title[lang]}: {one.quantity[lang]}"
        told = _scale(one, known)
        if one.worse_than_naive:
            model, naive = (_amount(one.scores[who], told, lang) for who in ("model", "naive"))
            said = words.same if model == naive else words.worse
            found.append(said.format(name=name, model=model, naive=naive, unit=told.label).strip())
        for kind, rank in (("scored", one.rank), ("fitted", one.rank_fitted)):
            if rank is not None:
                tau, chance = number(rank.tau, lang, 2), percent(rank.p, lang)
                text = words.order if kind == "scored" else words.order_fitted
                found.append(text.format(name=name, tau=tau, p=chance, cases=rank.cases))
    return tuple(found)


def _rows(one: BacktestResult, chosen: Scale, known: Catalogue) -> Iterator[list[Text]]:
    lang = known.language
    words = WORDS[lang]
    first, scores = one.held[0], one.scores
    name = f"{one.title[lang]}: {one.quantity[lang]}"
    tail = [_amount(scores[who], chosen, lang) for who in ("model", "official", "naive")]
    shared = one.kind != "cases"
    yield _cells(
        name,
        one.cutoff.isoformat(),
        chosen.label,
        _interval(first, chosen, lang) if shared else "",
        _amount(first.outcome, chosen, lang) if one.kind == "one" else "",
        _hit(one, lang),
        _amount(first.official, chosen, lang) if shared else "",
        _amount(first.naive, chosen, lang) if shared else "",
        *tail,
        red=one.worse_than_naive,
    )
    if one.kind == "one":
        return
    for case in one.held:
        yield _cells(
            f"  {case.title[lang]}{words.fitted if case.fitted else ''}",
            "" if shared else case.cutoff.isoformat(),
            "",
            "" if shared else _interval(case, chosen, lang),
            _amount(case.outcome, chosen, lang),
            words.marks[0 if case.covered(0.9) else 1],
            "" if shared else _amount(case.official, chosen, lang),
            "" if shared else _amount(case.naive, chosen, lang),
            *(_amount(case.scores[who], chosen, lang) for who in ("model", "official", "naive")),
            red=False,
        )


def _cells(*texts: str, red: bool) -> list[Text]:
    """A row of text, not markup: a title from a pack may hold square brackets. The model's score may be red."""
    score = len(texts) - 3
    return [Text(text, style="bold red" if red and place == score else "") for place, text in enumerate(texts)]


def _hit(one: BacktestResult, lang: Language) -> str:
    if one.kind == "one":
        return WORDS[lang].marks[0 if one.held[0].covered(0.9) else 1]
    return f"{sum(case.covered(0.9) for case in one.scored)}/{len(one.scored)}"


def _interval(held: Held, chosen: Scale, lang: Language) -> str:
    return " - ".join(_amount(held.quantiles[name], chosen, lang) for name in ("5", "50", "95"))


def _scale(one: BacktestResult, known: Catalogue) -> Scale:
    """One scale for all amounts of a result."""
    values = [value for case in one.held for value in (*case.quantiles.values(), case.outcome, case.naive)]
    if one.unit == "1":
        return Scale(1.0, "")
    return scale(one.unit, values, known)


def _amount(value: float | None, chosen: Scale, lang: Language) -> str:
    return "-" if value is None else number(value / chosen.factor, lang)


def _caption(results: Sequence[BacktestResult], lang: Language) -> str:
    """What the scores are, and how often the model was nearer."""
    words = WORDS[lang]
    sentences = [words.scores]
    sentences.append(words.counted.format(better=sum(not one.worse_than_naive for one in results), all=len(results)))
    pairs = [(one.scores["model"], one.scores["official"]) for one in results]
    official = [(mine, theirs) for mine, theirs in pairs if mine is not None and theirs is not None]
    if official:
        better = sum(mine < theirs for mine, theirs in official)
        sentences.append(words.counted_official.format(official=better, known=len(official)))
    return "\n".join((" ".join(sentences), *verdicts(results, lang)))
