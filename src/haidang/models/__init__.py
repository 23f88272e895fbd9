"""What a model is, and the blocks that models share.

A model says what units of a population can do in a period and what follows from it: alternatives with their
availability, utility and use of resources, the state after a choice, the outcomes of a period, and the levers that a
programme may change. It is Python over columns: pure functions of arrays with one entry per unit, written with the
array names of `haidang.models.arrays`, so that reading a model's card never imports JAX.

Given: columns of units, facts of one draw, levers, chance. Gives: options, states, outcomes.
Never: reads files, draws random numbers, knows a programme, or sums over units. That is the engine's work.

Blocks: `logit` (choice), `funnel` (who reaches an offer), `diffusion` (learning from peers), `finance` (loans, present
values), `energy` (electricity and emissions), `abatement` (tonnes avoided, permits kept), `bonds` (what savers are
offered), `deadline` (now or later), `habit` (what fades and wears off), `ownership` (cost of owning), `renewal` (ends
of life), `travel` (ways of a trip).
"""

from haidang.models.model import (
    Alternative,
    Attribute,
    Card,
    Chance,
    Columns,
    Lever,
    Market,
    Model,
    Option,
    Outcome,
    Peers,
    Period,
    Resource,
    Scene,
    Stage,
    State,
    Taken,
)

__all__ = [
    "Alternative",
    "Attribute",
    "Card",
    "Chance",
    "Columns",
    "Lever",
    "Market",
    "Model",
    "Option",
    "Outcome",
    "Peers",
    "Period",
    "Resource",
    "Scene",
    "Stage",
    "State",
    "Taken",
]
