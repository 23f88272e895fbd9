"""Frameworks: maturity scales, assessments under them, and what they say.

For: how far a factory is, on what evidence, where its peers are, and what it should do next.
Given: a framework (YAML or Excel), answers (YAML, CSV, Excel; one factory or a campaign), relevance matrices, a dated
map from levels to technology groups.
Gives: raw answers, findings and scores, each apart; agreement of assessors; what moved; benchmarks; priorities.
Never: counts what is not answered as no, lets one total rule, shows fewer than five factories, opens a macro, computes
a score of another body's framework, or orders steps under a budget (that is the roadmap's).
"""

from haidang.frameworks.agreement import Agreement, Disagreement, Kappa, Move, agreement, moves, weighted_kappa
from haidang.frameworks.assessment import Answer, AssessmentError, Campaign, Evidence, Factory, campaign_of
from haidang.frameworks.benchmarks import Benchmark, Benchmarks, Quantile, benchmarks
from haidang.frameworks.collect import read_assessments
from haidang.frameworks.describe import check_framework, framework_json, framework_lines, framework_list
from haidang.frameworks.findings import Finding, findings
from haidang.frameworks.framework import Area, Capability, Criterion, Framework, FrameworkError, RightsError
from haidang.frameworks.priorities import Priorities, Priority, priorities
from haidang.frameworks.read import find_framework, load_framework, parse_framework, shipped
from haidang.frameworks.relevance import Relevance, find_relevance, load_relevance
from haidang.frameworks.score import Profile, Scores, score
from haidang.frameworks.sheets import SheetError
from haidang.frameworks.store import write_assessment
from haidang.frameworks.technology import (
    TechnologyGroup,
    TechnologyMap,
    find_technologies,
    in_place,
    levels_implied,
    load_technologies,
    model_levels,
)
from haidang.frameworks.template import write_template
from haidang.frameworks.workbook import from_excel, to_excel
from haidang.frameworks.write import WriteError, framework_yaml, write_text

__all__ = [
    "Agreement",
    "Answer",
    "Area",
    "AssessmentError",
    "Benchmark",
    "Benchmarks",
    "Campaign",
    "Capability",
    "Criterion",
    "Disagreement",
    "Evidence",
    "Factory",
    "Finding",
    "Framework",
    "FrameworkError",
    "Kappa",
    "Move",
    "Priorities",
    "Priority",
    "Profile",
    "Quantile",
    "Relevance",
    "RightsError",
    "Scores",
    "SheetError",
    "TechnologyGroup",
    "TechnologyMap",
    "WriteError",
    "agreement",
    "benchmarks",
    "campaign_of",
    "check_framework",
    "find_framework",
    "find_relevance",
    "find_technologies",
    "findings",
    "framework_json",
    "framework_lines",
    "framework_list",
    "framework_yaml",
    "from_excel",
    "in_place",
    "levels_implied",
    "load_framework",
    "load_relevance",
    "load_technologies",
    "model_levels",
    "moves",
    "parse_framework",
    "priorities",
    "read_assessments",
    "score",
    "shipped",
    "to_excel",
    "weighted_kappa",
    "write_assessment",
    "write_template",
    "write_text",
]
