"""Who may not decide about whom: trainers, examiners, colleagues (考培分离、回避).

安全生产培训管理办法 art. 18 (教考分离): it is asked of the person, not of the account or role, and
answered for many people in as many statements as for one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select

from certificates.life_errors import SameEmployer, TrainedHolder
from exams.models import Attempt, LateDecision, RoomEvent
from exams.models.standards import Qualification
from server.db import db
from server.errors import DomainError
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.people.models import Post
from server.people.services import posts
from server.policy import Identity
from server.records import entries
from server.records.entries import RecordKind, fits
from server.records.models import Record


def check(
    person_id: UUID,
    qualification: Qualification,
    *,
    by: Identity,
    on: date,
    attempt_id: UUID | None = None,
) -> None:
    """Make sure that who decides neither trained nor examined the person, nor works beside them.

    Raises:
        TrainedHolder: they recorded the training, hold a post at the provider, or examined.
        SameEmployer: both hold a post at the same enterprise or provider.
    """
    refusal = too_near({person_id: attempt_id}, qualification, by=by, on=on).get(person_id)
    if refusal is not None:
        raise refusal()


def too_near(
    people: Mapping[UUID, UUID | None], qualification: Qualification, *, by: Identity, on: date
) -> dict[UUID, type[DomainError]]:
    """Return of which people who decides is too near, each with the refusal that says how.

    Args:
        people: about whom is decided, each with the attempt it rests on.
        qualification: for what.
        by: who decides.
        on: the day.
    """
    colleagues = _colleagues(people, by=by, on=on)
    taught = _trained(people, qualification, by=by, on=on) | _examined(people, by=by)
    return dict.fromkeys(colleagues, SameEmployer) | dict.fromkeys(taught, TrainedHolder)


def _trained(
    people: Iterable[UUID], qualification: Qualification, *, by: Identity, on: date
) -> set[UUID]:
    providers = {str(post.organisation_id) for post in posts.held(by.person_id, on=on)}
    told = select(Record).where(
        Record.person_id.in_(list(people)),
        Record.kind.in_([RecordKind.TRAINING, RecordKind.CORRECTION]),
    )
    by_person: dict[UUID, list[Record]] = defaultdict(list)
    for record in db.session.execute(told).scalars():
        by_person[record.person_id].append(record)
    return {
        person_id
        for person_id, records in by_person.items()
        if any(
            _was_for(record, qualification)
            and (
                record.recorded_by_id == by.account_id
                or record.content.get("provider_id") in providers
            )
            for record in entries.standing(records)
        )
    }


def _was_for(record: Record, qualification: Qualification) -> bool:
    return (
        record.kind is RecordKind.TRAINING
        and fits(qualification.role.value, record.role)
        and fits(qualification.operation_item or "", record.item)
    )


def _examined(people: Mapping[UUID, UUID | None], *, by: Identity) -> set[UUID]:
    sat = {attempt: person for person, attempt in people.items() if attempt is not None}
    if not sat:
        return set()
    in_room = (
        select(Attempt.id)
        .join(RoomEvent, RoomEvent.exam_id == Attempt.exam_id)
        .where(Attempt.id.in_(sat), RoomEvent.by_account_id == by.account_id)
    )
    late = select(LateDecision.attempt_id).where(
        LateDecision.attempt_id.in_(sat), LateDecision.by_account_id == by.account_id
    )
    return {sat[attempt] for attempt in db.session.execute(in_room.union(late)).scalars()}


def _colleagues(people: Iterable[UUID], *, by: Identity, on: date) -> set[UUID]:
    mine = (
        select(Post.organisation_id)
        .join(Organisation, Post.organisation_id == Organisation.id)
        .where(
            Post.person_id == by.person_id,
            posts.is_held(on),
            # An authority certifies its own officers; there is nobody else who could.
            Organisation.kind != OrganisationKind.AUTHORITY,
        )
    )
    beside = select(Post.person_id).where(
        Post.person_id.in_(list(people)), posts.is_held(on), Post.organisation_id.in_(mine)
    )
    return set(db.session.execute(beside).scalars())
