"""Finding people who were registered twice: a work list with reasons (疑似重复档案)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import String, cast, or_, select
from sqlalchemy.orm import aliased, joinedload

from server.db import db
from server.errors import NotFound
from server.paging import Page, page
from server.people import likeness
from server.people.errors import RuledAlready
from server.people.likeness import Entry
from server.people.models import DoubleRuling, Person, SuspectedDouble, within
from server.people.services import numbers, people
from server.policy import Identity, Permission
from server.scopes import Scope

#: Entries of the same name, birth date or phone that are compared with one person at most.
_MOST = 50

#: Who was not compared yet; for the work that compares.
NOT_COMPARED = select(Person.id).where(Person.compared_at.is_(None))


def look(*, limit: int, at: datetime) -> int:
    """Compare those who were entered or changed since they were compared; return how many.

    Args:
        limit: people compared at most; call again until nobody is left.
        at: the moment.
    """
    waiting = select(Person).where(Person.compared_at.is_(None)).order_by(Person.registered_at)
    people = db.session.execute(waiting.limit(limit)).scalars().all()
    for person in people:
        person.number_index = numbers.number_index_of(person)
        person.phone_digits = likeness.digits(person.phone) if person.phone else None
    db.session.flush()
    for person in people:
        for other, reasons in _like(person):
            _suspect(person.id, other.id, reasons, at=at)
        person.compared_at = at
    db.session.flush()
    return len(people)


def _like(person: Person) -> Iterable[tuple[Person, list[likeness.Likeness]]]:
    alike = [Person.number_index == person.number_index, Person.phone_digits == person.phone_digits]
    alike.append((Person.name == person.name) & (Person.birth_on == person.birth_on))
    given = [person.number_index, person.phone_digits, person.birth_on]
    wanted = [each for each, value in zip(alike, given, strict=True) if value is not None]
    if not wanted:
        return
    statement = select(Person).where(
        or_(*wanted), Person.id != person.id, Person.merged_into_id.is_(None)
    )
    for other in db.session.execute(statement.limit(_MOST)).scalars():
        reasons = likeness.reasons(_entry(person), _entry(other))
        if likeness.is_worth_a_look(reasons):
            yield other, reasons


def _entry(person: Person) -> Entry:
    return Entry(
        name=person.name,
        birth_on=person.birth_on,
        phone=person.phone,
        number_index=person.number_index,
    )


def _suspect(
    one: UUID, other: UUID, reasons: list[likeness.Likeness], *, at: datetime
) -> SuspectedDouble:
    known = _of_pair(one, other)
    if known is None:
        first, second = sorted((one, other))
        known = SuspectedDouble(first_id=first, second_id=second, found_at=at, reasons=[], weight=0)
        db.session.add(known)
    if known.ruling is None:
        known.reasons = [each.value for each in reasons]
        known.weight = likeness.weight(reasons)
    db.session.flush()
    return known


def _of_pair(one: UUID, other: UUID) -> SuspectedDouble | None:
    first, second = sorted((one, other))
    statement = select(SuspectedDouble).where(
        SuspectedDouble.first_id == first, SuspectedDouble.second_id == second
    )
    return db.session.execute(statement).scalar_one_or_none()


def listed(
    scope: Scope,
    *,
    name: str | None = None,
    reason: str | None = None,
    least_weight: int | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the pairs that wait for a decision, the most telling first.

    Seen by whoever sees both.

    Args:
        scope: where the asker decides.
        name: a part of the name of either.
        reason: only pairs that are alike in this.
        least_weight: only pairs whose reasons are at least so telling, of 100.
        cursor: where the page begins.
        limit: pairs on the page.
    """
    first, second = aliased(Person), aliased(Person)
    seen = select(Person.id).where(within(scope))
    statement = (
        select(SuspectedDouble)
        .join(first, first.id == SuspectedDouble.first_id)
        .join(second, second.id == SuspectedDouble.second_id)
        .where(
            SuspectedDouble.ruling.is_(None),
            first.merged_into_id.is_(None),
            second.merged_into_id.is_(None),
        )
        .options(joinedload(SuspectedDouble.first), joinedload(SuspectedDouble.second))
    )
    if not scope.everywhere:
        statement = statement.where(first.id.in_(seen), second.id.in_(seen))
    if name is not None:
        parts = (each.name.contains(name, autoescape=True) for each in (first, second))
        statement = statement.where(or_(*parts))
    if reason is not None:
        # Reasons are words in quotes, in a list that is kept as JSON.
        held = cast(SuspectedDouble.reasons, String).contains(f'"{reason}"', autoescape=True)
        statement = statement.where(held)
    if least_weight is not None:
        statement = statement.where(SuspectedDouble.weight >= least_weight)
    keys = [SuspectedDouble.weight, SuspectedDouble.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def get(double_id: UUID, *, scope: Scope) -> SuspectedDouble:
    """Return a pair, decided or not.

    Raises:
        NotFound: there is no such pair within the scope.
    """
    found = db.session.execute(
        select(SuspectedDouble)
        .where(SuspectedDouble.id == double_id)
        .options(joinedload(SuspectedDouble.first), joinedload(SuspectedDouble.second))
    ).scalar_one_or_none()
    if found is None or not _sees(found, scope):
        raise NotFound
    return found


def clear(
    double_id: UUID, *, reason: str | None = None, by: Identity, at: datetime
) -> SuspectedDouble:
    """Decide that two entries are two people. The same again changes nothing.

    Raises:
        NotFound: there is no such pair within the asker's scope.
        RuledAlready: they were merged.
    """
    found = get(double_id, scope=by.scope(Permission.MERGE_PEOPLE))
    if found.ruling is DoubleRuling.SAME:
        raise RuledAlready
    if found.ruling is None:
        rule_pair(found.first_id, found.second_id, DoubleRuling.DIFFERENT, by=by, at=at)
        after = {"pair": [found.first_id, found.second_id]}
        for person in (found.first, found.second):
            people.tell("double_cleared", person, by=by, at=at, after=after, reason=reason)
    return found


def _sees(pair: SuspectedDouble, scope: Scope) -> bool:
    seen = select(Person.id).where(Person.id.in_([pair.first_id, pair.second_id]), within(scope))
    return len(db.session.execute(seen).all()) == 2


def rule_pair(
    one: UUID, other: UUID, ruling: DoubleRuling, *, by: Identity, at: datetime
) -> SuspectedDouble:
    """Write down what was decided about two entries, suspected before or not."""
    known = _of_pair(one, other)
    if known is None:
        known = _suspect(one, other, [], at=at)
    known.ruling, known.ruled_by_id, known.ruled_at = ruling, by.account_id, at
    db.session.flush()
    return known
