"""An assessment on disk: raw answers, findings and scores in files of their own, each of which can be read.

`answers.csv` is a table of a campaign (a row per factory), `evidence.csv` what answers rest on; both are read again by
`read_assessments`. `findings.csv` and `scores.csv` follow from them. Rows stand in the order of the factories' ids, so
that the same answers give the same files whatever the order in which they came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from haidang.frameworks.assessment import ANSWERS, STATUSES, Array, Campaign, Evidence, Factory
from haidang.frameworks.findings import KINDS, NOT_MET, OPEN, finding_kinds
from haidang.frameworks.framework import Framework
from haidang.frameworks.score import Profile, Scores
from haidang.frameworks.write import write_pieces, write_text

AT_ONCE = 2_000
"""Factories written at once."""
EVIDENCE = ("factory", "criterion", "evidence_kind", "file", "sha256", "evidence_date", "expires", "note")


def write_assessment(campaign: Campaign, scores: Scores, folder: Path | str) -> tuple[Path, ...]:
    """Write the raw answers, the findings and the scores, each in its own file.

    Raises:
        WriteError: the folder cannot be written.
    """
    order = _order(campaign)
    kinds = finding_kinds(campaign, scores)
    tables: Mapping[str, Callable[[list[int]], pl.DataFrame]] = {
        "answers": lambda rows: answer_table(campaign, rows),
        "findings": lambda rows: finding_table(campaign, scores, kinds, rows),
        "scores": lambda rows: score_table(campaign, scores, rows),
    }
    written = [Path(folder) / "evidence.csv"]
    write_text(written[0], evidence_table(campaign).write_csv())
    for name, table in tables.items():
        path = Path(folder) / f"{name}.csv"
        write_pieces(path, _pieces(table, order))
        written.append(path)
    return tuple(sorted(written))


def _pieces(table: Callable[[list[int]], pl.DataFrame], order: list[int]) -> Iterator[bytes]:
    """A table as CSV, so many factories at a time: what bounds the memory."""
    for start in range(0, len(order), AT_ONCE):
        yield table(order[start : start + AT_ONCE]).write_csv(include_header=start == 0).encode("utf-8")


def read_stored(folder: Path | str, framework: Framework) -> Campaign:
    """The raw answers that `write_assessment` wrote.

    Raises:
        HaidangError: a file is missing or does not fit the framework.
    """
    from dataclasses import replace

    from haidang.frameworks.answers_wide import read_wide_csv
    from haidang.frameworks.rows import csv_rows

    found = read_wide_csv(Path(folder) / "answers.csv", framework)
    row_of = {one.id: at for at, one in enumerate(found.factories)}
    column_of = {one.id: at for at, one in enumerate(framework.criteria)}
    evidence: dict[tuple[int, int], tuple[Evidence, ...]] = {}
    path = Path(folder) / "evidence.csv"
    for row in csv_rows(path, EVIDENCE) if path.is_file() else ():
        cell = row_of[row.text("factory")], column_of[row.text("criterion")]
        one = Evidence(
            row.text("evidence_kind"), row.text_or("file", None), row.text_or("sha256", None),
            row.day_or("evidence_date", None), row.day_or("expires", None), row.text_or("note", None),
        )  # fmt: skip
        evidence[cell] = (*evidence.get(cell, ()), one)
    return replace(found, evidence=evidence)


def answer_table(campaign: Campaign, order: list[int]) -> pl.DataFrame:
    """The raw answers with a row per factory and a column per criterion."""
    about = [_about(campaign.framework, campaign.factories[row]) for row in order]
    columns: dict[str, Any] = {key: [one[key] for one in about] for key in about[0]}
    highest: list[int] = campaign.statuses[order].max(axis=1).tolist()
    columns["evidence"] = ["evidence.csv" if one else None for one in highest]
    texts = (one if status == "claimed" else f"{one}:{status}" for one in ANSWERS for status in STATUSES)
    words = np.array(["", *texts], dtype=object)
    for at, criterion in enumerate(campaign.framework.criteria):
        answer, status = campaign.answers[order, at].astype(int), campaign.statuses[order, at].astype(int)
        columns[criterion.id] = words[np.where(answer < 0, 0, 1 + answer * len(STATUSES) + status)]
    return pl.DataFrame(columns, schema_overrides={"evidence": pl.String}, strict=False)


def _about(framework: Framework, one: Factory) -> Mapping[str, str | float | None]:
    return {
        "framework": framework.id, "version": framework.version, "factory": one.id, "name": one.name,
        "sector": one.sector, "size": one.size, "date": one.day.isoformat(), "assessor": one.assessor,
        "employees": one.employees, "revenue": one.revenue, "value_added": one.value_added,
        "electricity": one.electricity,
        "costs": "; ".join(f"{key} {100 * share:.10g}" for key, share in one.costs.items()) or None,
        "results": "; ".join(one.results) or None,
    }  # fmt: skip


def evidence_table(campaign: Campaign) -> pl.DataFrame:
    """What the answers rest on, with a row per piece of evidence."""
    rows = [
        (campaign.factories[row].id, campaign.framework.criteria[column].id, each.kind, each.file, each.sha256,
         _day(each.day), _day(each.expires), each.note)
        for (row, column), several in campaign.evidence.items()
        for each in several
    ]  # fmt: skip
    rows.sort(key=lambda row: tuple(cell or "" for cell in row))
    return pl.DataFrame(rows, schema=dict.fromkeys(EVIDENCE, pl.String), orient="row")


def _day(day: object) -> str | None:
    return None if day is None else str(day)


def finding_table(campaign: Campaign, scores: Scores, found_kinds: Array, order: list[int]) -> pl.DataFrame:
    """Every finding with its remedy and effort, by factory."""
    kinds = found_kinds[order]
    rows, columns = np.nonzero(kinds)
    parts = list(campaign.framework.walk())
    index = {each.id: at for at, each in enumerate(campaign.framework.capabilities)}
    own = np.array([index[capability.id] for _, capability, _ in parts])
    levels, must = (np.array([each.level for _, _, each in parts]), np.array([e.kind == "must" for _, _, e in parts]))
    stands = np.maximum(scores.claimed.level[order], 0)[rows, own[columns]]
    found = kinds[rows, columns]
    blocks = must[columns] & np.isin(found, [NOT_MET, OPEN]) & (levels[columns] == stands + 1)
    ids = pl.Series([campaign.factories[row].id for row in order], dtype=pl.String)
    named = {
        "criterion": [each.id for _, _, each in parts], "capability": [each.id for _, each, _ in parts],
        "area": [each.id for each, _, _ in parts], "effort": [each.effort for _, _, each in parts],
        **{f"remedy_{language}": [each.remedy[language] for _, _, each in parts] for language in ("vi", "en")},
    }  # fmt: skip
    texts = {key: pl.Series(values)[columns] for key, values in named.items()}
    return pl.DataFrame(
        {
            "factory": ids[rows],
            **{key: texts[key] for key in ("area", "capability", "criterion")},
            "level": levels[columns],
            "finding": pl.Series(list(KINDS))[found.astype(np.int64)],
            "blocks": blocks,
            **{key: texts[key] for key in ("effort", "remedy_vi", "remedy_en")},
        }
    )


def score_table(campaign: Campaign, scores: Scores, order: list[int]) -> pl.DataFrame:
    """Every level, mean and weakest link, claimed and verified apart; what is not known is empty."""
    ids = pl.Series([campaign.factories[row].id for row in order], dtype=pl.String)
    parts = [_capability_part(ids, scores, order, at) for at in range(len(scores.framework.capabilities))]
    parts += [_area_part(ids, scores, order, at) for at in range(len(scores.framework.areas))]
    parts.append(
        _part(ids, "all", scores.framework.id, scores.claimed.mean[order], None, scores.verified.mean[order],
              scores.claimed.weakest[order], None)
    )  # fmt: skip
    return pl.concat(parts).sort("factory", maintain_order=True)


def _capability_part(ids: pl.Series, scores: Scores, order: list[int], at: int) -> pl.DataFrame:
    name = scores.framework.capabilities[at].id
    level, upper = _known(scores.claimed, order, at), scores.claimed.upper[order, at].astype(float)
    upper[upper < 0] = np.nan
    return _part(ids, "capability", name, level, upper, _known(scores.verified, order, at), None, None)


def _area_part(ids: pl.Series, scores: Scores, order: list[int], at: int) -> pl.DataFrame:
    own = scores.claimed
    return _part(
        ids, "area", scores.framework.areas[at].id, own.area_mean[order, at], None,
        scores.verified.area_mean[order, at], own.area_weakest[order, at], own.coverage[order, at],
    )  # fmt: skip


def _known(profile: Profile, order: list[int], at: int) -> Array:
    level = profile.level[order, at].astype(float)
    level[level < 0] = np.nan
    return level


def _part(ids: pl.Series, kind: str, name: str, claimed: Array, upper: Array | None, verified: Array,
          weakest: Array | None, coverage: Array | None) -> pl.DataFrame:  # fmt: skip
    empty = np.full(len(ids), np.nan)
    numbers = {"claimed": claimed, "upper": upper, "verified": verified, "weakest": weakest, "coverage": coverage}
    return pl.DataFrame(
        {
            "factory": ids,
            "part": pl.Series([kind] * len(ids), dtype=pl.Categorical).cast(pl.String),
            "id": pl.Series([name] * len(ids), dtype=pl.String),
            **{key: pl.Series(empty if one is None else one).fill_nan(None) for key, one in numbers.items()},
        }
    )


def _order(campaign: Campaign) -> list[int]:
    return sorted(range(len(campaign)), key=lambda row: campaign.factories[row].id)
