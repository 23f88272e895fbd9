"""Scores of a forecast that is a distribution, from the floor below, where every room that forecasts finds them."""

from haidang.results.scores import crps, crps_of_normal, crps_of_point, inside, log_score, pit

__all__ = ["crps", "crps_of_normal", "crps_of_point", "inside", "log_score", "pit"]
