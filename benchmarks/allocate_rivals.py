"""`python allocate_rivals.py SOLVER TOWN.npz FOUND.npz SECONDS`: a town given to another solver, in its own words.

Needs numpy, scipy and the solver alone, so that it runs in the environment of the packages compared against.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse


def main(solver: str, source: str, target: str, seconds: float) -> None:
    """Solve, write who gets what, and print time, value and bound."""
    town = np.load(source)
    cells = np.argwhere(np.broadcast_to(town["eligible"][:, None, :], town["values"].shape))
    worth = town["values"][tuple(cells.T)]
    matrix, most = rows(town, cells)
    begun = time.process_time()
    chosen, bound = SOLVERS[solver](worth, matrix, most, seconds)
    spent = time.process_time() - begun
    choice = np.full(town["values"].shape[:2], -1, np.int8)
    for unit, year, option in cells[chosen] if chosen is not None else ():
        choice[unit, year] = option
    np.savez(target, choice=choice)
    print(json.dumps({"cpu_s": spent, "bound": bound, "found": chosen is not None, "peak_gb": peak_gb()}))


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


def highs(worth: np.ndarray, matrix: Any, most: np.ndarray, seconds: float) -> tuple[np.ndarray | None, float]:
    """HiGHS: branch and cut on one thread."""
    import highspy

    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("time_limit", seconds)
    model: Any = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(worth), len(most)
    model.col_cost_, model.col_lower_, model.col_upper_ = -worth, np.zeros(len(worth)), np.ones(len(worth))
    model.row_lower_, model.row_upper_ = np.full(len(most), -highspy.kHighsInf), most
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(worth)
    solver.passModel(model)
    solver.run()
    values = np.array(solver.getSolution().col_value)
    feasible = solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return (values > 0.5 if feasible else None), -float(solver.getInfo().mip_dual_bound)


def scip(worth: np.ndarray, matrix: Any, most: np.ndarray, seconds: float) -> tuple[np.ndarray | None, float]:
    """SCIP."""
    import pyscipopt

    model = pyscipopt.Model()
    model.hideOutput()
    model.setParam("limits/time", seconds)
    variables = [model.addVar(vtype="B", obj=-float(one)) for one in worth]
    for row, limit in enumerate(most):
        part = slice(matrix.indptr[row], matrix.indptr[row + 1])
        terms = zip(matrix.data[part], matrix.indices[part], strict=True)
        model.addCons(pyscipopt.quicksum(float(entry) * variables[at] for entry, at in terms) <= float(limit))
    model.optimize()
    if not model.getNSols():
        return None, -float(model.getDualbound())
    best = model.getBestSol()
    return np.array([model.getSolVal(best, one) > 0.5 for one in variables]), -float(model.getDualbound())


def cpsat(worth: np.ndarray, matrix: Any, most: np.ndarray, seconds: float) -> tuple[np.ndarray | None, float]:
    """CP-SAT of OR-Tools, on whole numbers: values in parts of 10,000, uses rounded up in parts of a million."""
    from ortools.sat.python import cp_model

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
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, float("inf")
    return np.array([solver.boolean_value(one) for one in variables]), solver.best_objective_bound / 1e4


def pdlp(worth: np.ndarray, matrix: Any, most: np.ndarray, seconds: float) -> tuple[np.ndarray | None, float]:
    """PDLP of OR-Tools: a bound, no plan."""
    from ortools.linear_solver.python import model_builder_helper

    model = model_builder_helper.ModelBuilderHelper()
    model.fill_model_from_sparse_data(
        np.zeros(len(worth)), np.ones(len(worth)), -worth, np.full(len(most), -np.inf), most, matrix
    )
    solver = model_builder_helper.ModelSolverHelper("pdlp")
    solver.set_time_limit_in_seconds(seconds)
    solver.solve(model)
    return None, -float(solver.best_objective_bound() or solver.objective_value())


SOLVERS = {"highs": highs, "scip": scip, "cpsat": cpsat, "pdlp": pdlp}

if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]))
