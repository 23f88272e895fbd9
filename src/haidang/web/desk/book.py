"""The records as they stand: those of the database over those of the pack; and what of them everybody may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from threading import Lock

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction

from haidang.track.book import link_mistakes, load_tracked
from haidang.track.current import Current, combine, save
from haidang.track.following import Followed, follow
from haidang.track.of_each import OfEach
from haidang.track.records import Claim, Commitment, Indicator, Record, Stage
from haidang.track.store.chain import End
from haidang.track.store.codec import Stored, kind_of_stored
from haidang.track.store.draft import Draft, Held
from haidang.track.store.store import Store
from haidang.track.tracked import Tracked, gather
from haidang.web.api.hooks import tell
from haidang.web.city.pack import pack
from haidang.web.desk.router import RECORDS
from haidang.web.ledger import SITE
from haidang.web.ledger.write import note
from haidang.web.people.models import Membership, User, roles_of
from haidang.web.people.roles import CITY_STAFF

STORE = Store(RECORDS)


def end() -> End:
    """Where the log of the records ends now."""
    return STORE.end()


def adopt() -> int:
    """Take over what the pack states, where the database holds nothing yet.

    Returns:
        How many records were taken over.

    Raises:
        HaidangError: a record of the pack is not as it should be.
    """
    records = list(files().records())
    if end().number or not records:
        return 0
    with transaction.atomic():
        note(None, "desk.records.adopted", "desk.records", pack=pack().id, records=len(records))
        STORE.write([Draft(one, 0, of_pack=True) for one in records], "adopt", SITE)
    return len(records)


@lru_cache(maxsize=1)
def files() -> Tracked:
    """The records of the pack's files as they were when the server began."""
    return load_tracked(pack())


class _Reader:
    """What this process has read of the records; one thread at a time reads on."""

    __slots__ = ("cuts", "followed", "public", "turn")

    def __init__(self) -> None:
        """Nothing is read yet."""
        self.followed: Followed | None = None
        self.public: tuple[Tracked, Mapping[str, str], Tracked] | None = None
        self.cuts = OfEach[Record, Record | None](_cut)
        self.turn = Lock()

    def read(self) -> Current:
        """Every record as it stands: what changed since it was last read is read again."""
        with self.turn:
            self.followed = follow(files(), STORE, self.followed)
            return self.followed.current

    def read_public(self, bodies: Mapping[str, str]) -> Tracked:
        """What everybody may see of them: what changed is looked at again, and where bodies changed everything."""
        whole = self.read().tracked
        with self.turn:
            if self.public is None or self.public[0] is not whole or self.public[1] != bodies:
                self.public = (whole, bodies, public(whole, bodies, self.cuts))
            return self.public[2]


def book() -> Current:
    """Every record as it stands."""
    return _READER.read()


def visible_to(user: User | AnonymousUser) -> Tracked:
    """The records that a user may see: for the city's staff all, for others what two people have looked at."""
    return book().tracked if roles_of(user) & CITY_STAFF else public_book()


def public_book() -> Tracked:
    """What everybody may see."""
    return _READER.read_public(bodies_by_address())


def bodies_by_address() -> Mapping[str, str]:
    """For each account the organisation by whose name the public knows it."""
    return dict(Membership.objects.order_by("-pk").values_list("user__email", "organisation__name"))


def public(
    tracked: Tracked, bodies: Mapping[str, str], cuts: OfEach[Record, Record | None] | None = None
) -> Tracked:  # fmt: skip
    """What everybody may see of records.

    A claim that somebody entered here and that nobody else has confirmed is left out, and with its last claim a record.
    What the pack's files state was looked at before it came here. A person's address gives way to the person's body.

    Args:
        tracked: the records.
        bodies: names of organisations by address.
        cuts: with what is left of records that were looked at before.
    """
    found = (cuts or OfEach(_cut))(tracked.records(), bodies)
    return gather([one for one in found if one is not None], tracked.sources, tracked.names)


def _cut(record: Record, bodies: Mapping[str, str]) -> Record | None:
    """What everybody may see of a record; the record itself where that is all of it."""
    if isinstance(record, Indicator):
        seen = tuple(
            replace(one, claim=_unsigned(one.claim, bodies)) for one in record.observations if looked_at(one.claim)
        )
        return None if record.observations and not seen else replace(record, observations=seen)
    claims = tuple(_unsigned(one, bodies) for one in record.claims if looked_at(one))
    if not claims:
        return None
    stages = tuple(_stage(one, bodies) for one in record.stages) if isinstance(record, Commitment) else ()
    if claims == record.claims and (not isinstance(record, Commitment) or stages == record.stages):
        return record
    return replace(record, claims=claims, stages=stages) if stages else replace(record, claims=claims)


_READER = _Reader()


def looked_at(claim: Claim) -> bool:
    """Whether more than one person stands behind a claim: the pack's reviewers, or who entered and who confirmed it."""
    return claim.entered_by is None or claim.confirmed_by is not None


def _known(one: Commitment) -> bool:
    return any(looked_at(claim) for claim in one.claims)


def _unsigned(claim: Claim, bodies: Mapping[str, str]) -> Claim:
    by, confirmed = _body(claim.entered_by, bodies), _body(claim.confirmed_by, bodies)
    same = (by, confirmed) == (claim.entered_by, claim.confirmed_by)
    return claim if same else replace(claim, entered_by=by, confirmed_by=confirmed)


def _stage(stage: Stage, bodies: Mapping[str, str]) -> Stage:
    by = _body(stage.by, bodies)
    return stage if by == stage.by else replace(stage, by=by)


def _body(name: str | None, bodies: Mapping[str, str]) -> str | None:
    """The body of a person; a name that is no address stays."""
    return name if name is None or "@" not in name else bodies.get(name, name.partition("@")[2])


class Same:
    """A book that is the same while it is the same object: books of ten thousand promises are not compared."""

    __slots__ = ("tracked",)

    def __init__(self, tracked: Tracked) -> None:
        """Hold it."""
        self.tracked = tracked

    def __hash__(self) -> int:
        return id(self.tracked)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.tracked is self.tracked


def change(
    by: User,
    before: Sequence[Stored],
    after: Sequence[Stored],
    action: str,
    deed: str,
    evidence: str = "",
    current: Current | None = None,
    also: Callable[[], None] = lambda: None,
    subject: models.Model | None = None,
    **details: object,
) -> str:
    """Change records: in their database and in the site's log, or in neither.

    The records' database is written last within the transaction of the site's, so that a change that is refused there
    leaves nothing here. Where the machine falls between the two, the change stands and the site does not know of it
    yet: whoever does the same again is told that it stands.

    Args:
        by: who changes them.
        before: those of them that are there already, as they stand.
        after: records and documents as they should become.
        action: what is done, in the records' log: `add`, `confirm`, `advance`.
        deed: what is done, in the site's log: `desk.claim.taken`.
        evidence: SHA-256 of a file that shows it.
        current: what the change was made from; the records as they stand now unless given.
        also: what is changed in the site's database with it.
        subject: what the site's log should say that it was done to; the records unless given.
        details: what the site's log should say besides.

    Returns:
        The hash of the last change.

    Raises:
        HaidangError: a record names what is not there, or somebody changed one in the meantime.
    """
    known = current or book()
    whole = combine(known.tracked, {(kind_of_stored(one), one.id): Held(one, 0) for one in after}).tracked
    for mistake in link_mistakes(pack(), whole, {}):
        raise mistake
    named = ", ".join(f"{kind_of_stored(one)}/{one.id}" for one in after if kind_of_stored(one) != "source")
    with transaction.atomic():
        note(by, deed, subject or f"desk.record:{named}"[:200], **details)
        also()
        _tell_stages(before, after)
        return save(STORE, known, before, after, action, by.email, evidence)


def _tell_stages(before: Sequence[Stored], after: Sequence[Stored]) -> None:
    """Have other servers told of every stage of a promise, once everybody may know of the promise."""
    reached = {one.id: len(one.stages) for one in before if isinstance(one, Commitment) and _known(one)}
    for one in after:
        if isinstance(one, Commitment) and _known(one):
            for stage in one.stages[reached.get(one.id, 0) :]:
                tell("commitment.stage", commitment=one.id, stage=stage.name, on=stage.on.isoformat())
