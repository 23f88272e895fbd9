"""Text that would be markup, script, formula or template if anything took it for more than text, and where it went.

Runs inside a site that nobody serves (`site.inside`): people fill in forms by Django's own client, every text field
with a payload of its own; every answer of the site is read by an HTML parser, which must find nothing born of one.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import lxml.html
import tinyhtml5
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.forms.forms import BaseForm
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils.translation import override

BORN, BREAKS = "q7z", "q7y"
"""The element and the attribute that only a payload can bring about."""
PRODUCT = 7 * 1931
EVIL = f"=javascript:'\"></textarea></title></script></style><{BORN}/{BREAKS}=1>{{{{7*1931}}}}"
"""A formula, a script's address, a way out of attributes and of each element that holds text alone, an element with
an attribute, a template. No blank, so that it fits into addresses as well."""
TOKEN = re.compile(r"q7t(\d+)t")
WHERE = frozenset({"href", "src", "action", "formaction", "data", "poster", "xlink:href"})
"""Attributes that hold an address."""
TEXTS = (forms.CharField, forms.FileField)
HELD = ("text", "search", "url", "email", "password", "tel", "textarea")
"""Controls into which text is written."""


@dataclass
class Seen:
    """What was planted, what the forms made of it, and what the answers showed."""

    number: int = 0
    names: dict[str, str] = field(default_factory=dict[str, str])
    sent: set[str] = field(default_factory=set[str])
    held: set[str] = field(default_factory=set[str])
    shown: set[str] = field(default_factory=set[str])
    classes: set[type] = field(default_factory=set[type])
    wrong: set[str] = field(default_factory=set[str])
    asked: set[str] = field(default_factory=set[str])
    routes: set[str] = field(default_factory=set[str])
    spoiled: set[tuple[str, ...]] = field(default_factory=set[tuple[str, ...]])
    pages: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])

    def evil(self, name: str) -> str:
        """A payload that is known again."""
        self.number += 1
        self.names[str(self.number)] = name
        return f"{EVIL}q7t{self.number}t"


SEEN = Seen()
BEFORE: list[Callable[[Somebody, str, dict[str, Any]], Callable[[], None]]] = []
"""What is done before each deed (`trespass`), and what is to be said of it once the deed was taken."""


def watch() -> None:
    """From now on write down what each form is given and what it lets through, and what is asked of an address."""
    clean, get, all_of = BaseForm.full_clean, QueryDict.__getitem__, QueryDict.getlist

    def full_clean(form: Any) -> None:
        clean(form)
        if not form.is_bound or not type(form).__module__.startswith("haidang."):
            return
        SEEN.classes.add(type(form))
        for name, one in form.fields.items():
            raw = one.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
            told = f"{type(form).__name__}.{plain(name)}"
            if BORN in str(getattr(raw, "name", raw)):
                SEEN.sent.add(told)
                kept = form.cleaned_data.get(name)
                if BORN in str(getattr(kept, "name", kept)):
                    SEEN.held.add(told)

    def getitem(query: Any, key: str) -> Any:
        SEEN.asked.add(key)
        return get(query, key)

    def getlist(query: Any, key: str, default: Any = None) -> Any:
        SEEN.asked.add(key)
        return all_of(query, key, default)

    BaseForm.full_clean = full_clean  # type: ignore[method-assign]
    QueryDict.__getitem__, QueryDict.getlist = getitem, getlist  # type: ignore[method-assign]


def plain(name: str) -> str:
    """A field's name without what it is about: the notes on all criteria are one field."""
    return re.sub(r"^(note|answer|status)-.*|__.*", r"\1", name)


def text_fields(form: type) -> Iterator[str]:
    """The fields of a form's class into which text is written."""
    for name, one in form.base_fields.items():  # type: ignore[attr-defined]
        if isinstance(one, TEXTS):
            yield f"{form.__name__}.{plain(name)}"


def route(path: str) -> str:
    """The name of an address in English, or in none of the languages."""
    try:
        with override("en"):
            return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


# What an answer shows.


def look(path: str, answer: HttpResponse) -> None:
    """Read an answer as whoever gets it would."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    SEEN.shown |= set(TOKEN.findall(unquote(answer.headers.get("Content-Disposition", ""))))
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if answer.status_code >= 500:
        SEEN.wrong.add(f"{path}: {answer.status_code}")
    if kind == "text/html" or "svg" in kind or "xml" in kind.partition("+")[0].partition("/")[2].split("."):
        text = body.decode()
        if BORN in text or str(PRODUCT) in text:
            SEEN.wrong |= {f"{route(path)}: {one}" for one in born(quick(text))}
            _keep(path, answer, text)
    elif kind == "text/csv":
        for cell in (cell for row in csv.reader(io.StringIO(body.decode("utf-8-sig"))) for cell in row):
            SEEN.shown |= set(TOKEN.findall(cell))
            if BORN in cell and (cell.startswith(("\t", "\r")) or cell.lstrip().startswith(("=", "+", "-", "@"))):
                SEEN.wrong.add(f"{route(path)}: a formula {cell[:20]}")
    elif kind == "application/json":
        SEEN.shown |= set(TOKEN.findall(json.dumps(json.loads(body))))
    elif kind.endswith("spreadsheetml.sheet") and "evidence" not in path and "files" not in path:
        SEEN.wrong |= {f"{route(path)}: a formula {one}" for one in _formulas(body)}
    if answer.status_code == 200 and answer.headers.get("X-Content-Type-Options") != "nosniff":
        SEEN.wrong.add(f"{route(path)}: {kind} may be taken for something else")


Piece = tuple[str, dict[str, str], str]
"""An element: its name, its attributes, the text that follows its beginning."""


class _Quick(HTMLParser):
    """The elements of a page in the order of their beginnings, without the tree: some milliseconds a page."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[tuple[str, dict[str, str], list[str]]] = [("", {}, [])]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pieces.append((tag, {name: value or "" for name, value in attrs}, []))

    def handle_data(self, data: str) -> None:
        self.pieces[-1][2].append(data)


def quick(text: str) -> Iterator[Piece]:
    """The elements of a page as the standard library's parser finds them."""
    parser = _Quick()
    parser.feed(text)
    parser.close()
    yield from ((tag, told, "".join(said)) for tag, told, said in parser.pieces)


def thorough(text: str) -> Iterator[Piece]:
    """The elements of a page as a browser builds them."""
    for one in tinyhtml5.parse(text).iter():
        tag = str(one.tag).rpartition("}")[2]
        whole = "".join(one.itertext()) if tag in {"script", "style"} else one.text or ""
        yield tag, {str(name).rpartition("}")[2]: str(value) for name, value in one.attrib.items()}, whole


def born(pieces: Iterable[Piece]) -> Iterator[str]:
    """What stands in a page that only a payload can have made."""
    for tag, told, text in pieces:
        SEEN.shown |= set(TOKEN.findall(" ".join((text, *told.values()))))
        if BORN in tag or (tag in {"script", "style"} and BORN in text):
            yield f"an element {tag}"
        if str(PRODUCT) in text or str(PRODUCT) in "".join(told.values()):
            yield f"a template in {tag}"
        for name, value in told.items():
            said = unquote(value).strip().lower()
            if BREAKS in name or name.startswith("on"):
                yield f"an attribute {name} of {tag}"
            if name.lower() in WHERE and said.startswith(("javascript:", "=javascript:", "data:text", "vbscript:")):
                yield f"an address {said[:30]} of {tag}"


def _formulas(body: bytes) -> Iterator[str]:
    import openpyxl

    for sheet in openpyxl.load_workbook(io.BytesIO(body), read_only=True):
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            SEEN.shown |= set(TOKEN.findall(str(cell.value)))
            if cell.data_type == "f":
                yield str(cell.value)[:20]


def _keep(path: str, answer: HttpResponse, text: str) -> None:
    """For a browser, the page of each route on which the most payloads stand."""
    name, count = route(path), text.count(BORN)
    if count > SEEN.pages.get(name, {"count": 0})["count"]:
        SEEN.pages[name] = {"path": path, "count": count, "text": text, "headers": dict(answer.headers)}


# Who does something.


@contextmanager
def undone(who: Somebody) -> Iterator[None]:
    """Nothing of what is done in it is kept, nor forgotten: who was logged in is so afterwards."""
    cookies = deepcopy(who.client.cookies)
    outer = transaction.atomic(), transaction.atomic("records")
    for each in outer:  # as Django's own tests do: what else is written to the disk at once is part of it
        each._from_testcase = True  # type: ignore[attr-defined]
    with outer[0], outer[1]:
        yield
        transaction.set_rollback(True)
        transaction.set_rollback(True, "records")
    who.client.cookies = cookies


def post(client: Client, path: str, body: Any, headers: dict[str, str]) -> HttpResponse:
    """Send what a program sends: JSON, or a form where a file is in it."""
    files = [one for one in body.values() if isinstance(one, SimpleUploadedFile)]
    for one in files:
        one.seek(0)
    if files:
        return client.post(path, body, **headers)
    return client.post(path, json.dumps(body), content_type="application/json", **headers)


@dataclass
class Somebody:
    """A person at a browser."""

    name: str
    client: Client
    user: Any = None
    pages: list[str] = field(default_factory=list[str])

    def get(self, path: str) -> HttpResponse:
        """Open an address."""
        answer = self.client.get(path)
        look(path, answer)
        SEEN.routes.add(route(path))
        return answer

    def does(self, page: str, deed: str, answers: int = 302, **given: Any) -> HttpResponse:
        """Fill in the form of a page, each text that is not given with a payload, and send it.

        Afterwards it is spoiled: what a page shows of what it does not take is looked at as well.

        Args:
            page: on which the form stands.
            deed: the route to which it is sent.
            answers: the status of the answer.
            given: by name of a control, `__` for a hyphen in it.
        """
        where, form = self.form(page, deed)
        told = filled(deed, form, given)
        judge = BEFORE[0](self, where, told) if BEFORE else None
        answer = self.client.post(where, told)
        look(where, answer)
        if answer.status_code != answers:
            errors = re.findall(r'class="errors".*?</ul>', answer.content.decode(), re.DOTALL)
            raise AssertionError(f"{deed}: {answer.status_code} {errors} {told}")
        if judge:
            judge()
        if answers == 302:
            self.pages.append(answer.headers["Location"])
        self.spoil(where, form)
        return answer

    def form(self, page: str, deed: str) -> tuple[str, Any]:
        """The form of a page for a deed, with where it is sent."""
        found = next((one for one in self.forms(page) if route(one[0]) == deed), None)
        assert found, f"{self.name} sees no form for {deed} at {page}"
        return found

    def spoil(self, where: str, form: Any) -> None:
        """Send a form with a payload in every control, hidden ones and choices too; nothing of it is kept."""
        controls = {
            name: one.get("type")
            for one in form.iter("input", "textarea", "select", "button")
            if (name := one.get("name")) and name != "csrfmiddlewaretoken"
        }
        kind = (route(where), *controls)
        if kind in SEEN.spoiled:
            return
        SEEN.spoiled.add(kind)
        told = {
            name: SimpleUploadedFile(f"{EVIL}.csv".replace("/", ""), EVIL.encode()) if kind == "file" else EVIL
            for name, kind in controls.items()
        }
        with undone(self):
            look(where, self.client.post(where, told))

    def forms(self, page: str) -> list[tuple[str, Any]]:
        """The forms of a page that change something, each with where it is sent."""
        return list(sends(page, lxml.html.fromstring(self.get(page).content.decode())))


def sends(page: str, shown: Any) -> Iterator[tuple[str, Any]]:
    """The forms of a page that change something, each with where it is sent."""
    for one in shown.forms:
        if one.method == "POST":
            yield from (
                (urljoin(page, each), one) for each in (one.action or page, *one.xpath(".//button/@formaction"))
            )


def filled(deed: str, form: Any, given: dict[str, Any]) -> dict[str, Any]:
    """What a form sends."""
    told: dict[str, Any] = {}
    for name, value in form.form_values():
        told.setdefault(name, []).append(value)
    own = {name if one_of(form, name) else name.replace("__", "-"): value for name, value in given.items()}
    for one in form.iter("input", "textarea", "select"):
        name, kind = one.get("name"), one.get("type", "text") if one.tag == "input" else one.tag
        if not name or name == "csrfmiddlewaretoken" or name in own:
            continue
        if kind in HELD:
            told[name] = SEEN.evil(f"{deed} {plain(name)}")
        elif kind == "date" and not one.get("value"):
            told[name] = date.today().isoformat()
        elif kind == "file":
            told.pop(name, None)
        elif kind == "select" and not "".join(told.get(name, ())):
            told[name] = next((each for each in one.value_options if each), "")
        elif kind == "radio" and plain(name) in given:
            told[name] = given[plain(name)]
    return told | {name: value for name, value in own.items() if one_of(form, name)}


def one_of(form: Any, name: str) -> bool:
    """Whether a form has a control of this name."""
    return any(one.get("name") == name for one in form.iter("input", "textarea", "select", "button"))


def file(name: str, content: bytes | str, ending: str) -> SimpleUploadedFile:
    """A file whose name is a payload, without what no name of a file can hold: the slash and the quotation mark."""
    evil = f"=javascript:'><{BORN} {BREAKS}=1>{{{{7*1931}}}}{SEEN.evil(name)[len(EVIL) :]}"
    return SimpleUploadedFile(f"{evil}{ending}", content.encode() if isinstance(content, str) else content)
