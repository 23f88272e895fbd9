"""Facts: the numbers that a pack states.

For: quantities with units of measure, ranges and distributions, sources, and mistakes with file and line.
Given: a pack's folder with `sources.yaml` and `facts/*.yaml`.
Gives: a `FactBook` of facts in canonical units; draws of the uncertain ones; `read_yaml` and `Reader` for every
other room that reads YAML.
Never: changes one currency into another silently, evaluates text as code, expands a YAML bomb, writes a file, or
imports jax, polars or, before the first draw, scipy.
"""

from haidang.facts.book import FactBook, describe, describe_source
from haidang.facts.distribution import Distribution
from haidang.facts.draws import draw_facts
from haidang.facts.fact import Claim, Fact, FactError, Rival, Source, SourceError, UnknownFactError, last_day
from haidang.facts.joint import Copula, Joint, semidefinite_factor
from haidang.facts.nodes import (
    MissingKeyError,
    Node,
    Scalar,
    Sequence,
    Table,
    UnknownKeyError,
    WrongValueError,
    YamlError,
)
from haidang.facts.reader import Reader, Words
from haidang.facts.suppose import moved_by, suppose_facts
from haidang.facts.units import (
    UnitError,
    canonical,
    canonical_unit,
    convert,
    parse_quantity,
    parse_unit,
    registry,
    same_dimension,
    unit_names,
)
from haidang.facts.wordbook import by_points, read_words, wordbook
from haidang.facts.yaml import parse_yaml, read_yaml

__all__ = [
    "Claim",
    "Copula",
    "Distribution",
    "Fact",
    "FactBook",
    "FactError",
    "Joint",
    "MissingKeyError",
    "Node",
    "Reader",
    "Rival",
    "Scalar",
    "Sequence",
    "Source",
    "SourceError",
    "Table",
    "UnitError",
    "UnknownFactError",
    "UnknownKeyError",
    "Words",
    "WrongValueError",
    "YamlError",
    "by_points",
    "canonical",
    "canonical_unit",
    "convert",
    "describe",
    "describe_source",
    "draw_facts",
    "last_day",
    "moved_by",
    "parse_quantity",
    "parse_unit",
    "parse_yaml",
    "read_words",
    "read_yaml",
    "registry",
    "same_dimension",
    "semidefinite_factor",
    "suppose_facts",
    "unit_names",
    "wordbook",
]
