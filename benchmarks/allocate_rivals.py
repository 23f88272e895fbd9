"""`python allocate_rivals.py SOLVER TOWN.npz FOUND.npz SECONDS`: a town given to another solver, in its own words.

Needs numpy, scipy and the solver alone, so that it runs in the environment of the packages compared against.

The limit is on the CPU time of this process while the solver works on one thread; writing the model down is not
counted. A solver that does not stop when it is asked to is ended a while later, with the best that it had told of.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from resource import RLIMIT_AS, setrlimit
from typing import Any

import numpy as np
from scipy import sparse

MEMORY = 12 << 30
"""Bytes of address space that a solver may have."""
DEAF = 30.0
"""CPU seconds past the limit after which a solver that was asked to stop is ended."""


@dataclass(frozen=True, slots=True)
class Task:
    """Make the worth of the chosen columns largest, each whole and at most one, no row above its limit.

    Args:
        worth: by column.
        matrix: rows by columns.
        most: by row.
        seconds: CPU seconds, for a solver that keeps such a clock itself; the others are asked to stop.
    """

    worth: np.ndarray
    matrix: Any
    most: np.ndarray
    seconds: float


@dataclass(slots=True)
class Best:
    """The best that a solver has told of.

    Args:
        chosen: the offers of its best plan; none where it has none.
        bound: what no plan is worth more than, as it says.
    """

    chosen: np.ndarray | None = None
    bound: float = float("inf")


@dataclass(frozen=True, slots=True)
class Solver:
    """A model written down.

    Args:
        run: solve it.
        stop: ask it to stop.
    """

    run: Callable[[], None]
    stop: Callable[[], None]


def main(name: str, source: str, target: str, seconds: float) -> None:
    """Solve, write who gets what, and print time, value and bound."""
    setrlimit(RLIMIT_AS, (MEMORY, MEMORY))
    town = np.load(source)
    cells = np.argwhere(np.broadcast_to(town["eligible"][:, None, :], town["values"].shape))
    worth = town["values"][tuple(cells.T)]
    best = Best()
    solver = SOLVERS[name](Task(worth, *rows(town, cells), seconds), best)
    begun = time.process_time()

    def tell(ended: bool) -> None:
        spent = time.process_time() - begun
        choice = np.full(town["values"].shape[:2], -1, np.int8)
        for unit, year, option in cells[best.chosen] if best.chosen is not None else ():
            choice[unit, year] = option
        np.savez(target, choice=choice)
        told = {"cpu_s": spent, "bound": best.bound, "found": best.chosen is not None, "peak_gb": peak_gb()}
        print(json.dumps({**told, "ended": ended}), flush=True)

    def watch() -> None:
        asked = False
        while (spent := time.process_time() - begun) < seconds + DEAF:
            if spent >= seconds and not asked:
                asked = True
                solver.stop()
            time.sleep(0.05)
        tell(ended=True)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
    solver.run()
    tell(ended=False)


def peak_gb() -> float:
    """The most memory that this process ever held, its own and not that of who started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / 1e9


def rows(town: Any, cells: np.ndarray) -> tuple[sparse.csr_matrix, np.ndarray]:
    """One offer a unit-year, each option once, prerequisites, budgets."""
    units, years, options = town["values"].shape
    count = len(cells)
    unit, year, option = cells.T
    column = np.full((units, years, options), -1)
    column[unit, year, option] = np.arange(count)
    own = np.arange(count)
    parts: list[sparse.csr_matrix] = []
    limits: list[np.ndarray] = []
    for place, number in ((unit * years + year, units * years), (unit * options + option, units * options)):
        parts.append(sparse.csr_matrix((np.ones(count), (place, own)), (number, count)))
        limits.append(np.ones(number))
    for later, earlier in town["after"]:
        mine = np.flatnonzero(option == later)
        entries, at, to = [np.ones(len(mine))], [np.arange(len(mine))], [mine]
        for before in range(years):
            found = np.where(year[mine] > before, column[unit[mine], before, earlier], -1)
            known = np.flatnonzero(found >= 0)
            entries.append(-np.ones(len(known)))
            at.append(known)
            to.append(found[known])
        shape = (len(mine), count)
        parts.append(sparse.csr_matrix((np.concatenate(entries), (np.concatenate(at), np.concatenate(to))), shape))
        limits.append(np.zeros(len(mine)))
    for resource in town["resources"]:
        amount = town[f"amount_{resource}"][unit, option]
        budget = town[f"budget_{resource}"]
        for when in range(years):
            counts = (year <= when) if town[f"lasting_{resource}"] else (year == when)
            mine = np.flatnonzero(counts & (amount > 0))
            # In shares of the budget, so that every solver's tolerances mean the same.
            parts.append(sparse.csr_matrix((amount[mine] / budget[when], (np.zeros(len(mine), int), mine)), (1, count)))
            limits.append(np.ones(1))
    return sparse.vstack(parts).tocsr(), np.concatenate(limits)


def highs(task: Task, best: Best) -> Solver:
    """HiGHS: branch and cut."""
    import highspy

    worth, matrix, most = task.worth, task.matrix, task.most
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("parallel", "off")
    model: Any = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(worth), len(most)
    model.col_cost_, model.col_lower_, model.col_upper_ = -worth, np.zeros(len(worth)), np.ones(len(worth))
    model.row_lower_, model.row_upper_ = np.full(len(most), -highspy.kHighsInf), most
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(worth)
    solver.passModel(model)
    stopping = threading.Event()

    def better(event: Any) -> None:
        best.chosen = np.array(event.data_out.mip_solution) > 0.5
        best.bound = -float(event.data_out.mip_dual_bound)

    def asked(event: Any) -> None:
        event.interrupt(stopping.is_set())

    solver.cbMipImprovingSolution += better
    for question in (solver.cbMipInterrupt, solver.cbSimplexInterrupt, solver.cbIpmInterrupt):
        question += asked

    def run() -> None:
        solver.run()
        info = solver.getInfo()
        if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
            best.chosen = np.array(solver.getSolution().col_value) > 0.5
        best.bound = -float(info.mip_dual_bound)

    return Solver(run, stopping.set)


def scip(task: Task, best: Best) -> Solver:
    """SCIP."""
    import pyscipopt

    worth, matrix, most = task.worth, task.matrix, task.most
    model = pyscipopt.Model()
    model.hideOutput()
    model.setParam("timing/clocktype", 1)
    model.setParam("limits/time", task.seconds)
    variables = [model.addVar(vtype="B", obj=-float(one)) for one in worth]
    for row, limit in enumerate(most):
        part = slice(matrix.indptr[row], matrix.indptr[row + 1])
        terms = zip(matrix.data[part], matrix.indices[part], strict=True)
        model.addCons(pyscipopt.quicksum(float(entry) * variables[at] for entry, at in terms) <= float(limit))

    def run() -> None:
        model.optimizeNogil()
        if not model.isInfinity(-model.getDualbound()):
            best.bound = -float(model.getDualbound())
        if model.getNSols():
            found = model.getBestSol()
            best.chosen = np.array([model.getSolVal(found, one) > 0.5 for one in variables])

    return Solver(run, model.interruptSolve)


def cpsat(task: Task, best: Best) -> Solver:
    """CP-SAT of OR-Tools, on whole numbers: values in parts of 10,000, uses rounded up in parts of a billion."""
    from ortools.sat.python import cp_model

    worth, matrix, most = task.worth, task.matrix, task.most
    model = cp_model.CpModel()
    variables = [model.new_bool_var("") for _ in worth]
    for row, limit in enumerate(most):
        part = slice(matrix.indptr[row], matrix.indptr[row + 1])
        if part.start == part.stop:
            continue
        whole = (np.abs(matrix.data[part]) == 1.0).all()
        entries = matrix.data[part] if whole else np.ceil(matrix.data[part] * 1e9)
        terms = [variables[at] for at in matrix.indices[part]]
        total = cp_model.LinearExpr.weighted_sum(terms, entries.astype(np.int64).tolist())
        model.add(total <= int(limit if whole else limit * 1e9))
    model.maximize(cp_model.LinearExpr.weighted_sum(variables, np.rint(worth * 1e4).astype(np.int64).tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1

    def run() -> None:
        status = solver.solve(model)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            best.chosen = np.array([solver.boolean_value(one) for one in variables])
            best.bound = solver.best_objective_bound / 1e4

    return Solver(run, solver.stop_search)


def pdlp(task: Task, best: Best) -> Solver:
    """PDLP of OR-Tools: a bound, no plan."""
    from ortools.linear_solver.python import model_builder_helper

    worth, matrix, most = task.worth, task.matrix, task.most
    model = model_builder_helper.ModelBuilderHelper()
    model.fill_model_from_sparse_data(
        np.zeros(len(worth)), np.ones(len(worth)), -worth, np.full(len(most), -np.inf), most, matrix
    )
    solver = model_builder_helper.ModelSolverHelper("pdlp")

    def run() -> None:
        solver.solve(model)
        if solver.has_response():
            best.bound = -float(solver.best_objective_bound() or solver.objective_value())

    return Solver(run, solver.interrupt_solve)


SOLVERS = {"highs": highs, "scip": scip, "cpsat": cpsat, "pdlp": pdlp}

if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]))
