"""What the pages show can be used as it stands."""

import re
import shlex
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from haidang.cli import app
from haidang.facts import FactBook, convert, parse_quantity
from haidang.learn import load_backtest
from haidang.learn.forecasts.suite_file import load_suite, suites_of
from haidang.learn.sealed import programmes_of
from haidang.packs.load import Pack, load_pack
from haidang.programmes import check_programme, parse_programme

FENCE = re.compile(r"(?ms)^```(?P<language>\w+)\n(?P<text>.*?)^```")


@cache
def hcmc() -> Pack:
    """The pack of the pages."""
    return load_pack("hcmc")


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a page in one language."""
    return [one["text"] for one in FENCE.finditer(page.read_text(encoding="utf-8")) if one["language"] == language]


def test_the_programme_of_the_page_passes_the_check_of_the_pack(root: Path) -> None:
    programme, budget, _, variants = blocks(root / "docs" / "howto" / "programme.md", "yaml")
    file = parse_programme(programme + variants, "programme.md")
    assert set(file.variants) == {"zones-first", "advice-instead"}
    with_two_budgets = re.sub(r"(?m)^    budget: .*\n", indented(budget, 4), programme)
    both = parse_programme(with_two_budgets, "programme.md").base
    assert [one.resource for one in both.instruments[0].budgets] == ["loan", "subsidy"]
    pack = hcmc()
    for one in [file.base, *file.variants.values(), both]:
        check_programme(one, pack.model(one.model).card, pack.book)


@pytest.mark.parametrize("page", ["howto/programme.md", "concepts/capacities.md"])
def test_the_capacities_of_the_page_are_those_of_a_programme(root: Path, page: str) -> None:
    (shown,) = [text for text in blocks(root / "docs" / page, "yaml") if text.startswith("capacity:")]
    file = hcmc().root / "programmes" / "public-e-bikes.yaml"
    assert indented(shown, 4) in file.read_text(encoding="utf-8")


def indented(text: str, spaces: int) -> str:
    """A block further to the right."""
    return "".join(" " * spaces + line for line in text.splitlines(keepends=True))


def test_the_facts_of_the_page_load_and_move_together(root: Path, tmp_path: Path) -> None:
    fact, joint = blocks(root / "docs" / "concepts" / "facts.md", "yaml")
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "credit.yaml").write_text(fact, encoding="utf-8")
    (tmp_path / "facts" / "together.yaml").write_text(joint, encoding="utf-8")
    source = (
        "sbv-2025-10: {title: Rates, publisher: State Bank of Vietnam, date: 2025-10, address: 'https://sbv.gov.vn'}"
    )
    (tmp_path / "sources.yaml").write_text(source, encoding="utf-8")
    book = FactBook.load(tmp_path)
    assert book.value("market_rate") == pytest.approx(0.0652)
    assert book.joints["learned"].facts == ("market_rate", "credit_line_share")


PROGRAMMES = ["carbon-market", "public-e-bikes", "remittances", "green-trucks", "rooftop-solar"]
PAGES = [
    *("README.md", "README.vi.md", "docs/tutorial.md", "docs/concepts/learn.md", "docs/concepts/population.md"),
    *(f"docs/howto/{name}.md" for name in ("programme", "register", "why", "backtest", "cluster")),
    *(f"docs/programmes/{name}.md" for name in ("index", *PROGRAMMES)),
]


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_page_names_what_there_is(root: Path, page: str) -> None:
    pack = hcmc()
    known = {
        "check": {"hcmc"},
        "population": {f"hcmc/{name}" for name in pack.populations},
        "run": {"hcmc", *(f"hcmc/{name}" for name in pack.programmes)},
        "backtest": {"all", "hcmc", *(f"hcmc/{name}" for name in (*pack.backtests, *suites_of(pack.root)))},
    }
    commands = [
        shlex.split(line, comments=True)[1:]
        for text in blocks(root / page, "sh")
        for line in text.splitlines()
        if line.startswith(".venv/bin/haidang ")
    ]
    assert commands != []
    unknown = [words for words in commands if words[0] in known and words[1] not in known[words[0]]]
    assert unknown == []


ROW = re.compile(r"(?m)^\| `(?P<id>[^`]+)`[^|]*\| (?P<text>[^|]+) \|")
NAMED = re.compile(r"`((?:carbon|bike|remit|truck|solar)_[a-z0-9_]+)`")


def section(page: str, heading: str) -> str:
    """What stands under a heading of a page, up to the next."""
    return page.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


@pytest.mark.parametrize("name", PROGRAMMES)
def test_the_page_of_a_programme_names_its_variants_its_backtests_and_facts_that_there_are(
    root: Path, name: str
) -> None:
    page = (root / "docs" / "programmes" / f"{name}.md").read_text(encoding="utf-8")
    pack = hcmc()
    listed = {one for row in ROW.finditer(section(page, "Variants")) for one in (row["id"], *more(row[0]))}
    assert listed == set(pack.programme(name).variants)
    held = {found for found in pack.backtests if name in programmes_of(pack, found)}
    assert {found for found in held if f"`{found}" not in section(page, "What it was held against")} == set()
    assert set(NAMED.findall(page)) - set(pack.book.facts) == set()


@pytest.mark.parametrize("name", PROGRAMMES)
def test_what_a_page_calls_published_is_published_and_stands_in_the_pack(root: Path, name: str) -> None:
    page = (root / "docs" / "programmes" / f"{name}.md").read_text(encoding="utf-8")
    book = hcmc().book
    rows = list(ROW.finditer(section(page, "What is published")))
    assert rows != []
    for row in rows:
        fact = book.fact(row["id"])
        assert fact.source != ()
        assert fact.assumption is None
        value, unit = parse_quantity(row["text"].replace(",", ""))
        assert convert(value, unit, fact.unit) == pytest.approx(fact.value), row["id"]
    for one in NAMED.findall(section(page, "What is assumed")):
        rivals = [rival.claim.assumption for rival in book.fact(one).rivals]
        assert one in {row["id"] for row in rows} or any([book.fact(one).assumption, *rivals]), one


def more(row: str) -> list[str]:
    """The other ids in the first cell of a row."""
    return re.findall(r"`([^`]+)`", row.split("|")[1])[1:]


def test_the_backtests_of_the_page_are_files_that_load(root: Path, tmp_path: Path) -> None:
    one, of_class, of_cases, of_series = blocks(root / "docs" / "howto" / "backtest.md", "yaml")
    book = hcmc().book
    shipped = hcmc().root / "backtests"
    shutil.copytree(shipped / "rules", tmp_path / "rules")
    heads = {name: (shipped / f"{name}.yaml").read_text(encoding="utf-8").split("quantities:")[0] for name in SHOWN[1:]}
    for name, text in zip(SHOWN, (one, heads[SHOWN[1]] + of_class, heads[SHOWN[2]] + of_cases), strict=True):
        path = tmp_path / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        assert load_backtest(path, book).id == name
    suite = tmp_path / "electric-cars.yaml"
    suite.write_text(of_series, encoding="utf-8")
    assert load_suite(suite).origins == load_suite(suites_of(hcmc().root)["electric-cars"]).origins


SHOWN = ("solar-rush-2020", "carbon-first-years", "diaspora-bonds")
NEW_POLICY = "docs/tutorial/new-policy.md"
INCLUDED = re.compile(r"(?m)^--8<--\n(?P<file>[^\n]+)\n--8<--$")


def files_of_the_new_policy(root: Path) -> list[Path]:
    """The files of the pack that the tutorial makes from nothing."""
    folder = root / "docs" / "tutorial" / "my-city"
    return sorted(path for path in folder.rglob("*") if path.suffix in {".yaml", ".py"})


def test_the_new_policy_takes_at_most_a_hundred_lines_and_the_page_shows_them_all(root: Path) -> None:
    files = files_of_the_new_policy(root)
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) <= 100
    assert max(map(len, lines)) <= 120
    shown = INCLUDED.findall((root / NEW_POLICY).read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(str(path.relative_to(root / "docs" / "tutorial")) for path in files)


def test_the_new_policy_goes_from_an_empty_folder_to_a_report_by_the_commands_of_its_page(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in files_of_the_new_policy(root):
        place = tmp_path / path.relative_to(root / "docs" / "tutorial")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
    monkeypatch.chdir(tmp_path)
    commands = [
        shlex.split(line, comments=True)
        for text in blocks(root / NEW_POLICY, "sh")
        for line in text.splitlines()
        if line.startswith(("haidang ", "pytest "))
    ]
    assert [words[1] for words in commands if words[0] == "haidang"] == (
        ["check", "population", "check", "run", "report", "why"]
    )
    for words in commands:
        if words[0] == "pytest":
            asked = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words[1:]]
            found = subprocess.run(asked, capture_output=True, text=True)
            assert found.returncode == 0, found.stdout
            assert "1 passed" in found.stdout
            continue
        # The page draws often enough for its intervals; what is tried here is the way.
        few = ["--draws", "4", "--rows", "512"] if words[1] == "run" else []
        result = CliRunner().invoke(app, [*words[1:], *few])
        assert result.exit_code == 0, (words, result.exception)
    report = (tmp_path / "runs" / "my-city-school-bus-1" / "report.html").read_text(encoding="utf-8")
    for variant in load_pack("my-city").programme("school-bus").variants.values():
        assert variant.title["en"] in report


def test_the_design_of_the_page_can_be_run(root: Path) -> None:
    from haidang.study import design_mistakes, parse_design, supposing

    (text,) = blocks(root / "docs" / "howto" / "design.md", "yaml")
    design = parse_design(text, "design.md")
    assert design_mistakes(supposing(hcmc(), [design]), design) == ()
