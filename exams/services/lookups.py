"""Looking outcomes up by number and name, without becoming a way to collect numbers (成绩查询).

Whoever asks gets the same answer for an unknown number, for a wrong name and where nothing is
shown yet, by the same one statement. Lookups that find nothing are counted for the number and for
the address, in the table that all processes share; those that find something are counted nowhere,
so that a rush of honest people costs two reads each, and one read where they look again at once.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    literal,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from exams.correction_errors import NothingToLookUp, TooManyLookups
from exams.lifecycle import State
from exams.models import Attempt, Exam, Outcome, Practical, PracticalOutcome, Qualification
from exams.models.practicals import PracticalState
from exams.services.shelves import Glance
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


#: Whoever looks again at once is told what was found; a correction shows some seconds later.
_GLANCE: Glance[list[Found]] = Glance(lasts=timedelta(seconds=10), most=4096)


def _shown(
    outcome: type[Outcome | PracticalOutcome],
    exam: ColumnElement[str],
    held_at: ColumnElement[datetime] | InstrumentedAttribute[datetime],
    *,
    practical: bool,
) -> Select[str, bool, datetime, str, str, bool, datetime]:
    return select(
        exam.label("exam"),
        literal(practical).label("practical"),
        held_at.label("held_at"),
        outcome.score.label("score"),
        outcome.max_score.label("max_score"),
        outcome.passed.label("passed"),
        outcome.released_at.label("released_at"),
    )


_WHO = and_(
    Person.document_index == bindparam("index"),
    Person.name == bindparam("name"),
)

#: Made once: theories and practicals of one person, in one statement, the newest first.
_STATEMENT = (
    union_all(
        _shown(Outcome, Exam.name.expression, Attempt.started_at, practical=False)
        .join(Attempt, Attempt.id == Outcome.attempt_id)
        .join(Exam, Exam.id == Attempt.exam_id)
        .join(Person, Person.id == Attempt.candidate_id)
        .where(
            _WHO,
            Attempt.state == State.GRADED,
            Outcome.released_at <= bindparam("at", type_=Outcome.released_at.type),
            ~Exam.is_practice,
        ),
        _shown(
            PracticalOutcome,
            Qualification.name_zh + literal("实际操作考试"),
            Practical.planned_at,
            practical=True,
        )
        .join(Practical, Practical.id == PracticalOutcome.practical_id)
        .join(Qualification, Qualification.id == Practical.qualification_id)
        .join(Person, Person.id == Practical.candidate_id)
        .where(
            _WHO,
            Practical.state == PracticalState.DECIDED,
            PracticalOutcome.released_at <= bindparam("at", type_=Outcome.released_at.type),
        ),
    )
    .order_by(text("held_at DESC"))
    .limit(_MOST)
)


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
    key = _digest("outcome lookup found", index, name.strip())
    found = _GLANCE.find(key, at=at)
    if found is None:
        asked = {"index": index, "name": name.strip(), "at": at}
        found = [Found(**row) for row in db.session.execute(_STATEMENT, asked).mappings()]
        if found:
            _GLANCE.keep(key, found, at=at)
    if not found:
        raise NothingToLookUp
    return found


def count_miss(asked: Keys, *, at: datetime) -> None:
    """Count a lookup that found nothing, for its number and for its address."""
    for key, window in ((asked.number, NUMBER_WINDOW), (asked.address, ADDRESS_WINDOW)):
        tallies.count(key, tallies.locked(key, at=at), at=at, window=window)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()
