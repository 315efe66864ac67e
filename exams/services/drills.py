"""A drill: an exam of this very server with as many made-up candidates as wanted (演练).

A load test asks how many candidates this server carries. Enrolling them one by one over HTTP would
take longer than the test, so they are written in bulk: people whose numbers belong to nobody,
accounts that nobody can sign in to, signed-in devices with their access tokens, places in an exam
like one that exists, and, where asked for, attempts that have begun. Outcomes of a drill are not
released unless asked for, so that it issues no certificate. There is no drill in production.

What differs between two candidates is sent once, as a list of seats; the database itself makes
the rows of five tables of it. A hundred thousand candidates take seconds.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    Table,
    Text,
    Uuid,
    insert,
    inspect,
    literal,
    select,
    text,
)
from sqlalchemy.schema import CreateTable, DropTable

from exams.drafts import Plan
from exams.errors import NothingToDrillWith
from exams.lifecycle import ExamState, State
from exams.models import Attempt, Enrolment, Exam, ResponseEntry
from exams.services import forms, lengthening, planning
from server.auth.models import Account, SignedInDevice
from server.db import Base, UtcDateTime, db
from server.people.models import Person
from server.plain_sql import Statement
from server.policy import Grant, Identity, Role
from server.scopes import EVERYWHERE

#: How long a drill stays open.
OPEN_FOR = timedelta(hours=12)

#: When its outcomes are released where nobody says otherwise: never while anybody looks.
NEVER = timedelta(days=36_500)

#: Seats of one statement.
_AT_ONCE = 10_000


class Candidate(NamedTuple):
    """A made-up candidate: who they sign in as, and their place."""

    account_id: UUID
    #: The device they are signed in on.
    sid: UUID
    enrolment_id: UUID
    #: The attempt they have begun, or the id to begin it under.
    attempt_id: UUID


_SEATS = Table(
    "drill_seat",
    MetaData(),
    *(
        Column(name, Uuid, nullable=False)
        for name in ("account_id", "sid", "enrolment_id", "attempt_id", "person_id", "device_id")
    ),
    #: Unlike that of any other seat.
    Column("word", Text, nullable=False),
    prefixes=["TEMPORARY"],
)

_FILL = Statement(
    sqlite="""
        INSERT INTO drill_seat SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3,
        value ->> 4, value ->> 5, value ->> 6 FROM json_each(?)
    """,
    postgresql="""
        INSERT INTO drill_seat SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[],
        %s::uuid[], %s::uuid[], %s::uuid[], %s::text[])
    """,
)


def prepare(
    *,
    candidate_count: int,
    started: bool,
    at: datetime,
    release_after: timedelta = NEVER,
    form_count: int = 1,
    held: int = 0,
    question_count: int = 0,
) -> list[Candidate]:
    """Write a drill and return its candidates.

    Args:
        candidate_count: how many.
        started: whether their attempts have begun.
        at: the moment, from which on the drill is open.
        release_after: when outcomes are released, counted from `at`; 0 for at once.
        form_count: how many forms are drawn; all sit the first until they are told otherwise.
        held: to how many of its first questions each attempt that has begun holds a response.
        question_count: how many questions a paper has at least.

    Raises:
        NothingToDrillWith: there is no published exam whose papers could be used, or nobody whose
            row could be copied.
    """
    connection = db.session.connection()
    person = _first(connection, Person)
    exam_id, paper_id = _publish(connection, person, at, release_after, form_count)
    lengthening.lengthen(exam_id, question_count, at=at)
    candidates = [Candidate(uuid4(), uuid4(), uuid4(), uuid4()) for _ in range(candidate_count)]
    connection.execute(CreateTable(_SEATS))
    for begin in range(0, candidate_count, _AT_ONCE):
        _seat(connection, candidates[begin : begin + _AT_ONCE])
    for table, same, own in _rows(person, exam_id, paper_id, at):
        if started or table is not Attempt:
            _fill(connection, table, same, own)
    if started and held:
        _respond(connection, held, at)
    connection.execute(DropTable(_SEATS))
    if connection.dialect.name == "postgresql":
        # The planner must not take the tables for as small as they were a moment ago.
        connection.execute(text("ANALYZE"))
    return candidates


def _publish(
    connection: Connection,
    person: dict[str, Any],
    at: datetime,
    release_after: timedelta,
    form_count: int,
) -> tuple[UUID, UUID]:
    """Plan and publish an exam like one there is; return its id and its paper's."""
    like = _first(connection, Exam, Exam.state == ExamState.PUBLISHED)
    plan = Plan(
        name=f"演练 drill {at:%Y-%m-%d %H:%M}",
        qualification_id=like["qualification_id"],
        specification_id=like["specification_id"],
        organisation_id=like["organisation_id"],
        opens_at=at,
        closes_at=at + OPEN_FOR,
        form_count=form_count,
    )
    by = Identity(
        account_id=uuid4(),
        person_id=person["id"],
        grants=(Grant(role=Role.PLANNER, scope=EVERYWHERE),),
        address="console",
    )
    exam_id = uuid4()
    planning.plan(exam_id, plan, by=by, at=at)
    planning.publish(exam_id, seed=secrets.token_bytes(32), by=by, at=at)
    if release_after:
        # No person waits for the outcome of a drill: the rule on how late one may be shown binds
        # whoever publishes, and not this.
        db.session.get_one(Exam, exam_id).release_at = at + release_after
        db.session.flush()
    return exam_id, forms.of_enrolment(connection, exam_id, exam_id)


def _first(connection: Connection, table: type[Base], *conditions: Any) -> dict[str, Any]:
    columns = inspect(table).local_table
    row = connection.execute(select(columns).where(*conditions).limit(1)).mappings().first()
    if row is None:
        raise NothingToDrillWith
    return dict(row)


def _seat(connection: Connection, candidates: list[Candidate]) -> None:
    rows = [
        (*(thing.hex for thing in (*one, uuid4(), uuid4())), secrets.token_hex(16))
        for one in candidates
    ]
    _FILL.write(connection, rows)


def _fill(
    connection: Connection, table: type[Base], same: Mapping[str, Any], own: Mapping[str, Any]
) -> None:
    """Add a row for each seat: what is the same for all, and what is the seat's own."""
    columns = inspect(table).local_table.c
    given = {
        name: literal(value, columns[name].type)
        for name, value in same.items()
        if value is not None
    } | dict(own)
    connection.execute(insert(table).from_select(list(given), select(*given.values())))


def _respond(connection: Connection, count: int, at: datetime) -> None:
    """Let every attempt hold a response, the first option, to its first questions."""
    numbers = select(literal(1).label("slot")).cte("numbers", recursive=True)
    following = select(numbers.c.slot + 1).where(numbers.c.slot < count)
    numbers = numbers.union_all(following)
    chosen = {
        "attempt_id": _SEATS.c.attempt_id,
        "slot": numbers.c.slot,
        "epoch": literal(1),
        "sequence": numbers.c.slot,
        "chosen": literal(1),
        "received_at": literal(at, UtcDateTime),
        "late": literal(value=False),
    }
    each = select(*chosen.values()).select_from(_SEATS.join(numbers, literal(value=True)))
    connection.execute(insert(ResponseEntry).from_select(list(chosen), each))


#: What a person who was made up has not from the one they are made after.
_OF_ONE = {"id", "document_index", "number_index", "phone", "phone_digits", "photo_hash"}


def _rows(
    person: dict[str, Any], exam_id: UUID, paper_id: UUID, at: datetime
) -> Iterator[tuple[type[Base], dict[str, Any], dict[str, Any]]]:
    """Yield each table with what is the same in all its rows, and what is each seat's own."""
    seat = _SEATS.c
    # An index of no number finds nobody, and a digest of this shape lets nobody in. What closed the
    # number of one opens for nobody else, and nobody is like a person who was made up.
    bare = {name: value for name, value in person.items() if name not in _OF_ONE}
    bare |= {"document_cipher": b"", "compared_at": at}
    yield Person, bare, {"id": seat.person_id, "document_index": literal("drill ") + seat.word}
    yield (
        Account,
        {
            "password_digest": "!",
            "password_checked_for": 8,
            "password_set_at": at,
            "created_at": at,
        },
        {
            "id": seat.account_id,
            "person_id": seat.person_id,
            "sign_in_name": literal("drill-") + seat.word,
        },
    )
    yield (
        SignedInDevice,
        {
            "name": "drill",
            "place": "drill",
            "signed_in_at": at,
            "family_key": secrets.token_bytes(32),
            "token_number": 1,
            "token_digest": "!",
            "rotated_at": at,
            "expires_at": at + OPEN_FOR,
        },
        {"id": seat.sid, "account_id": seat.account_id, "device_id": seat.device_id},
    )
    whose = {"exam_id": exam_id}
    yield (
        Enrolment,
        whose | {"enrolled_at": at, "hindrances": [], "checked_at": at, "room": ""},
        {
            "id": seat.enrolment_id,
            "candidate_id": seat.person_id,
            "enrolled_by_id": seat.account_id,
        },
    )
    yield (
        Attempt,
        whose
        | {
            "paper_id": paper_id,
            "started_at": at,
            "deadline_at": at + OPEN_FOR,
            "grace_seconds": 10,
            "state": State.IN_PROGRESS,
            "epoch": 1,
            "extra_seconds": 0,
            "room_seconds": 0,
            "closed": False,
            "counts": True,
        },
        {
            "id": seat.attempt_id,
            "enrolment_id": seat.enrolment_id,
            "candidate_id": seat.person_id,
            "seed": seat.word,
        },
    )
