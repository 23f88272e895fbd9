"""What the commands about frameworks, assessments and roadmaps show."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from haidang.faces.words import CommandError, console, language

if TYPE_CHECKING:
    from haidang.allocate.factory import Advice
    from haidang.allocate.roadmap import Goal, Obstacle
    from haidang.frameworks import Benchmarks, Campaign, Framework, Scores

_SHOWN = 20
"""How many factories' levels are printed; the files hold them all."""
_MARKS = {True: "✓", False: "✗", None: "?"}
_GOALS = ("npv", "level", "carbon")

_MODEL = "factories"
"""The model whose units a framework assesses: its programmes are the ones that may pay for their steps."""


def print_json(document: Any) -> None:
    """Print one JSON document with stable keys."""
    print(json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False, default=str))


def list_frameworks(lang: str, as_json: bool) -> None:
    """The frameworks that come with Haidang, one a line."""
    from haidang.frameworks import framework_list

    found = framework_list(language(lang))
    if as_json:
        print_json([dict(one) for one in found])
        return
    for one in found:
        print("  ".join(str(value) for value in one.values()))


def show_framework(name: str, lang: str, as_json: bool) -> None:
    """A framework's areas, capabilities and criteria."""
    from haidang.frameworks import find_framework, framework_json, framework_lines

    found = find_framework(name)
    if as_json:
        print_json(framework_json(found))
        return
    print("\n".join(framework_lines(found, language(lang))))


def check_framework_file(path: Path) -> None:
    """Whether a framework's file is as it should be."""
    from haidang.frameworks import check_framework

    found = check_framework(path)
    capabilities = [one for area in found.areas for one in area.capabilities]
    criteria = sum(len(one.criteria) for one in capabilities)
    print(f"{found.id}: {len(found.areas)} areas, {len(capabilities)} capabilities, {criteria} criteria: in order")


def framework_to_excel(name: str, path: Path, lang: str) -> None:
    """Write a framework as a workbook."""
    from haidang.frameworks import find_framework, to_excel

    print(to_excel(find_framework(name), path, language(lang)))


def framework_from_excel(path: Path, out: Path | None) -> None:
    """Read a framework from a workbook; print it as YAML or write it."""
    from haidang.frameworks import framework_yaml, from_excel, write_text

    text = framework_yaml(from_excel(path))
    if out is None:
        print(text, end="")
        return
    write_text(out, text)
    print(out)


def write_answer_template(name: str, out: Path, lang: str) -> None:
    """Write a workbook with drop-downs, to be filled in for one factory."""
    from haidang.frameworks import find_framework, write_template

    print(write_template(find_framework(name), out, language(lang)))


def assess(paths: Sequence[Path], name: str, out: Path, lang: str, as_json: bool, peers: Path | None = None) -> None:
    """Score assessments, write answers, findings and scores apart, and a report for a single factory."""
    from haidang.frameworks import benchmarks, find_framework, read_assessments, score, write_assessment

    spoken = language(lang)
    framework = find_framework(name)
    campaign = read_assessments(list(paths), framework)
    scores = score(campaign)
    written = list(write_assessment(campaign, scores, out))
    compared: Benchmarks = {}
    if len(campaign.factories) == 1:
        written += _factory_report(campaign, scores, out, spoken, _peers(peers, framework))
    else:
        compared = benchmarks(campaign, scores)
        written.append(_write_benchmarks(compared, out / "benchmarks.csv"))
    if as_json:
        print_json({"scores": _scores_json(campaign, scores), "files": [str(path) for path in written]})
        return
    _print_scores(campaign, scores, framework, spoken)
    if len(campaign.factories) > 1:
        shown = sum(one.shown != "none" for one in compared.values())
        words = {
            "en": "comparisons with peers rest on five factories or more",
            "vi": "so sánh dựa trên ít nhất năm nhà máy",
        }
        print(f"{shown}/{len(compared)} {words[spoken]}")
    for path in written:
        print(path)


def _write_benchmarks(compared: Benchmarks, path: Path) -> Path:
    """Quartiles of peers by sector and size, with their intervals; a group under five factories has no row."""
    from haidang.frameworks import write_text

    lines = ["part,id,sector,size,shown,factories,own_share,quantile,value,low,high"]
    for one in compared.values():
        head = f"{one.part},{one.id},{one.sector},{one.size},{one.shown},{one.factories},{one.own_share:.4f}"
        lines += [f"{head},{q.q},{q.value:.4f},{q.low:.4f},{q.high:.4f}" for q in one.quantiles]
    write_text(path, "\n".join(lines) + "\n")
    return path


def _peers(path: Path | None, framework: Framework) -> Benchmarks | None:
    """Where the factories of a campaign stand, for one factory to be compared with; none where no campaign is given."""
    from haidang.frameworks import benchmarks, read_assessments, score

    if path is None:
        return None
    campaign = read_assessments([path], framework)
    return benchmarks(campaign, score(campaign))


def _factory_report(campaign: Campaign, scores: Scores, out: Path, lang: Any, peers: Benchmarks | None) -> list[Path]:
    from haidang.allocate.factory import advise
    from haidang.frameworks import find_relevance, find_technologies

    advice = advise(
        campaign,
        scores,
        0,
        relevance=find_relevance(campaign.framework),
        peers=peers,
        technologies=find_technologies(campaign.framework),
    )
    return write_advice(advice, out, lang)


def write_advice(advice: Advice, out: Path, lang: Any) -> list[Path]:
    """What one factory takes away: HTML in both languages, a workbook, and a PDF where one can be made."""
    from importlib.util import find_spec

    from haidang.allocate.factory_report import write_factory_pdf, write_factory_report, write_factory_workbook

    out.mkdir(parents=True, exist_ok=True)
    ordered: Any = (lang, *(one for one in ("vi", "en") if one != lang))
    written = [
        write_factory_report(advice, out / "report.html", ordered),
        write_factory_workbook(advice, out / "report.xlsx", lang),
    ]
    return [*written, write_factory_pdf(advice, out / "report.pdf", lang)] if find_spec("weasyprint") else written


def make_roadmap(
    path: Path, name: str, budget: str, goal: str, to: int, since: int, pack_name: str, out: Path | None, lang: str,
    as_json: bool, peers: Path | None = None,
) -> None:  # fmt: skip
    """The best order of steps for one assessed factory, with what would change it and who would pay."""
    from haidang.allocate.factory import advise, roadmap_json, yearly_budget
    from haidang.frameworks import find_framework, find_relevance, find_technologies, read_assessments, score
    from haidang.packs import load_pack

    spoken = language(lang)
    framework = find_framework(name)
    campaign = read_assessments([path], framework)
    if len(campaign.factories) != 1:
        raise CommandError(f"expected the assessment of one factory, found {len(campaign.factories)}")
    if to < since:
        raise CommandError(f"expected --to of {since} or later, found {to}")
    pack = load_pack(pack_name)
    technologies = find_technologies(framework)
    if technologies is None:
        raise CommandError(f"the framework '{framework.id}' has no map from levels to technology groups")
    programmes = [file.base for file in pack.programmes.values() if file.base.model == _MODEL]
    advice = advise(
        campaign,
        score(campaign),
        0,
        relevance=find_relevance(framework),
        peers=_peers(peers, framework),
        technologies=technologies,
        book=pack.book,
        programmes=programmes,
        years=tuple(range(since, to + 1)),
        budget=yearly_budget(budget),
        goal=_goal(goal),
    )
    if advice.roadmap is None:
        print("Không còn bước nào." if spoken == "vi" else "No step is left to take.")
        return
    if as_json:
        print_json(roadmap_json(advice.roadmap, advice.changes, advice.payers))
        return
    _print_roadmap(advice, spoken)
    for written in write_advice(advice, out or Path("runs") / f"roadmap-{advice.factory.id}", spoken):
        print(written)


def _goal(text: str) -> Goal:
    """The goal that is asked for: `npv`, `carbon`, `level` for the highest mean, `level:3` for a level everywhere."""
    from haidang.allocate.roadmap import Goal

    kind, _, level = text.partition(":")
    if kind not in _GOALS or (level and (kind != "level" or not level.isdigit())):
        raise CommandError(f"expected --goal npv, level, level:3 or carbon, found '{text}'")
    chosen: Any = kind
    return Goal(chosen, int(level) if level else None)


def _scores_json(campaign: Campaign, scores: Scores) -> list[dict[str, Any]]:
    """Levels by capability, claimed and verified apart; null where not known or where it does not apply."""
    names = [one.id for area in campaign.framework.areas for one in area.capabilities]
    found: list[dict[str, Any]] = []
    for row, factory in enumerate(campaign.factories):
        entry: dict[str, Any] = {"factory": factory.id, "name": factory.name, "as_of": scores.as_of.isoformat()}
        for label, profile in (("claimed", scores.claimed), ("verified", scores.verified)):
            entry[label] = {
                "levels": {name: _known(int(profile.level[row, place])) for place, name in enumerate(names)},
                "mean": _number(float(profile.mean[row])),
                "weakest": _number(float(profile.weakest[row])),
            }
        found.append(entry)
    return found


def _known(level: int) -> int | None:
    return level if level >= 0 else None


def _number(value: float) -> float | None:
    return None if value != value else round(value, 6)


def _print_scores(campaign: Campaign, scores: Scores, framework: Framework, lang: Any) -> None:
    """The mean level of each area, claimed and verified, for each factory of a small campaign."""
    from rich.table import Table

    heads = {
        "en": ("factory", "area", "claimed", "verified", "known"),
        "vi": ("nhà máy", "lĩnh vực", "tự khai", "đã xác minh", "đã biết"),
    }[lang]
    table = Table(*heads, box=None, header_style="bold")
    for row, factory in enumerate(campaign.factories[:_SHOWN]):
        for place, area in enumerate(framework.areas):
            table.add_row(
                factory.name if place == 0 else "",
                area.title[lang],
                _shown(float(scores.claimed.area_mean[row, place])),
                _shown(float(scores.verified.area_mean[row, place])),
                f"{float(scores.claimed.coverage[row, place]):.0%}",
            )
    console().print(table)


def _shown(value: float) -> str:
    return "-" if value != value else f"{value:.1f}"


def _print_roadmap(advice: Advice, lang: Any) -> None:
    """The steps in their years, what they come to, and who would pay."""
    from rich.table import Table

    answer = advice.roadmap
    if answer is None or answer.best is None:
        obstacle = None if answer is None else answer.obstacle
        print(_obstacle(obstacle, lang))
        return
    heads = {"en": ("year", "step", "cost, million VND"), "vi": ("năm", "bước", "chi phí, triệu đồng")}[lang]
    table = Table(*heads, box=None, header_style="bold")
    steps = {one.id: one for one in answer.question.steps}
    for name, year in sorted(answer.best.taken.items(), key=lambda one: (one[1], one[0])):
        table.add_row(str(year), steps[name].title[lang], f"{steps[name].cost / 1e6:,.0f}")
    console().print(table)
    totals = {
        "en": f"net present value {answer.best.npv / 1e6:,.0f} million VND; {answer.best.carbon:,.1f} tCO2e avoided",
        "vi": f"giá trị hiện tại ròng {answer.best.npv / 1e6:,.0f} triệu đồng; giảm {answer.best.carbon:,.1f} tCO2e",
    }
    print(totals[lang])
    proven = {
        "en": ("proven: no roadmap is better under these assumptions", "not proven best"),
        "vi": ("đã chứng minh: không lộ trình nào tốt hơn với các giả định này", "chưa chứng minh là tốt nhất"),
    }[lang]
    print(proven[0] if answer.proven else proven[1])
    for payer in advice.payers:
        if payer.step in answer.best.taken:
            conditions = "; ".join(f"{one.text} {_MARKS[one.met]}" for one in payer.conditions)
            print(f"{steps[payer.step].title[lang]}: {payer.title[lang]} ({conditions})")


def _obstacle(obstacle: Obstacle | None, lang: Any) -> str:
    """Why a goal cannot be reached, and what would be enough."""
    if obstacle is None:
        return {"en": "No plan was found.", "vi": "Không tìm được lộ trình nào."}[lang]
    enough = "" if obstacle.budget is None else f" {obstacle.budget / 1e6:,.0f}"
    words = {
        "no_step": {
            "en": f"The goal cannot be reached: no step brings {', '.join(obstacle.areas)} there.",
            "vi": f"Không đạt được mục tiêu: không bước nào nâng được {', '.join(obstacle.areas)}.",
        },
        "years": {
            "en": "The goal cannot be reached: the years are too few, whatever the budget.",
            "vi": "Không đạt được mục tiêu: quá ít năm, dù ngân sách bao nhiêu.",
        },
        "budget": {
            "en": f"The goal cannot be reached with this budget;{enough} million VND a year would be enough.",
            "vi": f"Không đạt được mục tiêu với ngân sách này; mỗi năm{enough} triệu đồng thì đủ.",
        },
    }
    return words[obstacle.binds][lang]
