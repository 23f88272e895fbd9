"""Monitoring: may a pilot be looked at after every arrival, and when must it stop.

For: a pilot that runs: reports come in unit by unit and somebody looks at each.
Given: the declaration, the assignment, and the reports so far in the order of their dates.
Gives: intervals for the effect and evidence against each guardrail that hold at every look at once (`sequences`), the
check that arms report in the shares drawn (`ratio`), stop rules with their reason (`watch`), and a log whose every
line holds the hash of the one before (`chain`).
Never: lets a false alarm become likelier by looking more often, forgets a look, changes one, or ends a pilot itself.
"""
