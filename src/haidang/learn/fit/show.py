"""A fit on a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.table import Table

from haidang.learn.fit.choices import Floats
from haidang.learn.fit.declared import Declared
from haidang.learn.fit.fitted import Errors, Fitted, worth
from haidang.learn.fit.observed import Observed
from haidang.learn.fit.words import say

if TYPE_CHECKING:
    from haidang.learn.fit.figures import Figures
    from haidang.learn.fit.moments import Posterior

SMALLEST = 1e-99


def fit_table(fitted: Fitted, lang: str) -> Table:
    """One row a coefficient: value, errors, and how far it is from zero by the errors that assume least."""
    kinds: list[Errors] = ["plain", "robust"]
    if fitted.clustered is not None:
        kinds.append("clustered")
    heads = [say(lang, "coefficient"), say(lang, "value"), *(say(lang, f"error_{kind}") for kind in kinds)]
    table = Table(box=None, header_style="bold")
    for place, head in enumerate([*heads, say(lang, "z"), say(lang, "p")]):
        table.add_column(head, justify="left" if place == 0 else "right")
    held = fitted.standard_errors("plain") == 0.0
    errors = {kind: fitted.standard_errors(kind) for kind in kinds}
    for place, name in enumerate(fitted.names):
        value = float(fitted.values[place])
        law = fitted.laws.get(name)
        label = name if law is None else f"{name} ({say(lang, f'law_{law}')})"
        if held[place]:
            table.add_row(label, shown(value, lang), say(lang, "held"))
            continue
        z = value / float(errors[fitted.best_errors][place])
        told = [shown(float(errors[kind][place]), lang, 3) for kind in kinds]
        table.add_row(label, shown(value, lang), *told, shown(z, lang, 3), _chance(z, lang))
    return table


def fit_lines(fitted: Fitted, observed: Observed, declared: Declared, lang: str) -> list[str]:
    """What stands under the table: the sample, what was left out, the likelihood, willingness to pay, notes."""
    sample = say(lang, "sample", observations=_whole(fitted.observations, lang), units=_whole(fitted.units, lang),
                 rows=_whole(observed.rows, lang))  # fmt: skip
    if fitted.clusters is not None:
        sample += "; " + say(lang, "clusters", clusters=_whole(fitted.clusters, lang))
    lines = [sample]
    lines += [say(lang, f"left_{why}", count=_whole(count, lang)) for why, count in observed.left_out.items()]
    numbers = {"value": fitted.log_likelihood, "null": fitted.null_log_likelihood, "aic": fitted.aic}
    told = {key: _local(f"{number:,.3f}", lang) for key, number in numbers.items()}
    lines.append(say(lang, "likelihood", r2=_local(f"{fitted.pseudo_r2:.3f}", lang), **told))
    statistic = 2.0 * (fitted.log_likelihood - fitted.null_log_likelihood)
    lines.append(say(lang, "ratio", statistic=_local(f"{statistic:,.3f}", lang), degrees=fitted.free,
                     p=_share(_tail(statistic, fitted.free), lang)))  # fmt: skip
    if fitted.draws is not None:
        lines.append(say(lang, "draws", draws=_whole(fitted.draws, lang)))
    lines += [say(lang, "restriction", text=text) for text in fitted.restrictions]
    for ratio in declared.worth.values():
        found = worth(fitted, ratio.attribute, ratio.money)
        ends = {key: shown(number, lang) for key, number in (("value", found.value), ("low", found.low),
                                                              ("high", found.high))}  # fmt: skip
        lines.append(" ".join(say(lang, "worth", title=ratio.title[lang], unit=ratio.unit, **ends).split()))
    lines += [f"{say(lang, 'warning')}: {say(lang, f'warning_{key}', value=value)}" for key, value in fitted.warnings]
    return lines


def fit_json(fitted: Fitted, observed: Observed, declared: Declared) -> dict[str, Any]:
    """Everything about a fit, ready for JSON."""
    errors: Mapping[str, Any] = {
        kind: None if matrix is None else matrix.tolist()
        for kind, matrix in (("plain", fitted.plain), ("robust", fitted.robust), ("clustered", fitted.clustered))
    }
    return {
        "kind": fitted.kind,
        "names": list(fitted.names),
        "values": fitted.values.tolist(),
        "covariance": errors,
        "log_likelihood": fitted.log_likelihood,
        "null_log_likelihood": fitted.null_log_likelihood,
        "observations": fitted.observations,
        "units": fitted.units,
        "clusters": fitted.clusters,
        "estimated": fitted.free,
        "draws": fitted.draws,
        "laws": dict(fitted.laws),
        "restrictions": list(fitted.restrictions),
        "worth": {
            name: {"value": one.value, "error": one.error, "low": one.low, "high": one.high, "unit": ratio.unit}
            for name, ratio in declared.worth.items()
            for one in (worth(fitted, ratio.attribute, ratio.money),)
        },
        "warnings": [list(one) for one in fitted.warnings],
        "data": {"file": observed.name, "sha256": observed.sha256, "rows": observed.rows},
        "left_out": dict(observed.left_out),
    }


def moments_tables(posterior: Posterior, plan: Figures, lang: str) -> tuple[Table, Table]:
    """The facts before and after, and each figure as published, before and after; means and standard deviations."""
    facts, figures = Table(box=None, header_style="bold"), Table(box=None, header_style="bold")
    for table, heads in (
        (facts, ("fact", "prior", "posterior")),
        (figures, ("moment", "published", "before", "after")),
    ):
        for place, head in enumerate(heads):
            table.add_column(say(lang, head), justify="left" if place == 0 else "right")
    for place, name in enumerate(posterior.names):
        facts.add_row(name, _spread(posterior.prior[:, place], lang), _spread(posterior.members[:, place], lang))
    for place, one in enumerate(plan.figures.values()):
        published = f"{shown(one.published, lang)} ± {shown(one.error, lang, 2)}"
        told = [_spread(members[:, place], lang) for members in (posterior.before, posterior.after)]
        figures.add_row(one.title[lang], published, *told)
    return facts, figures


def moments_json(posterior: Posterior, plan: Figures, sha256: str) -> dict[str, Any]:
    """Everything about a posterior, ready for JSON."""
    return {
        "facts": list(posterior.names),
        "mean": posterior.mean.tolist(),
        "covariance": posterior.covariance.tolist(),
        "members": posterior.members.tolist(),
        "figures": {
            name: {"published": one.published, "error": one.error, "mean": float(posterior.after[:, place].mean())}
            for place, (name, one) in enumerate(plan.figures.items())
        },
        "sha256": sha256,
    }


def _spread(members: Floats, lang: str) -> str:
    return f"{shown(float(members.mean()), lang)} ± {shown(float(members.std(ddof=1)), lang, 2)}"


def shown(value: float, lang: str, digits: int = 4) -> str:
    """A number with so many digits that count, as the language writes it."""
    if not np.isfinite(value):
        return "-"
    size = 0 if value == 0.0 else int(np.floor(np.log10(abs(value))))
    return _local(f"{value:,.{max(digits - 1 - size, 0)}f}" if size > -6 else f"{value:.{digits - 1}e}", lang)


def _whole(number: int, lang: str) -> str:
    return _local(f"{number:,}", lang)


def _local(text: str, lang: str) -> str:
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text


def _chance(z: float, lang: str) -> str:
    """The chance of a coefficient at least as far from zero where it is zero."""
    return _share(_tail(z * z, 1), lang)


def _share(p: float, lang: str) -> str:
    return "< 1e-99" if p < SMALLEST else _local(f"{p:.3g}", lang)


def _tail(statistic: float, degrees: int) -> float:
    from scipy import special

    law: Any = special
    return float(law.chdtrc(degrees, max(statistic, 0.0)))
