"""Public pages kept ready-made for readers without an account: drawn once, shown until something they rest on changes.

What a page rests on is read before it is drawn and compared at every request, so a change shows at once. Nothing of
anybody's own gets in: only the pages named here, only for requests without a session, a message or a token, and only
answers that set no cookie. Light or dark is the style sheet's affair, and the address says the language.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Hashable

from django.conf import settings
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from haidang.web.city.models import ShownRun
from haidang.web.city.standing import drawn_last, tracks
from haidang.web.desk.book import end
from haidang.web.jobs.models import BUSY, Job
from haidang.web.ledger.models import START, Entry, Head
from haidang.web.people.models import viewer
from haidang.web.shelf import Page, Shelf

MESSAGES = "messages"
"""The cookie by which a message to one reader travels."""
LONGEST_QUERY = 300
SMALLEST_PACKED = 500
"""Bytes of a page that is worth packing."""
_BEFORE = "haidang.ready"
"""In what belongs to a request: that its page may be kept, and what the page rested on before it was drawn."""
ROOM, ROOM_OF_QUESTIONS = 32 * 2**20, 8 * 2**20
"""Bytes that a process keeps: of pages, and apart from them of pages that answer a question in their address, so that
whoever thinks up questions pushes out only other answers."""


QUIET = (
    "factories.", "lending.", "lab.", "jobs.", "office.", "api.",
    "people.invitation.", "people.login.", "people.logout.", "people.password.", "people.second_factor.",
)  # fmt: skip
"""How the entries begin of what no public page shows: rooms behind doors, and how people come in. Whatever else is
done, of whatever kind, makes the pages old, but for those that say that they show nothing of a room."""


class Log:
    """The last entry that says of something that a public page may show it, as far as this process has looked.

    Args:
        besides: how the entries begin of what these pages do not show either.
    """

    def __init__(self, *besides: str) -> None:
        """Nothing is looked at yet."""
        self._quiet = Q()
        for each in (*QUIET, *besides):
            self._quiet |= Q(action__startswith=each)
        self._end: tuple[int, str] = (0, START)
        self._last: tuple[int, str] = (0, START)

    def last_shown(self) -> tuple[int, str]:
        """Its number and hash; where nothing new is in the log, one question tells."""
        head = Head.objects.values_list("number", "hash").get(pk=1)
        end, last = self._end, self._last
        if head == end:
            return last
        # The log only grows; where it does not, as in a database that was laid out anew, nothing known of it counts.
        if not Entry.objects.filter(number=end[0], hash=end[1]).exists():
            end, last = (0, START), (0, START)
        fresh = Entry.objects.filter(number__gt=end[0], number__lte=head[0]).exclude(self._quiet)
        last = fresh.order_by("-number").values_list("number", "hash").first() or last
        self._end, self._last = head, last
        return last


OF_RUNS, OF_PILOTS, OF_RECORDS = Log("desk.", "pilots."), Log("desk."), Log("pilots.")
"""Of the pages of runs, which show no promise and no pilot; of those of pilots; of those of promises and proposals."""


def of_the_pack() -> Hashable:
    """What pages of facts rest on: the pack, which is the same until a restart, and whether the menu names records."""
    return tracks()


def of_runs() -> Hashable:
    """What pages of programmes rest on: the day, runs, work under way, and what people did that they show.

    Whatever a person changes is in the log by the same transaction, so its entries stand for all of it; the worker
    adds runs and changes jobs without an entry.
    """
    runs = ShownRun.objects.aggregate(all=Count("id"), last=Max("id"), shown=Count("published"), when=Max("published"))
    busy = Job.objects.filter(state__in=BUSY).values_list("programme", flat=True)
    return timezone.localdate(), tracks(), OF_RUNS.last_shown(), tuple(runs.values()), frozenset(busy)


def of_the_standing() -> Hashable:
    """What the first page and that of targets rest on: runs, and what the worker drew last of the records."""
    return of_runs(), drawn_last()


def of_pilots() -> Hashable:
    """What the list of pilots rests on: what people did with them."""
    return timezone.localdate(), tracks(), OF_PILOTS.last_shown()


def of_records() -> Hashable:
    """What pages of promises rest on: the day, every record, and who answers for them and what was proposed."""
    return timezone.localdate(), tracks(), end(), OF_RECORDS.last_shown()


KEPT: dict[str, Callable[[], Hashable]] = {
    "city:glance": of_the_standing,
    "city:targets": of_the_standing,
    "city:programme": of_runs,
    "city:run": of_runs,
    "city:facts": of_the_pack,
    "city:fact": of_the_pack,
    "city:source": of_the_pack,
    "city:method": of_the_pack,
    "desk:commitments": of_records,
    "desk:commitment": of_records,
    "desk:late": of_records,
    "desk:proposals": of_records,
    "desk:proposal": of_records,
    "pilots:list": of_pilots,
}
"""By name of the route: what tells whether a page is still as it was drawn."""


class ReadyMiddleware:
    """Answers from what is kept where it can; otherwise lets the page be drawn, and keeps it where it may."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep what comes next."""
        self._next = get_response
        self.pages, self.answers = Shelf(ROOM), Shelf(ROOM_OF_QUESTIONS)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        question = request.META.get("QUERY_STRING", "")
        if not _of_nobody(request) or len(question) > LONGEST_QUERY:
            return self._next(request)
        shelf, key = self.answers if question else self.pages, (request.get_host(), request.path, question)
        page = shelf.get(key)
        if page is not None and page.rests_on() == page.stamp:
            return _answer(request, page)
        request.META[_BEFORE] = None
        answer = self._next(request)
        before = request.META.pop(_BEFORE)
        if before is None or not isinstance(answer, HttpResponse) or not _of_everybody(request, answer):
            return answer
        page = _page(answer, *before)
        shelf.put(key, page)
        return _answer(request, page)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """Ask what the page rests on before it is drawn, so that a change meanwhile makes it old and never new."""
        match = request.resolver_match
        rests_on = KEPT.get(match.view_name) if match else None
        if _BEFORE in request.META and rests_on is not None:
            request.META[_BEFORE] = (rests_on, rests_on())


def _of_nobody(request: HttpRequest) -> bool:
    """Whether nothing about a request says who asks."""
    own = {settings.SESSION_COOKIE_NAME, MESSAGES} & request.COOKIES.keys()
    return request.method == "GET" and not own and not request.headers.keys() & {"Authorization", "Hx-Request"}


def _of_everybody(request: HttpRequest, answer: HttpResponse) -> bool:
    """Whether an answer is a page that everybody else would be given as well."""
    plain = answer.status_code == 200 and not answer.cookies and "CSRF_COOKIE_NEEDS_UPDATE" not in request.META
    private = any(word in answer.get("Cache-Control", "") for word in ("private", "no-store"))
    return plain and not private and not viewer(request).is_authenticated


def _page(answer: HttpResponse, rests_on: Callable[[], Hashable], stamp: Hashable) -> Page:
    body = answer.content
    for header in ("Cookie", "Accept-Encoding"):
        patch_vary_headers(answer, (header,))
    answer.setdefault("Cache-Control", "no-cache")  # ask each time; where nothing changed, the answer is short
    del answer["Content-Length"]
    packed = gzip.compress(body, compresslevel=6, mtime=0) if len(body) >= SMALLEST_PACKED else b""
    return Page(rests_on, stamp, tuple(answer.items()), body, packed, hashlib.sha256(body).hexdigest()[:32])


def _answer(request: HttpRequest, page: Page) -> HttpResponseBase:
    """A kept page as this reader can take it, or that it is still the one that the reader has."""
    packs = bool(page.packed) and "gzip" in request.headers.get("Accept-Encoding", "").lower()
    answer = HttpResponse(page.packed if packs else page.body, headers=dict(page.headers))
    answer["Content-Length"] = str(len(answer.content))
    if packs:
        answer["Content-Encoding"] = "gzip"
    tag = f'"{page.tag}-gzip"' if packs else f'"{page.tag}"'
    answer["ETag"] = tag
    return get_conditional_response(request, etag=tag, response=answer) or answer
