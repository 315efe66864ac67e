"""A drill: an exam of this very server with as many made-up candidates as wanted (演练).

A load test asks how many candidates this server carries. Enrolling them one by one over HTTP would
take longer than the test, so they are written in bulk: people whose numbers belong to nobody,
accounts that nobody can sign in to, signed-in devices with their access tokens, places in an exam
like one that exists, and, where asked for, attempts that have begun. Outcomes of a drill are
never released, so that it issues no certificate. There is no drill in production.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, insert, inspect, select

from exams.drafts import Plan
from exams.errors import NothingToDrillWith
from exams.lifecycle import ExamState, State
from exams.models import Attempt, Enrolment, Exam
from exams.services import forms, planning
from server.auth.models import Account, SignedInDevice
from server.db import Base, db
from server.people.models import Person
from server.policy import EVERYWHERE, Grant, Identity, Role

#: How long a drill stays open.
OPEN_FOR = timedelta(hours=12)

#: When its outcomes would be released: never while anybody looks.
NEVER = timedelta(days=36_500)

#: Rows of one statement.
_AT_ONCE = 1000


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A made-up candidate: who they sign in as, and their place."""

    account_id: UUID
    #: The device they are signed in on.
    sid: UUID
    enrolment_id: UUID
    #: The attempt they have begun, or the id to begin it under.
    attempt_id: UUID


def prepare(*, candidate_count: int, started: bool, at: datetime) -> list[Candidate]:
    """Write a drill and return its candidates.

    Args:
        candidate_count: how many.
        started: whether their attempts have begun.
        at: the moment, from which on the drill is open.

    Raises:
        NothingToDrillWith: there is no published exam whose papers could be used, or nobody whose
            row could be copied.
    """
    connection = db.session.connection()
    person = _first(connection, Person)
    exam_id, paper_id = _publish(connection, person, at)
    candidates = []
    for begin in range(0, candidate_count, _AT_ONCE):
        some = [
            Candidate(account_id=uuid4(), sid=uuid4(), enrolment_id=uuid4(), attempt_id=uuid4())
            for _ in range(min(_AT_ONCE, candidate_count - begin))
        ]
        people = [uuid4() for _ in some]
        _write_people(connection, person, people, some, at)
        for table, rows in _places(some, people, exam_id, paper_id, at):
            if started or table is not Attempt:
                connection.execute(insert(table), rows)
        candidates += some
    return candidates


def _publish(connection: Connection, person: dict[str, Any], at: datetime) -> tuple[UUID, UUID]:
    """Plan and publish an exam like one there is; return its id and its paper's."""
    like = _first(connection, Exam, Exam.state == ExamState.PUBLISHED)
    plan = Plan(
        name=f"演练 drill {at:%Y-%m-%d %H:%M}",
        qualification_id=like["qualification_id"],
        specification_id=like["specification_id"],
        organisation_id=like["organisation_id"],
        opens_at=at,
        closes_at=at + OPEN_FOR,
        release_at=at + NEVER,
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
    return exam_id, forms.of_enrolment(connection, exam_id, exam_id)


def _first(connection: Connection, table: type[Base], *conditions: Any) -> dict[str, Any]:
    columns = inspect(table).local_table
    row = connection.execute(select(columns).where(*conditions).limit(1)).mappings().first()
    if row is None:
        raise NothingToDrillWith
    return dict(row)


def _write_people(
    connection: Connection,
    person: dict[str, Any],
    people: list[UUID],
    candidates: list[Candidate],
    at: datetime,
) -> None:
    # A digest of no number finds nobody, and a password digest of this shape lets nobody in.
    index = person["document_index"]
    digest = secrets.token_bytes if isinstance(index, bytes) else secrets.token_hex
    bare = person | {"phone": None} | ({"photo_id": None} if "photo_id" in person else {})
    connection.execute(
        insert(Person), [bare | {"id": one, "document_index": digest(32)} for one in people]
    )
    pairs = list(zip(candidates, people, strict=True))
    connection.execute(insert(Account), [_account(one, whose, at) for one, whose in pairs])
    connection.execute(insert(SignedInDevice), [_device(one, at) for one in candidates])


def _account(candidate: Candidate, person_id: UUID, at: datetime) -> dict[str, Any]:
    return {
        "id": candidate.account_id,
        "person_id": person_id,
        "sign_in_name": f"drill-{candidate.account_id.hex}",
        "password_digest": "!",
        "password_checked_for": 8,
        "password_set_at": at,
        "created_at": at,
    }


def _device(candidate: Candidate, at: datetime) -> dict[str, Any]:
    return {
        "id": candidate.sid,
        "account_id": candidate.account_id,
        "device_id": uuid4(),
        "name": "drill",
        "place": "drill",
        "signed_in_at": at,
        "family_key": secrets.token_bytes(32),
        "token_number": 1,
        "token_digest": "!",
        "rotated_at": at,
        "expires_at": at + OPEN_FOR,
    }


def _places(
    candidates: list[Candidate], people: list[UUID], exam_id: UUID, paper_id: UUID, at: datetime
) -> Iterator[tuple[type[Base], list[dict[str, Any]]]]:
    pairs = list(zip(candidates, people, strict=True))
    yield (
        Enrolment,
        [
            {
                "id": one.enrolment_id,
                "exam_id": exam_id,
                "candidate_id": person_id,
                "enrolled_by_id": one.account_id,
                "enrolled_at": at,
                "hindrances": [],
                "checked_at": at,
            }
            for one, person_id in pairs
        ],
    )
    yield (
        Attempt,
        [
            {
                "id": one.attempt_id,
                "enrolment_id": one.enrolment_id,
                "exam_id": exam_id,
                "candidate_id": person_id,
                "paper_id": paper_id,
                "seed": secrets.token_hex(16),
                "started_at": at,
                "deadline_at": at + OPEN_FOR,
                "grace_seconds": 10,
                "state": State.IN_PROGRESS,
            }
            for one, person_id in pairs
        ],
    )
