"""`python fit_rivals.py WHO KIND CHOICES.npz`: the same choices estimated by another library, in its own words.

Needs numpy, pandas and the library alone, so that it runs in the environment of the packages compared against.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np

NAMES = ["asc_car", "asc_train", "b_cost", "b_time"]
DRAWS = 500


def main(who: str, kind: str, source: str) -> None:
    """Estimate twice, and print the first time's CPU seconds, the second's, and the log-likelihood."""
    data = np.load(source)
    seconds: list[float] = []
    value = 0.0
    for _ in range(2 if kind == "multinomial" else 1):
        begun = time.process_time()
        value = {"xlogit": xlogit, "biogeme": biogeme}[who](kind, data)
        seconds.append(time.process_time() - begun)
    print(json.dumps({"first_s": seconds[0], "again_s": seconds[-1], "log_likelihood": value}))


def xlogit(kind: str, data: dict[str, np.ndarray]) -> float:
    """The optimiser is the one of its two that converges on these data."""
    from xlogit import MixedLogit, MultinomialLogit

    rows = len(data["chosen"])
    alternatives = np.tile(np.arange(3), rows)
    common = {
        "X": data["slopes"].reshape(-1, 4),
        "y": (alternatives == np.repeat(data["chosen"], 3)).astype(int),
        "varnames": NAMES,
        "alts": alternatives,
        "ids": np.repeat(np.arange(rows), 3),
        "avail": data["available"].reshape(-1),
        "verbose": 0,
    }
    if kind == "multinomial":
        model = MultinomialLogit()
        model.fit(**common)
        return float(model.loglikelihood)
    panel = {"panels": np.repeat(data["unit"], 3)} if kind == "panel" else {}
    mixed = MixedLogit()
    mixed.fit(**common, **panel, randvars={"b_time": "n"}, n_draws=DRAWS, optim_method="L-BFGS-B")
    return float(mixed.loglikelihood)


def biogeme(kind: str, data: dict[str, np.ndarray]) -> float:
    """The plain logit in Biogeme's expressions."""
    if kind != "multinomial":
        raise SystemExit("only the plain logit")
    import pandas as pd
    from biogeme.biogeme import BIOGEME
    from biogeme.database import Database
    from biogeme.expressions import Beta, Variable
    from biogeme.models import loglogit

    columns: dict[str, np.ndarray] = {"chosen": data["chosen"].astype(float)}
    for place in range(3):
        columns[f"av{place}"] = data["available"][:, place].astype(float)
        for at, name in enumerate(NAMES):
            columns[f"{name}_{place}"] = data["slopes"][:, place, at]
    betas = {name: Beta(name, 0, None, None, 0) for name in NAMES}
    utilities = {p: sum(betas[name] * Variable(f"{name}_{p}") for name in NAMES) for p in range(3)}
    available = {p: Variable(f"av{p}") for p in range(3)}
    database = Database("choices", pd.DataFrame(columns))
    engine = BIOGEME(database, loglogit(utilities, available, Variable("chosen")))
    engine.modelName = "choices"
    engine.generate_html = engine.generate_pickle = engine.save_iterations = False
    return float(engine.estimate().data.logLike)


if __name__ == "__main__":
    main(*sys.argv[1:])
