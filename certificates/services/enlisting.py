"""A gang from the due list into a class, in one action (到期人员成批报班)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from uuid import UUID

from certificates.due import DueKind
from certificates.errors import NothingDue
from certificates.services import bookings, dues
from certificates.services.dues import DueOf
from server.policy import Identity, Permission
from server.training.services import learners
from server.training.services.learners import Placing

#: People who get places at once: the most urgent of them.
MOST = 500

#: Things due that are looked through at once.
_STEP = 1_000


def enlist(
    class_id: UUID,
    *,
    organisation_id: UUID | None = None,
    kind: DueKind | None = None,
    within: int = 90,
    person_ids: Collection[UUID] | None = None,
    by: Identity,
    on: date,
    at: datetime,
) -> list[Placing]:
    """Give those of whom something is due places in a class by which it is done.

    The most urgent come first, so that they have the places where these are few. Who has booked
    already is left out, unless chosen. The same again gives nobody a second place.

    Args:
        class_id: the class.
        organisation_id: only from posts there or beneath.
        kind: only for this.
        within: only what is due within so many days, or overdue.
        person_ids: those who were chosen from the list; None for everybody on it.
        by: who asks; enrols whom they see, of whose files they see.
        on: the day.
        at: the moment.

    Returns:
        What became of each; of whom nothing is due that the class does is refused.

    Raises:
        NotFound: there is no such class, or no such organisation within the scope.
        ClassOver: the class is closed or cancelled.
    """
    course, due = bookings.course_of(class_id), dict[UUID, DueOf]()
    for each in _listed(organisation_id, kind, within, by=by, on=on, at=at):
        if each.due.is_done_by(course, role=each.role):
            known = due.setdefault(each.person_id, each)
            due[each.person_id] = min(known, each, key=lambda one: one.due_on)
    wanted = _booking(due.values(), class_id) if person_ids is None else _chosen(due, person_ids)
    urgent = sorted(wanted, key=lambda one: (one.due_on, one.name, one.person_id))[:MOST]
    employers = {each.person_id: each.employer_id for each in urgent}
    placed = learners.add_each(class_id, employers, by=by, at=at)
    return placed + [
        Placing(person_id=one, learner_id=None, refusal=NothingDue())
        for one in dict.fromkeys(person_ids or ())
        if one not in due
    ]


def _listed(
    organisation_id: UUID | None,
    kind: DueKind | None,
    within: int,
    *,
    by: Identity,
    on: date,
    at: datetime,
) -> Iterator[DueOf]:
    scope, cursor = by.scope(Permission.SEE_FILES), None
    while True:
        some = dues.listed(
            scope,
            on=on,
            at=at,
            organisation_id=organisation_id,
            kind=kind,
            within=within,
            cursor=cursor,
            limit=_STEP,
        )
        yield from some.items
        if (cursor := some.next_cursor) is None:
            return


def _booking(due: Collection[DueOf], class_id: UUID) -> list[DueOf]:
    """Return who has booked nothing yet, or this very class, so that asking again says the same."""
    here = {one.learner.person_id for one in learners.of(class_id)}
    return [each for each in due if not each.booked or each.person_id in here]


def _chosen(due: dict[UUID, DueOf], person_ids: Collection[UUID]) -> list[DueOf]:
    return [due[one] for one in dict.fromkeys(person_ids) if one in due]
