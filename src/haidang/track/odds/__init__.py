"""The odds: how likely each target is reached by its date, as a distribution, and how sure one can be of that.

Given: published values with their days, projects and promises by stage, payments, and what a run says a programme adds.
Gives: for levels, shares, ranks and growth `level_odds` and `growth_odds`, for rivals `rank_among`, for counts, money
and states of affairs `count_odds`, `amount_odds` and `status_odds`; each an `Odds` with its fan, `required` for what
would have to be true, `fan_figure` to show it, and an archive of forecasts that is scored when the outcome is known.
Never: tells a number from no value, hides in a colour that data are few, draws at random, reads a file
but the archive, or plugs in a fitted parameter as if it were known. What is assumed stands in `priors`.
"""

from haidang.track.odds.archive import Archived, ArchiveError, Came, Scored, append, hash_of_inputs, head, read, scored
from haidang.track.odds.counts import StageChance, beta_binomial, pipeline
from haidang.track.odds.forecast import Bound, Chance, Counted, chance
from haidang.track.odds.histories import stage_waits
from haidang.track.odds.levels import Asked, Growing, growth_odds, level_odds, level_of
from haidang.track.odds.reach import Reach, reaches, together
from haidang.track.odds.records import (
    REACHED,
    Status,
    amount_odds,
    arrived_odds,
    count_odds,
    known_well,
    started_odds,
    status_odds,
)
from haidang.track.odds.required import Required, required, required_growth
from haidang.track.odds.rivals import rank_among
from haidang.track.odds.scoring import Bin, brier, crps_of_points, murphy, reliability
from haidang.track.odds.series import OddsError, Series
from haidang.track.odds.stages import Arrival, StageWait, arrival, arrivals
from haidang.track.odds.told import Effect, Fan, Odds, Way

__all__ = [
    "REACHED",
    "ArchiveError",
    "Archived",
    "Arrival",
    "Asked",
    "Bin",
    "Bound",
    "Came",
    "Chance",
    "Counted",
    "Effect",
    "Fan",
    "Growing",
    "Odds",
    "OddsError",
    "Reach",
    "Required",
    "Scored",
    "Series",
    "StageChance",
    "StageWait",
    "Status",
    "Way",
    "amount_odds",
    "append",
    "arrival",
    "arrivals",
    "arrived_odds",
    "beta_binomial",
    "brier",
    "chance",
    "count_odds",
    "crps_of_points",
    "growth_odds",
    "hash_of_inputs",
    "head",
    "known_well",
    "level_odds",
    "level_of",
    "murphy",
    "pipeline",
    "rank_among",
    "reaches",
    "read",
    "reliability",
    "required",
    "required_growth",
    "scored",
    "stage_waits",
    "started_odds",
    "status_odds",
    "together",
]
