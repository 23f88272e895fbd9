"""What the files beside a run's tables say, as values with types.

The manifest names the scenarios, outcomes, years, groups and budgets of a run; `facts.json` carries the words and the
sources of every fact it read; `backtest.json`, where there is one, carries what the same model said about programmes
whose outcome is known.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")

FORMAT = 1
SHARE = "share"
"""The unit of a pure share, shown in percent."""


class Record(BaseModel):
    """A value read from JSON; later keys of the same format are let through, so that an old reader stays useful."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Text(Record):
    """The same words in both languages."""

    vi: str
    en: str

    def __getitem__(self, language: Language) -> str:
        """The words in one language."""
        return self.vi if language == "vi" else self.en


def _both(value: object) -> object:
    """A plain string serves both languages."""
    return {"vi": value, "en": value} if isinstance(value, str) else value


Words = Annotated[Text, BeforeValidator(_both)]


class Named(Record):
    """An identifier with its title."""

    id: str
    title: Words


class Scenario(Named):
    """One scenario of a run; the first of a manifest is the baseline.

    A `supposition` tells what would come if something were so; it is no design that anybody could choose.
    """

    note: Words | None = None
    programme_digest: str | None = None
    supposition: bool = False


def _share(value: object) -> object:
    """Percent is told as a share: the numbers of a run are canonical, so a percentage is a fraction of one."""
    return SHARE if value in {"%", "percent"} else value


Unit = Annotated[str, BeforeValidator(_share)]


class Outcome(Named):
    """A named quantity. A flow adds up over years; a stock and a mean stand at the end of each year."""

    unit: Unit
    kind: Literal["flow", "stock", "mean"]
    good: Literal["more", "less", "neutral"] = "neutral"
    note: Words | None = None


class Resource(Named):
    """What a budget is made of."""

    unit: str = "VND"


def _resource(value: object) -> object:
    """A resource given by its identifier alone is its own title."""
    return {"id": value, "title": value} if isinstance(value, str) else value


class Feed(Record):
    """Another programme whose outcome fills a budget, `lag` years later; `share` of it comes in."""

    programme: str
    outcome: str
    variant: str | None = None
    share: float = 1.0
    lag: int = 0
    title: Words | None = None
    outcome_title: Words | None = None


class BudgetLine(Record):
    """What one instrument may spend over the whole horizon, in the resource's canonical unit; none is no bound.

    `per_year` bounds each year beside it, or alone; `years` are those in which the instrument runs, all years of the
    run where it is not told. A capacity is what each combination of the columns `by` has in
    every period; its line is none.
    """

    scenario: str
    instrument: str
    resource: str
    line: float | None = None
    per_year: float | None = None
    years: tuple[int, ...] | None = None
    revolving: bool = False
    title: Words | None = None
    kind: Literal["budget", "capacity"] = "budget"
    by: tuple[str, ...] = ()
    fed_by: Feed | None = None


class Roles(Record):
    """Which outcome of the model plays which part in the report; a part whose outcome the run lacks is left out.

    `main` is what the programme is for, told first: without it the levels, else the first outcome that is good.
    `cost` is what the public pays, `private_cost` what those who take part pay.
    """

    main: str = ""
    cost: str = "subsidy"
    private_cost: str = ""
    money: str = "loan"
    investment: str = "investment"
    levels: str = "level_gain"
    level: str = "level"
    value_added: str = "value_added_gain"
    electricity: str = "electricity_saved"
    emissions: str = "emissions_avoided"
    units: str = "units"


class MarketText(Record):
    """What is traded on a model's market: its name, the unit of its quantities and that of its price."""

    title: Words
    unit: str
    price_unit: str


class PopulationText(Record):
    """The population a run was made on."""

    rows: int | None = None
    units: float | None = None
    source: str | None = None


class SourceText(Record):
    """A document, as the report cites it."""

    id: str = ""
    title: str = ""
    publisher: str | None = None
    date: str | None = None
    address: str | None = None


class PartText(Named):
    """A part of a city: where its words stand, and its lines, in degrees of longitude and latitude."""

    at: tuple[float, float]
    rings: tuple[tuple[tuple[float, float], ...], ...]


class OutlineText(Record):
    """Where the groups of one grouping lie; words in `together` stand for several parts."""

    column: str
    note: Words
    source: SourceText
    parts: tuple[PartText, ...]
    together: dict[str, tuple[str, ...]] = {}

    def of(self, group: str) -> tuple[PartText, ...]:
        """The parts of a group, none where it has no place."""
        names = self.together.get(group, (group,))
        return tuple(part for part in self.parts if part.id in names)


class Manifest(Record):
    """What `manifest.json` says.

    `unit_title` is what the population's units are called when counted (*households*) and `unit_one` one of them
    (*household*); `groupings` gives the groupings in the order in which the model declares them.
    """

    format: int
    haidang: str
    pack: str
    programme: str
    model: str
    seed: int
    draws: int = Field(ge=1)
    rows: int
    years: tuple[int, ...] = Field(min_length=1)
    scenarios: tuple[Scenario, ...] = Field(min_length=1)
    outcomes: tuple[Outcome, ...]
    alternatives: tuple[Named, ...] = ()
    stages: tuple[Named, ...] = ()
    groups: dict[str, tuple[Named, ...]] = {}
    groupings: tuple[str, ...] = ()
    columns: dict[str, Words] = {}
    outline: OutlineText | None = None
    resources: tuple[Annotated[Resource, BeforeValidator(_resource)], ...] = ()
    budgets: tuple[BudgetLine, ...] = ()
    roles: Roles = Roles()
    market: MarketText | None = None
    unit_title: Words | None = None
    unit_one: Words | None = None
    facts_read: tuple[str, ...] = ()
    inputs: dict[str, str] = {}
    digest: str = ""
    files: dict[str, str] = {}
    versions: dict[str, str] = {}
    times: dict[str, object] = {}
    population: PopulationText = PopulationText()
    command: str | None = None


class RivalText(Record):
    """One of several published values of a fact."""

    id: str = ""
    value: float | None = None
    source: tuple[SourceText, ...] = ()


class FactText(Record):
    """A fact, as the report cites it. Its numbers are in `unit`; `place` is where in the source it stands."""

    title: Words
    value: float | str | None = None
    unit: str = ""
    range: tuple[float, float] | None = None
    se: float | None = None
    dated: dict[str, float] | None = None
    source: tuple[SourceText, ...] = ()
    place: Words | None = None
    assumption: Words | None = None
    note: Words | None = None
    chosen: str | None = None
    rivals: tuple[RivalText, ...] = ()


class Scores(Record):
    """Continuous ranked probability scores, in the quantity's unit; the smaller the better."""

    model: float | None = None
    official: float | None = None
    naive: float | None = None


class Rank(Record):
    """How well the forecasts' order agrees with what came: Kendall's tau-b, and how often chance agrees as well."""

    tau: float
    p: float
    cases: int


def _points(value: object) -> object:
    """Accept the quantile labels 5, "5" and "p5" alike."""
    if isinstance(value, dict):
        return {str(key).removeprefix("p"): number for key, number in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return value


Quantiles = Annotated[dict[str, float], BeforeValidator(_points)]


class Case(Record):
    """One thing that came and what stands beside it. A `fitted` case made the model, so it is shown and not scored.

    `cutoff` is the last day of what its own forecast knew, that of the whole list where it is not told.
    """

    id: str
    title: Words
    quantiles: Quantiles = {}
    outcome: float | None = None
    outcome_source: str | SourceText | None = None
    official: float | None = None
    naive: float | None = None
    crps: Scores = Scores()
    covered90: bool | None = None
    fitted: bool = False
    cutoff: str | None = None


class Backtest(Record):
    """A forecast made from what was known at a cutoff, and what came. `programmes` are those whose report shows it."""

    id: str
    title: Words
    cutoff: str
    quantity: Words
    unit: Unit
    kind: Literal["one", "class", "cases"] = "one"
    programmes: tuple[str, ...] = ()
    draws: tuple[float, ...] = ()
    quantiles: Quantiles = {}
    outcome: float | None = None
    outcome_source: str | SourceText | None = None
    official: float | None = None
    naive: float | None = None
    crps: Scores = Scores()
    covered90: bool | None = None
    coverage90: float | None = None
    scored: int | None = None
    worse_than_naive: bool | None = None
    rank: Rank | None = None
    cases: tuple[Case, ...] = ()
    read: tuple[str, ...] = ()
    note: Words | None = None
