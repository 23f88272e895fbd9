"""Peak memory and speed of a run on more units than are held, read from a file."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from benchmarks.figure import Figure
from benchmarks.phased import run_phased
from benchmarks.setting import PACK, PROGRAMME, ROWS
from haidang.packs import load_pack
from haidang.population import build_population

UNITS = 10_000_000
BLOCK = 250_000
DRAWS = 2
BOUND_MB = 2000.0
_NOISY = ("employees", "revenue", "value_added", "electricity")


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """Megabytes at the peak, and units a second times draws."""
    units, memory = (500_000, "50MB") if small else (UNITS, "500MB")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        path = root / "units.parquet"
        write_units(path, units)
        size = path.stat().st_size / 1e6
        arguments = ["run", f"{PACK}/{PROGRAMME}", "--units", str(path), "--memory", memory]
        arguments += ["--draws", str(DRAWS), "--workers", "1", "--out", str(root / "run")]
        found = run_phased(arguments, root / "cache")
    return [
        Figure(f"{units:,} units, {DRAWS} draws: peak memory", "MB", (found["peak"] / 1e6,), bound=BOUND_MB),
        Figure("units times draws a second, while simulating", "1/s", (units * DRAWS / found["simulate"],)),
        Figure("wall time", "s", (found["wall"],)),
        Figure("the file", "MB", (size,)),
    ], ["one worker, baseline and programme, five years, programs compiled within the time"]


def write_units(path: Path, units: int, seed: int = 1) -> None:
    """A file of factories: the pack's population drawn again with new ids and a little noise, block by block."""
    pack = load_pack(PACK)
    base = build_population(pack.population("factories"), pack.book, ROWS, seed).table
    random = np.random.default_rng(seed)
    writer: pq.ParquetWriter | None = None
    try:
        for start in range(0, units, BLOCK):
            block = _resampled(base, random, start, min(BLOCK, units - start)).to_arrow()
            writer = writer or pq.ParquetWriter(path, block.schema, compression="zstd")
            writer.write_table(block)
    finally:
        if writer is not None:
            writer.close()


def _resampled(base: pl.DataFrame, random: np.random.Generator, first: int, rows: int) -> pl.DataFrame:
    drawn = base[random.integers(0, base.height, rows)]
    noise = {name: drawn[name] * np.exp(random.normal(0.0, 0.05, rows)) for name in _NOISY}
    coded = [name for name, kind in base.schema.items() if isinstance(kind, pl.Enum | pl.Categorical)]
    words = [pl.col(name).cast(pl.String) for name in coded]
    ids = pl.Series("id", np.arange(first, first + rows, dtype=np.int64))
    return drawn.with_columns(*words, ids, *(pl.Series(name, values) for name, values in noise.items()))
