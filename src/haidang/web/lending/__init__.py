"""Lenders and the fund: who applies, what became of it, and how the line is used.

For: officers of lenders, and the city's analysts and approvers.
Given: applications of factories, what each factory consents that a lender sees, runs, allocation lists.
Gives: the pipeline, stage records that only grow, the line's use beside the forecast, lists with their reasons, and the
table on which a pilot is evaluated.
Never: shows a field without a consent that stands, filters or sorts by what it does not show, changes a record, or
computes a forecast or a reason.
"""
