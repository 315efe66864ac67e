"""The learners of a class as lists show them: narrowed by employer, result, presence (学员名单)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from server.errors import NotFound
from server.training.kinds import Presence
from server.training.models import Attendance
from server.training.services import attendance, learners, lessons
from server.training.services.learners import Listed


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which learners to list; None asks for nothing."""

    employer_id: UUID | None = None
    completed: bool | None = None
    #: The lesson that `presence` is about.
    lesson_id: UUID | None = None
    presence: Presence | None = None


def listed(class_id: UUID, wanted: Wanted) -> list[Listed]:
    """Return the learners of a class who have a place and are wanted, by name.

    Raises:
        NotFound: the class has no such lesson.
    """
    there = {} if wanted.lesson_id is None else _signed_in(class_id, wanted.lesson_id)
    return [one for one in learners.of(class_id) if _fits(one, wanted, there)]


def presence_of(signed: Attendance | None) -> Presence:
    """Say how somebody was in a lesson, by what was signed."""
    if signed is None:
        return Presence.MISSING
    waits = bool(signed.flags) and signed.confirmed is None
    return Presence.TO_LOOK_AT if waits else Presence.SIGNED_IN


def _signed_in(class_id: UUID, lesson_id: UUID) -> dict[UUID, Attendance]:
    if lessons.get(lesson_id).class_id != class_id:
        raise NotFound
    return {one.person_id: one for one in attendance.of([lesson_id])}


def _fits(one: Listed, wanted: Wanted, there: dict[UUID, Attendance]) -> bool:
    learner = one.learner
    return (
        wanted.employer_id in (None, learner.employer_id)
        and wanted.completed in (None, learner.completed)
        and wanted.presence in (None, presence_of(there.get(learner.person_id)))
    )
