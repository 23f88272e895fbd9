"""Haidang from Python: `haidang.load("hcmc").programme("smart-manufacturing-credit").run(draws=200)`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from haidang.packs import Pack, load_pack

if TYPE_CHECKING:
    from haidang.population import Population
    from haidang.results import Run


@dataclass(frozen=True)
class City:
    """A pack, ready to be asked."""

    pack: Pack

    @property
    def programmes(self) -> Mapping[str, Mapping[str, str]]:
        """The titles of its programmes by id."""
        return {name: file.base.title for name, file in self.pack.programmes.items()}

    def programme(self, name: str) -> Study:
        """A programme of the pack.

        Raises:
            HaidangError: there is none of this id.
        """
        self.pack.programme(name)
        return Study(self.pack, name)

    def population(self, name: str, rows: int | None = None, seed: int = 1) -> Population:
        """A population of the pack, built.

        Raises:
            HaidangError: there is none of this id, or its description does not fit the facts.
        """
        from haidang.population import build_population

        return build_population(self.pack.population(name), self.pack.book, rows, seed)


@dataclass(frozen=True)
class Study:
    """A programme of a pack, ready to be run."""

    pack: Pack
    name: str

    @property
    def variants(self) -> tuple[str, ...]:
        """The ids of its variants."""
        return tuple(self.pack.programme(self.name).variants)

    def run(
        self,
        draws: int = 200,
        *,
        variants: Sequence[str] = (),
        seed: int = 1,
        rows: int | None = None,
        units: Path | str | None = None,
        workers: int | None = None,
        out: Path | str | None = None,
        resume: bool = False,
        cluster: str = "local",
    ) -> Run:
        """Simulate the programme beside the baseline.

        Args:
            draws: how many draws of the uncertain facts and of chance.
            variants: ids of variants to run beside it; `["all"]` for every one.
            seed: the seed of all chance.
            rows: rows of the population.
            units: a file of units to run on instead.
            workers: groups of draws at once; all cores unless given.
            out: the run's folder; a new temporary one unless given.
            resume: go on with an interrupted run in `out`.
            cluster: `local`, or a Ray cluster such as `ray://head:10001`.

        Returns:
            The run: tables as polars frames, and everything that `haidang.results` makes of it.

        Raises:
            HaidangError: whatever the user can mend.
        """
        import os

        from haidang.study import Question, run_study

        question = Question(
            self.name,
            tuple(variants),
            draws,
            seed,
            rows,
            None if units is None else Path(units),
            workers=workers or os.cpu_count() or 1,
        )
        folder = Path(mkdtemp(prefix="haidang-")) if out is None else Path(out)
        return run_study(self.pack, question, folder, resume=resume, cluster=cluster)


def load(name: str) -> City:
    """A pack by its name, or by the path of its folder.

    Raises:
        HaidangError: it is not there, or a file of it is not as it should be.
    """
    return City(load_pack(name))
