"""Why a result is what it is: how it is computed, which facts it reads, where each comes from, what each carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from haidang.errors import Place, did_you_mean
from haidang.results.catalogue import Catalogue, catalogue, words_of
from haidang.results.cited import citation, fact_range, fact_value, facts_read, rivals
from haidang.results.headline import Headline, headlines
from haidang.results.manifest import LANGUAGES, FactText, Language, Scenario, Text
from haidang.results.numerals import percent
from haidang.results.parts import lead_outcome
from haidang.results.run import MANIFEST, Run, UnknownNameError
from haidang.results.variance import ENOUGH, Share, Shares, carriers, fact_draws

if TYPE_CHECKING:
    from rich.console import RenderableType


@dataclass(frozen=True, slots=True)
class Link:
    """A fact behind a result. `share` is none where the fact is below noise; `fixed` facts have no range to vary in."""

    fact: str
    text: FactText
    share: Share | None
    fixed: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """A result, how it is computed, and its facts by share of the variance, the largest first.

    `unranked` says why the facts have no shares, where they have none.
    """

    headline: Headline
    scenario: Scenario
    told: Text
    how: Text
    links: tuple[Link, ...]
    shares: Shares
    unranked: Text | None = None


def explained(run: Run, scenario: str) -> tuple[Headline, ...]:
    """The headlines whose variance is told: the main effect, money used, the market's price, the main deadweight."""
    known = {each.id: each for each in headlines(run, scenario)}
    lead = lead_outcome(run, scenario)
    wanted = [f"effect.{lead.id}"] if lead else []
    wanted += [name for name in known if name.startswith("money_used.")][:1]
    wanted += ["price"]
    wanted += [f"deadweight_share.{lead.id}"] if lead else []
    return tuple(known[name] for name in wanted if name in known)


def shares_of(run: Run, headline: Headline) -> Shares:
    """Shares of variance of a headline; none where it has no meaning in some draw."""
    if not np.isfinite(headline.draws).all():
        return Shares((), 1.0, 1.0, (), int(np.isfinite(headline.draws).sum()))
    return carriers(run, headline.draws)


def no_ranking(run: Run, headline: Headline, words: Catalogue) -> str | None:
    """Why a headline has no ranking of facts, in words; none where it has one, or no meaning in some draw."""
    shares = shares_of(run, headline)
    if shares.ranked or not np.isfinite(headline.draws).all():
        return None
    key = "few" if shares.draws < ENOUGH else "flat" if not np.ptp(headline.draws) > 0 else "noise"
    return words.text(f"figure.variance.{key}", title=headline.title[words.language])


def fact_title(run: Run, fact: str, words: Catalogue) -> str:
    """A fact's title in the reader's language, its identifier where it has none."""
    return run.facts[fact].title[words.language] if fact in run.facts else fact


def explain(run: Run, outcome: str, scenario: str | None = None) -> Chain:
    """The chain from a result to its facts and their sources.

    Args:
        run: a finished run.
        outcome: an outcome of the model, or a headline number (`money_used.loan`, `deadweight_share.level_gain`).
        scenario: the programme as declared where none is named.

    Raises:
        UnknownNameError: no such result, with the nearest spelling.
    """
    own = run.programme if scenario is None else run.scenario(scenario)
    headline = _find(run, own.id, outcome)
    finite = bool(np.isfinite(headline.draws).all())
    shares = carriers(run, headline.draws) if finite else Shares((), 1.0, 1.0, (), 0)
    carried = {share.fact: share for share in shares.ranked}
    drawn = {name for name, values in fact_draws(run).items() if np.ptp(values) > 0}
    links = [Link(name, text, carried.get(name), name not in drawn) for name, text in facts_read(run).items()]
    links.sort(key=lambda link: (link.fixed, -(link.share.share if link.share else 0.0), link.fact))
    vi, en = (headline.told(words_of(run.manifest, language)) for language in LANGUAGES)
    reasons = [_unranked(run, headline, words_of(run.manifest, language)) for language in LANGUAGES]
    unranked = None if None in reasons else Text(vi=str(reasons[0]), en=str(reasons[1]))
    return Chain(headline, own, Text(vi=vi, en=en), _how(run, own, headline), tuple(links), shares, unranked)


def render_chain(chain: Chain, language: Language = "vi") -> RenderableType:
    """A chain as rich prints it."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text as Line

    words = catalogue(language)
    lines: list[RenderableType] = [
        Line(
            f"{words.text('why.result')}: {chain.headline.title[language]} · {chain.scenario.title[language]}", "bold"
        ),
        Line(chain.told[language]),
        Line(),
        Line(f"{words.text('why.how')}: {chain.how[language]}"),
        Line(),
        Line(words.text("why.facts" if chain.unranked is None else "why.facts_unranked"), "bold"),
        *([] if chain.unranked is None else [Line(chain.unranked[language])]),
    ]
    for link in chain.links:
        lines.append(Line(f"{_carried(chain, link, words)}  {link.text.title[language]} [{link.fact}]"))
        lines.append(Padding(Line("\n".join(_details(link, words))), (0, 0, 0, 6)))
    if chain.shares.ranked:
        lines.append(Line(f"{percent(chain.shares.rest, language)}  {words.text('figure.variance.rest')}"))
    return Group(*lines)


def _find(run: Run, scenario: str, name: str) -> Headline:
    known = {each.id: each for each in headlines(run, scenario)}
    roles = run.manifest.roles
    aliases = {roles.cost: "public_cost", roles.units: "users"}
    lead = lead_outcome(run, scenario)
    used = (f"{kind}.{name}" for kind in ("money_used", "amount_used", "capacity_used_share"))
    for candidate in (name, f"effect.{name}", aliases.get(name, ""), *used, f"{name}.{lead.id}" if lead else ""):
        if candidate in known:
            return known[candidate]
    first = next((each for each in known if each.startswith(f"{name}.")), None)
    if first is not None:
        return known[first]
    choices = {*known, *(each.id for each in run.manifest.outcomes)}
    place = Place(str(run.path / MANIFEST))
    raise UnknownNameError(f"unknown outcome '{name}'", place, did_you_mean(name, choices))


def _how(run: Run, scenario: Scenario, headline: Headline) -> Text:
    vi, en = (_how_in(run, scenario, headline, language) for language in LANGUAGES)
    return Text(vi=vi, en=en)


def _how_in(run: Run, scenario: Scenario, headline: Headline, language: Language) -> str:
    words = catalogue(language)
    kind, _, name = headline.id.partition(".")
    years = {"first": str(run.manifest.years[0]), "last": str(run.manifest.years[-1])}
    values = {
        "scenario": scenario.title[language],
        "baseline": run.baseline.title[language],
        "draws": str(run.manifest.draws),
    }
    if kind != "effect":
        return words.text(f"why.{kind}", **years, **values)
    outcome = run.outcome(name)
    period = words.text("why.sum" if outcome.kind == "flow" else "why.end", **years)
    key = "why.mean" if outcome.kind == "mean" else "why.effect"
    sentence = words.text(key, outcome=outcome.title[language], period=period, **values)
    return f"{sentence} {outcome.note[language]}" if outcome.note else sentence


def _unranked(run: Run, headline: Headline, words: Catalogue) -> str | None:
    """Why a headline's facts have no shares, in the report's own words."""
    if not np.isfinite(headline.draws).all():
        return words.text("why.partial", title=headline.title[words.language])
    return no_ranking(run, headline, words)


def _carried(chain: Chain, link: Link, words: Catalogue) -> str:
    if link.fixed:
        return words.text("why.fixed")
    if chain.unranked is not None and chain.shares.draws < ENOUGH:
        return words.text("why.drawn")
    return words.text("why.below") if link.share is None else percent(link.share.share, words.language)


def _details(link: Link, words: Catalogue) -> list[str]:
    spread = fact_range(link.text, words)
    lines = [fact_value(link.text, words) + (f" ({spread})" if spread else "")]
    for source in link.text.source:
        lines.append(citation(source, words))
        if source.address:
            lines.append(source.address)
    if link.text.place is not None:
        lines.append(link.text.place[words.language])
    lines += rivals(link.text, words)
    if link.text.assumption is not None:
        lines.append(words.text("why.assumption", reason=link.text.assumption[words.language]))
    return lines
