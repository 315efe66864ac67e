"""Who may not decide about whom: trainers, examiners, colleagues (考培分离、回避)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select

from certificates.life_errors import SameEmployer, TrainedHolder
from exams.models import Attempt, LateDecision, RoomEvent
from exams.models.standards import Qualification
from server.db import db
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.people.models import Post
from server.people.services import posts
from server.policy import Identity
from server.records import services as records
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

    安全生产培训管理办法 art. 18 (教考分离): it is asked of the person, not of the account or role.

    Raises:
        TrainedHolder: they recorded the training, hold a post at the provider, or examined.
        SameEmployer: both hold a post at the same enterprise or provider.
    """
    if _trained(person_id, qualification, by=by, on=on) or _examined(attempt_id, by=by):
        raise TrainedHolder
    if _share_employer(person_id, by=by, on=on):
        raise SameEmployer


def _trained(person_id: UUID, qualification: Qualification, *, by: Identity, on: date) -> bool:
    trained = [record for record in records.standing(person_id) if _was_for(record, qualification)]
    if any(record.recorded_by_id == by.account_id for record in trained):
        return True
    providers = {record.content.get("provider_id") for record in trained}
    return any(str(post.organisation_id) in providers for post in posts.held(by.person_id, on=on))


def _was_for(record: Record, qualification: Qualification) -> bool:
    return (
        record.kind is RecordKind.TRAINING
        and fits(qualification.role.value, record.role)
        and fits(qualification.operation_item or "", record.item)
    )


def _examined(attempt_id: UUID | None, *, by: Identity) -> bool:
    if attempt_id is None:
        return False
    exam = select(Attempt.exam_id).where(Attempt.id == attempt_id).scalar_subquery()
    in_room: ColumnElement[bool] = RoomEvent.exam_id == exam
    late: ColumnElement[bool] = LateDecision.attempt_id == attempt_id
    return any(
        db.session.execute(
            select(model.id).where(which, model.by_account_id == by.account_id).limit(1)
        ).first()
        for model, which in ((RoomEvent, in_room), (LateDecision, late))
    )


def _share_employer(person_id: UUID, *, by: Identity, on: date) -> bool:
    held = select(Post.organisation_id).where(Post.person_id == person_id, posts.is_held(on))
    shared = (
        select(Post.id)
        .join(Organisation, Post.organisation_id == Organisation.id)
        .where(
            Post.person_id == by.person_id,
            posts.is_held(on),
            Post.organisation_id.in_(held),
            # An authority certifies its own officers; there is nobody else who could.
            Organisation.kind != OrganisationKind.AUTHORITY,
        )
    )
    return db.session.execute(shared.limit(1)).first() is not None
