"""Teachers: where they teach, and for which subjects they are approved (培训教师)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from server.db import db
from server.errors import NotFound
from server.organisations import services as organisations
from server.people.models import Person
from server.people.services import people
from server.policy import Identity, Permission
from server.scopes import Scope
from server.training.errors import SubjectNotApproved, TermUnfit
from server.training.kinds import BOUND_TO_ITEM, Function, Subject
from server.training.models import Teacher, TeacherSubject
from server.training.services import experts, putting


@dataclass(frozen=True, kw_only=True)
class TeacherDraft:
    """What is said of a teacher."""

    person_id: UUID
    qualification: str
    from_on: date


@dataclass(frozen=True, kw_only=True)
class SubjectDraft:
    """What a teacher may teach, and when."""

    subject: Subject
    item: str | None
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A teacher with the name and what they may teach."""

    teacher: Teacher
    name: str
    subjects: list[TeacherSubject]


def engage(
    provider_id: UUID, teacher_id: UUID, draft: TeacherDraft, *, by: Identity, at: datetime
) -> Teacher:
    """Enter that somebody of the expert pool teaches at a provider.

    Raises:
        NotFound: the provider lies outside the asker's scope, or there is no such person.
        NotInPool: the person is not appointed, trained and tested as a teacher.
        IdTaken: another teacher stands under this id.
    """
    provider = organisations.get(provider_id, scope=by.scope(Permission.MANAGE_PROVIDER))
    values = {**asdict(draft), "provider_id": provider.id}
    known = putting.known(Teacher, teacher_id, values)
    if known is not None:
        return known
    people.get(draft.person_id)
    experts.check_in_pool(draft.person_id, Function.TEACHER, on=draft.from_on)
    made = putting.made(Teacher(id=teacher_id, **values, recorded_at=at))
    putting.tell(
        "teacher_engaged",
        made.id,
        provider,
        kind="teacher",
        by=by,
        at=at,
        after={"person_id": draft.person_id},
    )
    return made


def end(
    teacher_id: UUID, *, until_on: date, reason: str | None = None, by: Identity, at: datetime
) -> Teacher:
    """End that somebody teaches: `until_on` is the first day on which they no longer do.

    The audit keeps why.

    Raises:
        NotFound: the teacher lies outside the asker's scope.
        TermUnfit: it would end before it began.
    """
    teacher = get(teacher_id, scope=by.scope(Permission.MANAGE_PROVIDER))
    if until_on < teacher.from_on:
        raise TermUnfit(reason="it ends before it begins", reason_zh="终止日期早于起始日期")
    teacher.until_on = until_on
    db.session.flush()
    place = organisations.get(teacher.provider_id)
    putting.tell(
        "teacher_left",
        teacher.id,
        place,
        kind="teacher",
        by=by,
        at=at,
        after={"until_on": until_on},
        reason=reason,
    )
    return teacher


def approve_subject(
    teacher_id: UUID, subject_id: UUID, draft: SubjectDraft, *, by: Identity, at: datetime
) -> TeacherSubject:
    """Let a teacher teach a subject on some days; the authority does.

    Raises:
        NotFound: the teacher's provider lies outside the asker's scope.
        TermUnfit: the days contradict each other, or the item does not fit the subject.
        IdTaken: something else stands under this id.
    """
    teacher = get(teacher_id, scope=by.scope(Permission.APPROVE_TRAINING))
    if draft.valid_until is not None and draft.valid_until < draft.valid_from:
        raise TermUnfit(reason="it ends before it begins", reason_zh="终止日期早于起始日期")
    if draft.item is not None and draft.subject not in BOUND_TO_ITEM:
        raise TermUnfit(
            reason="this subject is the same for every item", reason_zh="该科目不区分操作项目"
        )
    values = {**asdict(draft), "teacher_id": teacher.id}
    known = putting.known(TeacherSubject, subject_id, values)
    if known is not None:
        return known
    made = putting.made(TeacherSubject(id=subject_id, **values))
    putting.tell(
        "teacher_subject_approved",
        made.id,
        organisations.get(teacher.provider_id),
        kind="teacher",
        by=by,
        at=at,
        after={"subject": draft.subject.value, "item": draft.item},
    )
    return made


def get(teacher_id: UUID, *, scope: Scope) -> Teacher:
    """Return a teacher whose provider lies within the scope.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(Teacher, teacher_id)
    if found is None:
        raise NotFound
    organisations.get(found.provider_id, scope=scope)
    return found


def listed(provider_id: UUID, *, on: date | None, scope: Scope) -> list[Listed]:
    """Return the teachers of a provider by name: those of a day, or all that ever taught there.

    Raises:
        NotFound: the provider lies outside the scope.
    """
    organisations.get(provider_id, scope=scope)
    statement = (
        select(Teacher, Person.name)
        .join(Person, Person.id == Teacher.person_id)
        .where(Teacher.provider_id == provider_id)
    )
    rows = db.session.execute(statement.order_by(Person.name, Teacher.id)).all()
    found = [(teacher, name) for teacher, name in rows if on is None or teaches(teacher, on)]
    ids = [teacher.id for teacher, _ in found]
    asked = select(TeacherSubject).where(TeacherSubject.teacher_id.in_(ids))
    subjects = db.session.execute(asked.order_by(TeacherSubject.valid_from)).scalars().all()
    return [
        Listed(
            teacher=teacher,
            name=name,
            subjects=[one for one in subjects if one.teacher_id == teacher.id],
        )
        for teacher, name in found
    ]


def teaches(teacher: Teacher, on: date) -> bool:
    """Say whether somebody teaches there on a day."""
    return teacher.from_on <= on and (teacher.until_on is None or on < teacher.until_on)


def check_subject(teacher: Teacher, subject: Subject, item: str | None, *, on: date) -> None:
    """Refuse a lesson in a subject for which its teacher is not approved on the day.

    Raises:
        SubjectNotApproved: not that subject, not that item, or not on that day.
        NotInPool: the appointment as a teacher is over.
    """
    if not teaches(teacher, on):
        raise SubjectNotApproved
    experts.check_in_pool(teacher.person_id, Function.TEACHER, on=on)
    statement = select(TeacherSubject).where(
        TeacherSubject.teacher_id == teacher.id, TeacherSubject.subject == subject
    )
    if not any(_covers(one, item, on) for one in db.session.execute(statement).scalars()):
        raise SubjectNotApproved


def _covers(one: TeacherSubject, item: str | None, on: date) -> bool:
    in_term = one.valid_from <= on and (one.valid_until is None or on <= one.valid_until)
    bound = one.subject in BOUND_TO_ITEM and item is not None
    return in_term and (not bound or one.item in (None, item))
