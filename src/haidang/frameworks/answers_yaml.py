"""Answers in YAML: one factory in a file, or several in a list under `assessments`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from haidang.errors import Place, did_you_mean
from haidang.facts import Reader, Scalar, WrongValueError, canonical, read_yaml, same_dimension
from haidang.frameworks.assessment import (
    ANSWERS,
    CLAIMED,
    NOT_ANSWERED,
    STATUSES,
    Answer,
    AssessmentError,
    Campaign,
    Evidence,
    Factory,
    campaign_of,
    unknown_criterion,
)
from haidang.frameworks.framework import SECTORS, SIZES, Criterion, Framework
from haidang.frameworks.words import words

TOP_KEYS = ("framework", "version", "date", "assessor", "factory", "answers", "note")
FACTORY_KEYS = (
    "id", "name", "sector", "size", "employees", "revenue", "value_added", "electricity", "costs", "results",
)  # fmt: skip
ANSWER_KEYS = ("answer", "status", "evidence", "note")
EVIDENCE_KEYS = ("kind", "file", "sha256", "date", "expires", "note")
HASH = re.compile(r"[0-9a-f]{64}")
FACTORY_ID = re.compile(r"[^\W_](?:[\w .-]{0,62}\w)?")
LARGEST_EVIDENCE = 200_000_000


def read_answers_yaml(path: Path | str, framework: Framework) -> Campaign:
    """The answers in a YAML file.

    Raises:
        HaidangError: the file cannot be read, or an answer does not fit the framework, with file, line and key.
    """
    top = Reader(read_yaml(path), path)
    entries = top.each("assessments") if "assessments" in top.keys else (top,)
    if "assessments" in top.keys:
        top.forbid_unknown(("assessments",))
    return campaign_of(framework, [_assessment(entry, framework) for entry in entries])


def _assessment(entry: Reader, framework: Framework) -> tuple[Factory, Mapping[str, Answer]]:
    entry.forbid_unknown(TOP_KEYS)
    same_framework(
        framework, entry.text_or("framework", None), entry.text_or("version", None), entry.place("framework")
    )
    factory = _factory(entry)
    answers = entry.child("answers")
    criteria = {one.id: one for one in framework.criteria}
    for name in answers.keys:
        if name not in criteria:
            raise unknown_criterion(name, framework, answers.place(name))
    return factory, {name: _answer(answers, name, criteria[name]) for name in answers.keys}


def same_framework(framework: Framework, name: str | None, version: str | None, place: Place) -> None:
    """See that answers were given under this framework and this version.

    Raises:
        AssessmentError: they were given under another.
    """
    if name is not None and name != framework.id:
        raise AssessmentError(f"expected answers under '{framework.id}', found '{name}'", place)
    if version is not None and version != framework.version:
        problem = f"expected version {framework.version} of '{framework.id}', found {version}"
        raise AssessmentError(problem, place, "answers count for the version under which they were given")


def _factory(entry: Reader) -> Factory:
    own = entry.child("factory")
    own.forbid_unknown(FACTORY_KEYS)
    day = day_of(entry, "date")
    if day is None:
        entry.required("date")
        raise AssertionError
    costs = own.child_or("costs", None)
    results = own.texts_or("results", ())
    for name in results:
        if name not in words("results"):
            problem = f"expected a result, found '{name}'"
            raise WrongValueError(problem, own.place("results"), did_you_mean(name, words("results")))
    return Factory(
        id=factory_id(own.text("id"), own.place("id")),
        name=own.text_or("name", own.text("id")),
        sector=own.one_of("sector", SECTORS),
        size=own.one_of("size", SIZES),
        day=day,
        assessor=entry.text("assessor"),
        employees=_positive(own, "employees", own.number_or("employees", None)),
        revenue=_amount(own, "revenue", "VND/year"),
        value_added=_amount(own, "value_added", "VND/year"),
        electricity=_amount(own, "electricity", "kWh/year"),
        costs={} if costs is None else _costs(costs),
        results=results,
        place=own.place("id"),
    )


def factory_id(text: str, place: Place) -> str:
    """A factory's id: letters, digits, spaces, `.`, `_` and `-`, at most 64.

    Raises:
        AssessmentError: it is none.
    """
    if FACTORY_ID.fullmatch(text) is None:
        raise AssessmentError(f"expected a factory's id of letters, digits and '-', found '{text[:60]}'", place)
    return text


def _amount(own: Reader, key: str, unit: str) -> float | None:
    if own.optional(key) is None:
        return None
    value, found = own.quantity(key)
    if not same_dimension(found or "1", unit):
        raise WrongValueError(f"expected an amount in {unit}, found '{found}'", own.place(key))
    return _positive(own, key, canonical(value, found or "1"))


def _positive(own: Reader, key: str, value: float | None) -> float | None:
    if value is not None and value <= 0:
        raise WrongValueError(f"expected more than 0, found {value:g}", own.place(key))
    return value


def _costs(costs: Reader) -> Mapping[str, float]:
    costs.forbid_unknown(words("costs"))
    shares: dict[str, float] = {}
    for key in costs.keys:
        value, unit = costs.quantity(key)
        shares[key] = canonical(value, unit or "1")
        if not 0 <= shares[key] <= 1:
            raise WrongValueError("expected a share from 0 to 100 %, found another", costs.place(key))
    if sum(shares.values()) > 1 + 1e-9:
        raise WrongValueError(f"expected shares up to 100 %, found {100 * sum(shares.values()):g} %", costs.place())
    return shares


def _answer(answers: Reader, name: str, criterion: Criterion) -> Answer:
    node = answers.optional(name)
    if node is None:
        return Answer(NOT_ANSWERED)
    if isinstance(node, Scalar):
        return Answer(ANSWERS.index(answers.one_of(name, ANSWERS)))
    own = answers.child(name)
    own.forbid_unknown(ANSWER_KEYS)
    status = STATUSES.index(own.one_of_or("status", STATUSES, "claimed"))
    evidence = tuple(_evidence(one, criterion) for one in own.each("evidence")) if "evidence" in own.keys else ()
    if status > CLAIMED and not evidence:
        problem = f"expected evidence behind an answer that is {STATUSES[status]}, found none"
        raise AssessmentError(problem, own.place("status"), "add it, or say 'claimed'")
    return Answer(ANSWERS.index(own.one_of("answer", ANSWERS)), status, evidence, own.text_or("note", None))


def _evidence(one: Reader, criterion: Criterion) -> Evidence:
    one.forbid_unknown(EVIDENCE_KEYS)
    kind, file = one.text("kind"), one.text_or("file", None)
    accepted(kind, criterion, one.place("kind"))
    day, expires = day_of(one, "date"), day_of(one, "expires")
    in_order(day, expires, one.place("expires"))
    digest = hashed(one.text_or("sha256", None), file, Path(one.path).parent, one.place("sha256"))
    return Evidence(kind, file, digest, day, expires, one.text_or("note", None))


def accepted(kind: str, criterion: Criterion, place: Place) -> None:
    """See that a criterion accepts a kind of evidence.

    Raises:
        AssessmentError: it does not.
    """
    if kind not in criterion.evidence_kinds:
        problem = f"expected evidence for '{criterion.id}' of {', '.join(criterion.evidence_kinds)}, found '{kind}'"
        raise AssessmentError(problem, place, None)


def in_order(day: date | None, expires: date | None, place: Place) -> None:
    """See that evidence does not expire before it was made.

    Raises:
        AssessmentError: it does.
    """
    if day is not None and expires is not None and expires < day:
        raise AssessmentError(f"expected a day from {day} on, found {expires}", place)


def hashed(stated: str | None, file: str | None, folder: Path, place: Place) -> str | None:
    """The hash of a piece of evidence: as stated, and held against the file where that lies beside the answers.

    Raises:
        AssessmentError: it is no hash, or the file has another.
    """
    if stated is not None and HASH.fullmatch(stated) is None:
        raise AssessmentError("expected a SHA-256 of 64 small hexadecimal digits, found another text", place)
    if file is None or not _beside(folder, file):
        return stated
    kept = folder / file
    if kept.stat().st_size > LARGEST_EVIDENCE:
        raise AssessmentError(f"expected evidence of at most {LARGEST_EVIDENCE / 1e6:g} MB, found more", place)
    with kept.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if stated is not None and stated != found:
        problem = f"expected the hash of '{file}', {found[:12]}..., found {stated[:12]}..."
        raise AssessmentError(problem, place, "the file was changed after it was assessed")
    return found


def _beside(folder: Path, file: str) -> bool:
    """Whether a file lies in the folder of the answers or below; nothing else is ever opened."""
    try:
        inside = (folder / file).resolve()
        return inside.is_file() and inside.is_relative_to(folder.resolve())
    except (OSError, ValueError):
        return False


def day_of(entry: Reader, key: str) -> date | None:
    """The day of a key, such as 2026-11-22; none where it is not written.

    Raises:
        WrongValueError: it is no day.
    """
    text = entry.text_or(key, None)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongValueError(f"expected a day such as 2026-11-22, found '{text}'", entry.place(key)) from None
