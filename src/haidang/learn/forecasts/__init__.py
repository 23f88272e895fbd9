"""Series forecast from what was known, beside rivals, and held against what came.

Given: a suite (`suite_file`): which file has the series, where each is cut, how values are bounded; and the file.
Gives: `run_suite`, for every series and origin the draws of every forecaster, scored, in one table (`scored`); shown on
a terminal (`show`) or as a page with fans and a reliability plot (`page`).
Never: hands a forecaster a number from behind the origin, carries a data file, hides that a naive rival was nearer.

Our own forecaster (`diffusion`) is a Bass path among unlike adopters, with chance in its pace and its ceiling unknown
(`path`); what it expects before it sees a series is what the others say (`pooled`, `posterior`), and how much of the
mean pace it takes is learned from trials (`mixed`). Rivals know no theory (`naive`), one
curve (`curves`), or much statistics (`statistical`).
"""
