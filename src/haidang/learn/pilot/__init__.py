"""Pilots: a programme given to some units so that its effect can be measured.

For: an office that wants to know before it spends, and an evaluator who must be believed after.
Given: one YAML (`declaration`) with units, arms, rule, outcome, estimator, guardrails and stop rules; units; a salt.
Gives: what each design can find (`power`, by the programme's own model), every unit's arm as anybody can derive it
again (`assign`), a register that only grows (`registration`), the analysis with every departure named (`analysis`),
facts that have learned (`learned`), and all of it in a simulated city where the truth is known (`circle`).
Never: draws a lot that cannot be repeated, analyses what was not registered, hides a departure or a lost unit.

A world (`world`) is a draw in which the engine says what each unit does in each arm, peers seeing peers or not.
"""
