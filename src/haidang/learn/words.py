"""The words of backtests on a terminal, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """What the table of backtests says.

    Args:
        heads: of its columns.
        marks: yes and no.
        fitted: behind the name of a case that the model was fitted to.
        scores: what a score is.
        counted: how often the model was nearer than the naive forecast.
        counted_official: the same of official forecasts.
        worse: that it was not, in one result.
        same: that it was as near, in one result.
        order: how well it orders cases.
        order_fitted: the same among cases that it was fitted to.
    """

    heads: tuple[str, ...]
    marks: tuple[str, str]
    fitted: str
    scores: str
    counted: str
    counted_official: str
    worse: str
    same: str
    order: str
    order_fitted: str


WORDS: Mapping[str, Words] = {
    "en": Words(
        heads=(
            "backtest", "known by", "unit", "forecast 5 - 50 - 95 %", "came", "in 90 %", "official", "naive",
            "score", "of the official", "of the naive",
        ),
        marks=("yes", "no"),
        fitted=" (fitted, not scored)",
        scores="Score: continuous ranked probability score, the smaller the better; of several outcomes their average.",
        counted="The model beats the naive forecast in {better} of {all}.",
        counted_official="It beats the official one in {official} of {known}.",
        worse="{name}: the model does worse than the naive forecast (score {model} against {naive} {unit}).",
        same="{name}: the model is as near as the naive forecast and no nearer (score {model} {unit}).",
        order="{name}: Kendall's tau {tau} over {cases} cases; a random order does as well with a chance of {p}.",
        order_fitted="{name}: Kendall's tau {tau} over the {cases} cases that the model was fitted to (chance {p}).",
    ),
    "vi": Words(
        heads=(
            "kiểm định", "biết đến", "đơn vị", "dự báo 5 - 50 - 95 %", "thực tế", "trong 90 %", "chính thức",
            "giản đơn", "điểm", "của chính thức", "của giản đơn",
        ),
        marks=("có", "không"),
        fitted=" (dùng để khớp, không tính điểm)",
        scores="Điểm: CRPS, càng nhỏ càng tốt; với nhiều kết quả là trung bình của chúng.",
        counted="Mô hình tốt hơn dự báo giản đơn ở {better}/{all}.",
        counted_official="Mô hình tốt hơn dự báo chính thức ở {official}/{known}.",
        worse="{name}: mô hình kém dự báo giản đơn (điểm {model} so với {naive} {unit}).",
        same="{name}: mô hình chỉ ngang dự báo giản đơn (điểm {model} {unit}).",
        order="{name}: tau của Kendall là {tau} qua {cases} trường hợp; xếp ngẫu nhiên đạt như vậy với xác suất {p}.",
        order_fitted="{name}: tau của Kendall là {tau} qua {cases} trường hợp đã dùng để khớp (xác suất {p}).",
    ),
}  # fmt: skip
