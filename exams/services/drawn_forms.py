"""Drawing the forms of an exam: which questions, by which chance (组卷抽题). Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from exams import assembly, dice, seating
from exams.assembly import Candidate, DrawnItem, SectionRule
from exams.errors import PoolTooSmall
from exams.models import Exam, Sitting
from exams.seating import Room
from exams.services import batches, exposures, pool, specifications
from server.db import db


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A form that was drawn: which questions, and by which chance."""

    #: Number of the form, from 1.
    number: int
    seed: bytes
    items: Sequence[DrawnItem]


class Rows(Protocol):
    """The places of each form, by its number less one."""

    def __len__(self) -> int: ...

    def __getitem__(self, form: int, /) -> Sequence[DrawnItem]: ...


class Lot:
    """The forms of an exam as they were drawn; one is laid out when it is asked for."""

    def __init__(self, rows: Rows, *, seed: bytes) -> None:
        self._rows, self._seed = rows, seed

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Drawn]:
        return (self._form(place) for place in range(len(self)))

    def some(self, after: int, count: int) -> list[Drawn]:
        """Return the next forms after so many."""
        return [self._form(place) for place in range(after, min(after + count, len(self)))]

    def digest(self) -> str:
        """Return the SHA-256 of which question stands where, as hexadecimal digits."""
        digest = sha256()
        for one in self:
            digest.update(one.seed)
            digest.update(b"".join(item.candidate.version_id.bytes for item in one.items))
        return digest.hexdigest()

    def asked(self) -> frozenset[UUID]:
        """Return the versions that any form asks."""
        return frozenset(item.candidate.version_id for one in self for item in one.items)

    def _form(self, place: int) -> Drawn:
        seed = seed_of(self._seed, place + 1)
        return Drawn(number=place + 1, seed=seed, items=self._rows[place])


def draw(exam: Exam, *, seed: bytes, at: datetime) -> Lot:
    """Draw the forms of an exam.

    Each form has a seed of its own, made of the exam's, so that it can be drawn again for an
    appeal from what stands beside it. What lies there already of this exam is not counted.

    Args:
        exam: the exam, with its specification.
        seed: 32 bytes of secret chance.
        at: the moment at which questions must be in use.

    Raises:
        PoolTooSmall: the question bank cannot carry the specification.
        TargetOutOfReach: it cannot at the difficulty asked for.
        RequiredNotInPool: a required question cannot be drawn.
    """
    every = pool.of(exam.qualification, at=at, sat_at=exam.closes_at)
    rested = exposures.rested(every, exam.specification, but=exam.id)
    questions = exposures.weighed(rested, at=at, but=exam.id)
    return Lot(_rows(exam, questions, seed=seed), seed=seed)


def seed_of(seed: bytes, number: int) -> bytes:
    """Return the seed of a form, by its number: it comes of the chance of the exam."""
    return b"".join(part.to_bytes(8, "big") for part in dice.draws(seed, f"form {number}", 4))


def beside(exam: Exam) -> list[tuple[int, int]]:
    """Return the forms that will lie on neighbouring seats, by number; none without rooms."""
    rooms = rooms_of(exam)
    return sorted(seating.beside(seating.planned_forms(rooms, exam.form_count)))


def rooms_of(exam: Exam) -> tuple[Room, ...]:
    """Return the rooms in which an exam is sat; none where it is no sitting, or has none."""
    sitting = db.session.get(Sitting, exam.id)
    return () if sitting is None else tuple(one.room.grid for one in sitting.rooms)


def _rows(exam: Exam, questions: list[Candidate], *, seed: bytes) -> Rows:
    """Return the places of each form."""
    if batches.applies(exam.specification, exam.form_count):
        try:
            return batches.draw(
                exam.specification,
                questions,
                exam.form_count,
                seed=seed,
                beside=beside(exam),
            )
        except PoolTooSmall:
            # A pool so tight that only a search for a way through it may find one.
            if not specifications.may_stand_alone(exam.specification):
                raise
    rules = specifications.rules(exam.specification)
    numbers = range(1, exam.form_count + 1)
    return [_alone(rules, questions, seed=seed_of(seed, number)) for number in numbers]


def _alone(
    rules: Sequence[SectionRule], questions: list[Candidate], *, seed: bytes
) -> Sequence[DrawnItem]:
    """Draw one form without regard to others: found whenever there is one."""
    drawn = assembly.draw(rules, questions, seed=seed)
    if drawn.shortages:
        raise PoolTooSmall([asdict(shortage) for shortage in drawn.shortages])
    return drawn.items
