"""Signatures, until each stands in its module (deleted then)."""

# randomised.py
#   randomised(table, outcome, treated, *, covariates=(), strata=None, weights=None, level=0.95) -> Effect
# clustered.py
#   clustered(table, outcome, treated, cluster, *, covariates=(), strata=None, level=0.95) -> Effect
# paired.py
#   paired(table, outcome, treated, pair, *, covariates=(), level=0.95) -> Effect
# encouraged.py
#   encouraged(table, outcome, takeup, encouraged, *, covariates=(), strata=None, cluster=None, level=0.95) -> Effect
# staggered.py
#   staggered(table, outcome, unit, period, first_treated, *, covariates=(), cluster=None, level=0.95) -> Effect
#     first_treated: the period of first treatment, null for never; OR staggered_from_treated(table, ..., treated)
# synthetic.py
#   synthetic_control(table, outcome, unit, period, treated, *, level=0.95) -> Effect        # treated: 0/1 unit-period
#   synthetic_did(table, outcome, unit, period, treated, *, draws=200, seed=0, level=0.95) -> Effect
# cutoff.py
#   at_cutoff(table, outcome, score, cutoff, *, treated_above=True, takeup=None, covariates=(), level=0.95) -> Effect
# repeat.py
#   randomisation_inference(table, outcome, treated, assignments, *, covariates=(), strata=None, draws=9999, seed=0,
#                           level=0.95) -> Effect
#     assignments: Assignments (draw, count, every) or a callable generator -> 0/1 array in the order of the rows
#   Assignments; permuted(treated, strata=None, clusters=None) -> Assignments; flipped(treated, pairs) -> Assignments
# bounds.py
#   lee_bounds(table, outcome, treated, *, level=0.95) -> Bounds       # outcome null where the unit was lost
# decide.py
#   decide(effect, smallest_worthwhile, *, better="more"|"less") -> Decision(action: scale|change|stop, reason: key, ...)
# report/
#   Evaluation(title, question, outcome, unit, better, smallest_worthwhile, effect, decision, deviations, bounds, ...)
#   write_evaluation(evaluation, folder, language) -> Path
#   Deviation(what: Titles, why: Titles)
# mistakes.py
#   EvaluationError(HaidangError) and its kinds
