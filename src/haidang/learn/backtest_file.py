"""Reading a backtest's file: the programme's rules, the population, what may be read, what is forecast, what came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from haidang.errors import Place
from haidang.facts import FactBook, Reader, Scalar, last_day, read_yaml
from haidang.learn.quantity import BacktestError, Quantity, optional_expression, read_expression, read_quantity
from haidang.programmes import Expression, Programme, load_programme
from haidang.programmes.span import Span, read_span

KEYS = (
    "id", "title", "programme", "cutoff", "rules", "years", "months", "population", "use", "reads", "carried",
    "printed_later", "draws", "quantities", "cases",
)  # fmt: skip
CASE_KEYS = ("title", "cutoff", "set", "per", "came", "fitted", "official", "naive")
RULES = "rules"


@dataclass(frozen=True, slots=True)
class Carried:
    """Facts about how people behave, taken unchanged from another backtest, whatever the time between the two."""

    backtest: str
    facts: Mapping[str, Place]
    reason: str


@dataclass(frozen=True, slots=True)
class Customers:
    """A population laid out anew in each draw: bank customers whose loans sum to what is stated.

    Args:
        count: how many units there are; none where only their money matters.
        loans: what they owe together.
    """

    count: Expression | None
    loans: Expression


@dataclass(frozen=True, slots=True)
class Built:
    """A population of the pack, built from what the backtest may know.

    Args:
        population: its id.
        rows: how many rows; as its description says where none.
        place: where it is named.
    """

    population: str
    rows: int | None
    place: Place


@dataclass(frozen=True, slots=True)
class Case:
    """One of several things that happened, under the same rules with facts of its own.

    Args:
        id: its key.
        title: in both languages; none where the fact that came says it.
        cutoff: the last day of what its own facts may know.
        terms: for a fact that the model reads, what takes its place, over the case's facts.
        per: what its forecast is divided by; none for that of the quantity.
        came: what came, over facts.
        fitted: whether the model's facts were fitted to it.
        official: the fact with its official forecast.
        naive: its own naive forecast; none for that of the quantity.
        place: where it stands.
    """

    id: str
    title: Mapping[str, str] | None
    cutoff: date
    terms: Mapping[str, Expression]
    per: Expression | None
    came: Expression
    fitted: bool
    official: str | None
    naive: Expression | None
    place: Place


@dataclass(frozen=True, slots=True)
class BacktestFile:
    """A backtest as its file states it.

    Args:
        id: its name.
        title: in both languages.
        programmes: the programmes whose report shows it; none for all.
        cutoff: the last day of what it may know.
        rules: the file of the rules, which are read again with what the backtest may know.
        programme: the rules as a programme.
        span: the periods.
        population: who acts.
        use: for facts with several published values, the one to take.
        reads: the facts it may read, each with the place where it is listed; none for all that its parts name.
        carried: facts taken from another backtest.
        printed_later: documents printed after the cutoff about something before it, with the reason.
        draws: how many draws where nobody asks for another number.
        quantities: what is forecast.
        cases: what it is forecast for, where that is not one thing alone.
        place: the file.
    """

    id: str
    title: Mapping[str, str]
    programmes: tuple[str, ...]
    cutoff: date
    rules: Path
    programme: Programme
    span: Span
    population: Customers | Built
    use: Mapping[str, str]
    reads: Mapping[str, Place] | None
    carried: Carried | None
    printed_later: Mapping[str, str]
    draws: int | None
    quantities: tuple[Quantity, ...]
    cases: tuple[Case, ...]
    place: Place


def load_backtest(path: Path, book: FactBook) -> BacktestFile:
    """Read a backtest and the rules it names.

    Raises:
        HaidangError: the first mistake, with file, line and key.
    """
    reader = Reader(read_yaml(path), path)
    reader.forbid_unknown(KEYS)
    reader.forbid_empty()
    cutoff = _day(reader, "cutoff")
    rules = _rules(reader, path)
    span = read_span(reader)
    population = _population(reader)
    quantities = _quantities(reader, span)
    laid = isinstance(population, Customers)
    return BacktestFile(
        id=_name(reader, path),
        title=reader.title(),
        programmes=read_programmes(reader),
        cutoff=cutoff,
        rules=rules,
        programme=load_programme(rules, book).base,
        span=span,
        population=population,
        use=_texts(reader, "use"),
        reads=_listed(reader, "reads") if laid or reader.optional("reads") is not None else None,
        carried=_carried(reader.child_or("carried", None)),
        printed_later=_texts(reader, "printed_later"),
        draws=_draws(reader),
        quantities=quantities,
        cases=_cases(reader, cutoff),
        place=reader.place("id"),
    )


def read_programmes(reader: Reader) -> tuple[str, ...]:
    """The programmes whose report shows a backtest, from the top of its file; none for all."""
    return reader.texts_or("programme", ())


def _name(reader: Reader, path: Path) -> str:
    name = reader.text("id")
    if name != path.stem:
        raise BacktestError(f"expected the name of the file, '{path.stem}', found '{name}'", reader.place("id"))
    return name


def _rules(reader: Reader, path: Path) -> Path:
    name = reader.text("rules")
    file = path.parent / RULES / f"{name}.yaml"
    if not file.is_file() or Path(name).name != name:
        raise BacktestError(f"expected the file {RULES}/{name}.yaml beside it, found none", reader.place("rules"))
    return file


def _population(reader: Reader) -> Customers | Built:
    population = reader.child("population")
    if "built" not in population.keys:
        population.forbid_unknown(("built", "rows", "customers", "loans"))
        return Customers(optional_expression(population, "customers"), read_expression(population, "loans"))
    population.forbid_unknown(("built", "rows"))
    rows = population.integer_or("rows", None)
    if rows is not None and rows < 1:
        raise BacktestError(f"expected one row or more, found {rows}", population.place("rows"))
    return Built(population.text("built"), rows, population.place("built"))


def _quantities(reader: Reader, span: Span) -> tuple[Quantity, ...]:
    months = span.months or tuple((year, month) for year in span.years for month in range(1, 13))
    found = tuple(read_quantity(name, one, months) for name, one in reader.children("quantities").items())
    if not found:
        raise BacktestError("expected something to forecast, found nothing", reader.place("quantities"))
    several = reader.optional("cases") is not None
    if several and len(found) > 1:
        raise BacktestError(f"expected one quantity for all cases, found {len(found)}", reader.place("quantities"))
    for one in found:
        if several and (one.came or one.official):
            raise BacktestError("expected what came beside each case, found it here", one.place)
        if not several and not one.came:
            raise BacktestError("expected the key 'came', found none", one.place)
        if len({came.text for came in one.came}) < len(one.came):
            raise BacktestError("expected each fact once, found one twice", one.place.at(f"quantities.{one.id}.came"))
    return found


def _cases(reader: Reader, cutoff: date) -> tuple[Case, ...]:
    if reader.optional("cases") is None:
        return ()
    found = tuple(_case(name, one, cutoff) for name, one in reader.children("cases").items())
    if all(one.fitted for one in found):
        raise BacktestError("expected a case that the model was not fitted to, found none", reader.place("cases"))
    return found


def _case(name: str, reader: Reader, cutoff: date) -> Case:
    reader.forbid_unknown(CASE_KEYS)
    terms = reader.child_or("set", None)
    return Case(
        id=name,
        title=reader.title_or(None),
        cutoff=cutoff if reader.optional("cutoff") is None else _day(reader, "cutoff"),
        terms={} if terms is None else {fact: read_expression(terms, fact) for fact in terms.keys},
        per=optional_expression(reader, "per"),
        came=read_expression(reader, "came"),
        fitted=reader.flag_or("fitted", False),
        official=reader.text_or("official", None),
        naive=optional_expression(reader, "naive"),
        place=reader.place(),
    )


def _carried(reader: Reader | None) -> Carried | None:
    if reader is None:
        return None
    reader.forbid_unknown(("from", "facts", "reason"))
    return Carried(reader.text("from"), _listed(reader, "facts"), reader.text("reason"))


def _draws(reader: Reader) -> int | None:
    draws = reader.integer_or("draws", None)
    if draws is not None and draws < 1:
        raise BacktestError(f"expected one draw or more, found {draws}", reader.place("draws"))
    return draws


def _listed(reader: Reader, key: str) -> dict[str, Place]:
    place = reader.place(key)
    return {
        node.text.strip(): Place(reader.path, node.line, place.key)
        for node in reader.items(key)
        if isinstance(node, Scalar)
    }


def _texts(reader: Reader, key: str) -> dict[str, str]:
    around = reader.child_or(key, None)
    return {} if around is None else {name: around.text(name) for name in around.keys}


def _day(reader: Reader, key: str) -> date:
    try:
        return last_day(reader.text(key))
    except ValueError:
        raise BacktestError("expected a day such as 2022-09-30", reader.place(key)) from None
