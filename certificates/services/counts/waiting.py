"""Who is concerned by a change, and who waits to be booked (待入账)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, or_, select

from certificates.models import CoverageWaiting
from certificates.services.counts import known
from certificates.services.counts.booking import asked_of_organisations
from server.db import db, upsert
from server.lots import lots
from server.organisations.models import Organisation
from server.people.models import Post
from server.regions.models import beneath
from server.regions.tree import lineage

#: Whoever waits; for the work that books them.
ANY = select(CoverageWaiting.thing_id)

#: Paths named in one statement: SQLite takes a few hundred conditions.
_IN_ONE = 200


@dataclass
class Concerned:
    """What a transaction has touched."""

    people: set[UUID] = field(default_factory=set)
    #: Organisation and role of each post touched: an organisation may be asked for such a post.
    posts: set[tuple[UUID, str]] = field(default_factory=set)
    #: Organisations registered or changed, with all people beneath them.
    organisations: set[UUID] = field(default_factory=set)
    #: Regions that were moved, with all that stands in them.
    regions: set[UUID] = field(default_factory=set)


def resolved(concerned: Concerned, *, most: int, at: datetime) -> tuple[set[UUID], set[UUID]]:
    """Return the people and organisations to book now; nobody where they are more than `most`.

    Then they wait instead, to be booked right after.
    """
    organisations = _in_regions(concerned.regions) | concerned.organisations
    people = concerned.people | _under(organisations)
    organisations |= _asked(concerned.posts)
    organisations = _above(organisations)
    if len(people) + len(organisations) <= most:
        return people, organisations
    wait(people, organisations, at=at)
    return set(), set()


def _in_regions(regions: Collection[UUID]) -> set[UUID]:
    if not regions:
        return set()
    statement = select(Organisation.id).where(Organisation.region_id.in_(regions))
    return set(db.session.execute(statement).scalars())


def _under(organisations: Collection[UUID]) -> set[UUID]:
    """Return everybody who holds or held a post there or beneath."""
    found: set[UUID] = set()
    statement = select(Post.person_id).join(Organisation, Post.organisation_id == Organisation.id)
    for paths in lots(_paths(organisations), _IN_ONE):
        beneath_any = or_(*(beneath(Organisation.path, path) for path in paths))
        found |= set(db.session.execute(statement.where(beneath_any).distinct()).scalars())
    return found


def _paths(organisations: Collection[UUID]) -> list[str]:
    """Return the paths of organisations; of one beneath another of them only the upper's."""
    found: list[str] = []
    for some in lots(list(organisations), _IN_ONE):
        statement = select(Organisation.path).where(Organisation.id.in_(some))
        found += db.session.execute(statement).scalars()
    upper: list[str] = []
    for path in sorted(found):
        if not (upper and path.startswith(upper[-1])):
            upper.append(path)
    return upper


def _asked(posts: Collection[tuple[UUID, str]]) -> set[UUID]:
    if not posts:
        return set()
    known.number_indicators()
    asked = asked_of_organisations(known.rules()) or ()
    return {place for place, role in posts if role in asked}


def _above(organisations: Collection[UUID]) -> set[UUID]:
    found: set[UUID] = set()
    for some in lots(list(organisations), _IN_ONE):
        statement = select(Organisation.path).where(Organisation.id.in_(some))
        for path in db.session.execute(statement).scalars():
            found |= set(lineage(path))
    return found


def wait(people: Iterable[UUID], organisations: Iterable[UUID], *, at: datetime) -> None:
    """Let people and organisations wait to be booked; who waits already goes on waiting."""
    rows = [
        {"thing_id": one, "is_organisation": kind, "since": at}
        for kind, ids in ((False, people), (True, organisations))
        for one in ids
    ]
    if rows:
        db.session.execute(upsert(CoverageWaiting).on_conflict_do_nothing(), rows)


def everybody_in(roles: Collection[str], *, at: datetime) -> None:
    """Let everybody wait who holds or held a post of these roles: what they need has changed."""
    people = select(Post.person_id).where(Post.role.in_(roles)).distinct()
    wait(db.session.execute(people).scalars(), (), at=at)


def next_of(most: int) -> tuple[list[UUID], list[UUID]]:
    """Return who has waited longest: people, and organisations."""
    statement = (
        select(CoverageWaiting.thing_id, CoverageWaiting.is_organisation)
        .order_by(CoverageWaiting.since, CoverageWaiting.thing_id)
        .limit(most)
    )
    rows = db.session.execute(statement).all()
    return [one for one, kind in rows if not kind], [one for one, kind in rows if kind]


def done(things: Collection[UUID]) -> None:
    """Let nobody of these wait any longer."""
    if things:
        db.session.execute(delete(CoverageWaiting).where(CoverageWaiting.thing_id.in_(things)))


def lag() -> tuple[int, datetime | None]:
    """Return how many wait, and since when the first does; None where nobody does."""
    count, since = db.session.execute(select(func.count(), func.min(CoverageWaiting.since))).one()
    return count, since
