"""Evaluation: did the programme work, by how much, and how sure is that.

For: a pilot's or a programme's data, analysed by the design that made them.
Given: a polars table and the names of its columns; for randomisation inference, the very draw of the assignment.
Gives: one `Effect` for each design (`randomised`, `clustered`, `paired`, `encouraged`, `staggered`,
`synthetic_control`, `synthetic_did`, `at_cutoff`) with diagnostics and a second estimator; `randomisation_inference`,
`lee_bounds`; `decide`, the rule declared beforehand; `write_evaluation`, the report in both languages.
Never: drops a row, hides a warning, or gives an interval where the design's approximation is known to fail.

Estimators are those of diff-diff and pyfixest; ours are what has to repeat the assignment (`repeat`), placebos, bounds.
"""
