"""Looking outcomes up by number and name, without becoming a way to collect numbers (成绩查询).

Whoever asks gets the same answer for an unknown number, for a wrong name and where nothing is
shown yet, by the same one statement. Lookups that find nothing are counted for the number and for
the address, in the table that all processes share; those that find something are counted nowhere,
so that a rush of honest people costs two reads each.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, select

from exams.correction_errors import NothingToLookUp, TooManyLookups
from exams.lifecycle import State
from exams.models import Attempt, Exam, Outcome, Practical, PracticalOutcome
from exams.models.practicals import PracticalState
from server.auth import limits
from server.auth.models import SignInTally
from server.auth.services import tallies
from server.db import db
from server.people import ciphers, documents
from server.people.documents import DocumentType
from server.people.models import Person

#: Lookups without a find: for one number from wherever, and from one address for all numbers.
#: A whole test centre may stand behind one address, so that is generous.
NUMBER_TRIES, NUMBER_WINDOW = 10, timedelta(minutes=15)
ADDRESS_TRIES, ADDRESS_WINDOW = 60, timedelta(minutes=10)

#: More outcomes than anybody has.
_MOST = 50


@dataclass(frozen=True, kw_only=True)
class Found:
    """An outcome that is shown: nothing of the person who has it."""

    exam: str
    practical: bool
    held_at: datetime
    score: str
    max_score: str
    passed: bool
    released_at: datetime


@dataclass(frozen=True, kw_only=True)
class Keys:
    """Under which tallies a lookup counts: digests, so that the table holds no number."""

    number: str
    address: str


def keys(kind: DocumentType, number: str, address: str) -> Keys:
    """Return the tallies of a lookup."""
    index = ciphers.current().index(kind, documents.normalised(number))
    return Keys(
        number=_digest("outcome lookup by number", index),
        address=_digest("outcome lookup by address", limits.place_of(address)),
    )


def check(asked: Keys, *, at: datetime) -> None:
    """Make sure that not too many lookups found nothing: one read for both tallies.

    Raises:
        TooManyLookups: for this number, or from this address.
    """
    statement = select(SignInTally.key, SignInTally.tries, SignInTally.began_at).where(
        SignInTally.key.in_((asked.number, asked.address))
    )
    rules = {
        asked.number: (NUMBER_TRIES, NUMBER_WINDOW),
        asked.address: (ADDRESS_TRIES, ADDRESS_WINDOW),
    }
    waits = [timedelta()]
    for key, tries, began_at in db.session.execute(statement):
        most, window = rules[key]
        if tries >= most:
            waits.append(began_at + window - at)
    if max(waits) > timedelta():
        raise TooManyLookups(retry_after=int(max(waits).total_seconds()) + 1)


def look_up(kind: DocumentType, number: str, name: str, *, at: datetime) -> list[Found]:
    """Return the outcomes that are shown of the person with this number and name.

    Raises:
        NothingToLookUp: unknown, differently named, or nothing shown: nobody learns which.
    """
    index = ciphers.current().index(kind, documents.normalised(number))
    who = and_(Person.document_index == index, Person.name == name.strip())
    found = [*_theories(who, at), *_practicals(who, at)]
    if not found:
        raise NothingToLookUp
    return sorted(found, key=lambda one: one.held_at, reverse=True)


def count_miss(asked: Keys, *, at: datetime) -> None:
    """Count a lookup that found nothing, for its number and for its address."""
    for key, window in ((asked.number, NUMBER_WINDOW), (asked.address, ADDRESS_WINDOW)):
        tallies.count(key, tallies.locked(key, at=at), at=at, window=window)


def _theories(who: Any, at: datetime) -> Iterable[Found]:
    statement = (
        select(Exam.name, Attempt.started_at, Outcome)
        .join(Attempt, Attempt.exam_id == Exam.id)
        .join(Outcome, Outcome.attempt_id == Attempt.id)
        .join(Person, Person.id == Attempt.candidate_id)
        .where(
            who,
            Attempt.state == State.GRADED,
            Outcome.released_at <= at,
            ~Exam.is_practice,
        )
        .order_by(Attempt.started_at.desc())
        .limit(_MOST)
    )
    for name, held_at, outcome in db.session.execute(statement):
        yield _found(name, held_at, outcome, practical=False)


def _practicals(who: Any, at: datetime) -> Iterable[Found]:
    statement = (
        select(Practical, PracticalOutcome)
        .join(PracticalOutcome, PracticalOutcome.practical_id == Practical.id)
        .join(Person, Person.id == Practical.candidate_id)
        .where(
            who,
            Practical.state == PracticalState.DECIDED,
            PracticalOutcome.released_at <= at,
        )
        .order_by(Practical.planned_at.desc())
        .limit(_MOST)
    )
    for practical, outcome in db.session.execute(statement):
        name = f"{practical.qualification.name_zh}实际操作考试"
        yield _found(name, practical.planned_at, outcome, practical=True)


def _found(
    name: str, held_at: datetime, outcome: Outcome | PracticalOutcome, *, practical: bool
) -> Found:
    return Found(
        exam=name,
        practical=practical,
        held_at=held_at,
        score=outcome.score,
        max_score=outcome.max_score,
        passed=outcome.passed,
        released_at=outcome.released_at,
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()
