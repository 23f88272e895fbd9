"""Backtests on a terminal: the forecast, what came, and who was nearer."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from haidang.learn.backtest import BacktestResult

_HEADS = {
    "en": (
        "backtest", "known by", "forecast 5 - 50 - 95 %", "came", "in 90 %", "official", "naive",
        "score", "of the official", "of the naive",
    ),
    "vi": (
        "kiểm định", "biết đến", "dự báo 5 - 50 - 95 %", "thực tế", "trong 90 %", "chính thức", "giản đơn",
        "điểm", "của chính thức", "của giản đơn",
    ),
}  # fmt: skip
_CAPTION = {
    "en": "Thousand billion VND. Score: continuous ranked probability score, the smaller the better. {verdict}",
    "vi": "Nghìn tỷ đồng. Điểm: CRPS, càng nhỏ càng tốt. {verdict}",
}
_VERDICT = {
    "en": "The model beats the naive forecast in {better} of {all} and the official one in {official} of {known}.",
    "vi": "Mô hình tốt hơn dự báo giản đơn ở {better}/{all} và tốt hơn dự báo chính thức ở {official}/{known}.",
}
_MARK = {"en": ("yes", "no"), "vi": ("có", "không")}
_SCALE = 1e12


def backtest_table(results: Sequence[BacktestResult], lang: str) -> Table:
    """One row a forecast, amounts in thousand billion VND.

    Args:
        results: from `run_backtests`.
        lang: `vi` or `en`.
    """
    table = Table(box=None, header_style="bold", caption=_caption(results, lang), caption_justify="left")
    for place, head in enumerate(_HEADS[lang]):
        table.add_column(head, justify="left" if place < 2 else "right", overflow="fold")
    for one in results:
        points, scores = one.quantiles, one.scores
        table.add_row(
            f"{one.title[lang]}: {one.quantity[lang]}",
            one.cutoff.isoformat(),
            " - ".join(_amount(points[name], lang) for name in ("5", "50", "95")),
            _amount(one.outcome, lang),
            _MARK[lang][0] if one.covered90 else f"[bold red]{_MARK[lang][1]}[/]",
            _amount(one.official, lang),
            _amount(one.naive, lang),
            *(_amount(scores[name], lang) for name in ("model", "official", "naive")),
        )
    return table


def _amount(value: float | None, lang: str) -> str:
    if value is None:
        return "-"
    scaled = value / _SCALE
    text = f"{scaled:,.2f}" if abs(scaled) < 10 else f"{scaled:,.0f}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text


def _caption(results: Sequence[BacktestResult], lang: str) -> str:
    scores = [(one.scores["model"], one.scores["official"], one.scores["naive"]) for one in results]
    official = [(mine, theirs) for mine, theirs, _ in scores if mine is not None and theirs is not None]
    verdict = _VERDICT[lang].format(
        better=sum(mine is not None and naive is not None and mine < naive for mine, _, naive in scores),
        all=len(scores),
        official=sum(mine < theirs for mine, theirs in official),
        known=len(official),
    )
    return _CAPTION[lang].format(verdict=verdict)
