"""Programmes: what a city offers to whom, as data.

For: instruments with a condition, levers, budgets and a rule for who is served first; variants side by side; and the
small language in which conditions, levers and priorities are written.
Given: a YAML file, the card of the model whose levers it changes, the facts that it names.
Gives: a `Programme` whose every name and unit of measure has been checked; expressions that mean the same on the
engine's arrays, on a table of real applicants, and row by row as conditions met and not met.
Never: evaluates text as code, reads a population, decides who is served, or imports a model, jax or polars.
"""

from haidang.programmes.amend import amend_programme
from haidang.programmes.card import ModelCard, ModelColumn, ModelLever, ModelResource
from haidang.programmes.check import check_programme, programme_mistakes
from haidang.programmes.expression import Condition, Expression, parse
from haidang.programmes.load import load_programme, parse_programme, to_yaml
from haidang.programmes.programme import (
    Budget,
    Capacity,
    Feed,
    Instrument,
    Month,
    Programme,
    ProgrammeError,
    ProgrammeFile,
    Ration,
    describe,
)
from haidang.programmes.syntax import ExpressionError

__all__ = [
    "Budget",
    "Capacity",
    "Condition",
    "Expression",
    "ExpressionError",
    "Feed",
    "Instrument",
    "ModelCard",
    "ModelColumn",
    "ModelLever",
    "ModelResource",
    "Month",
    "Programme",
    "ProgrammeError",
    "ProgrammeFile",
    "Ration",
    "amend_programme",
    "check_programme",
    "describe",
    "load_programme",
    "parse",
    "parse_programme",
    "programme_mistakes",
    "to_yaml",
]
