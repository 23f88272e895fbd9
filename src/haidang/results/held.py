"""A run held in memory: for answers that are looked at and thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from haidang.results.manifest import FORMAT, FactText, Manifest
from haidang.results.run import Run, ordered_table
from haidang.results.schema import NAMES, OPTIONAL, table_schema


@dataclass(frozen=True, eq=False)
class HeldRun(Run):
    """A run whose tables lie in memory and nowhere else."""

    tables: Mapping[str, pl.DataFrame]
    texts: Mapping[str, FactText]

    def table(self, name: str) -> pl.DataFrame:
        """As in a run on disk."""
        return self.tables[name] if name in self.tables else pl.DataFrame(schema=table_schema(name))

    @property
    def facts(self) -> Mapping[str, FactText]:
        """As in a run on disk."""
        return self.texts


def hold_run(
    tables: Mapping[str, pl.DataFrame], manifest: Mapping[str, object], facts: Mapping[str, object]
) -> HeldRun:
    """A run of these tables, with nothing written.

    Args:
        tables: as for `write_run`.
        manifest: likewise.
        facts: likewise.

    Raises:
        RunWriteError: a table lacks a column.
    """
    filled = [name for name in NAMES if name not in OPTIONAL or (name in tables and not tables[name].is_empty())]
    told: dict[str, object] = {**manifest, "format": FORMAT, "files": {}, "digest": ""}
    return HeldRun(
        Path(),
        Manifest.model_validate(told),
        {name: ordered_table(name, tables) for name in filled},
        {name: FactText.model_validate(one) for name, one in facts.items()},
    )
