"""Allocate: who should get what, and what one factory should do in which order.

For: a programme's money given where it adds most, unit by unit, proven and judged (`allocation.allocate`); and a unit's
roadmap, solved exactly, with what would change it; the report that a factory takes away.
Given: steps with cost, effect and prerequisites; years, a budget a year, a goal; programmes that may pay.
Gives: the optimal order of steps with its bound, the next best ones, break-even prices and effects, and where a goal
cannot be reached, which constraint binds and what would be enough.
Never: reads answers or scores them, changes a programme, or shows a plan that was not proven best without saying so.
"""
