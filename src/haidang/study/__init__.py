"""From a pack and a programme to a finished run: the one road that every face takes.

Given: a pack, a `Question` (programme, variants, draws, seed, population), a folder. Gives: a run on disk.
A study reads the programme, builds or reads its population, draws the uncertain facts, simulates the scenarios and puts
the run on disk. Never: decides what a number means, draws a figure, prints.
"""

from haidang.packs.design_file import (
    Design,
    DesignFileError,
    design_mistakes,
    designed,
    parse_design,
    read_design,
    standing_in,
    supposing,
    write_design,
)
from haidang.study.bench import Bench, Sample
from haidang.study.prepared import Prepared, prepare
from haidang.study.question import DEFAULT_DRAWS, Question, StudyError, scenarios_of
from haidang.study.setting import prepare_jax, setting_of, units_of
from haidang.study.study import run_study

__all__ = [
    "DEFAULT_DRAWS",
    "Bench",
    "Design",
    "DesignFileError",
    "Prepared",
    "Question",
    "Sample",
    "StudyError",
    "design_mistakes",
    "designed",
    "parse_design",
    "prepare",
    "prepare_jax",
    "read_design",
    "run_study",
    "scenarios_of",
    "setting_of",
    "standing_in",
    "supposing",
    "units_of",
    "write_design",
]
