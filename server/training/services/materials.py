"""What is handed out in a class, and what its learners think of it (课件、评价)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from server.db import db, upsert
from server.errors import NotFound
from server.policy import Identity
from server.training.attending_errors import NotInClass
from server.training.models import (
    ClassEvaluation,
    ClassLearner,
    ClassMaterial,
    TrainingFile,
)
from server.training.services import classes, learners, lessons, putting


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """What a learner thinks of a class: 1 to 5."""

    rating: int
    #: By the id of the teacher.
    teacher_ratings: Mapping[UUID, int]
    comment: str | None = None


@dataclass(frozen=True, kw_only=True)
class Opinions:
    """What the learners of a class think of it, without names."""

    count: int
    #: None where nobody said anything.
    average: float | None
    by_teacher: Mapping[UUID, float]
    comments: list[str]


def hand_out(
    class_id: UUID,
    material_id: UUID,
    *,
    title: str,
    media_type: str,
    content: bytes,
    by: Identity,
    at: datetime,
) -> ClassMaterial:
    """Add a material to a class; its content is kept once. The same again changes nothing.

    Raises:
        NotFound: the asker neither plans, runs nor teaches the class.
        ClassOver: it is closed or cancelled.
        IdTaken: another material stands under this id.
    """
    found = classes.taught_by(class_id, by=by)
    digest = hashlib.sha256(content).hexdigest()
    values = {"class_id": class_id, "title": title, "media_type": media_type, "hash": digest}
    known = putting.known(ClassMaterial, material_id, values)
    if known is not None:
        return known
    classes.check_open(found)
    insert = upsert(TrainingFile).values(hash=digest, content=content)
    db.session.execute(insert.on_conflict_do_nothing(index_elements=["hash"]))
    made = ClassMaterial(id=material_id, **values, size=len(content), added_at=at)
    putting.made(made)
    classes.tell("material_added", found, by=by, at=at, after={"title": title, "hash": digest})
    return made


def of(class_id: UUID) -> list[ClassMaterial]:
    """Return the materials of a class, in the order they came."""
    statement = select(ClassMaterial).where(ClassMaterial.class_id == class_id)
    ordered = statement.order_by(ClassMaterial.added_at, ClassMaterial.id)
    return list(db.session.execute(ordered).scalars())


def content_of(class_id: UUID, material_id: UUID, *, by: Identity) -> tuple[ClassMaterial, bytes]:
    """Return a material and its content.

    Raises:
        NotFound: the asker may not see the class, or it has no such material.
    """
    classes.seen_by(class_id, by=by)
    found = db.session.get(ClassMaterial, material_id)
    if found is None or found.class_id != class_id:
        raise NotFound
    statement = select(TrainingFile.content).where(TrainingFile.hash == found.hash)
    return found, db.session.execute(statement).scalar_one()


def evaluate(class_id: UUID, opinion: Opinion, *, by: Identity, at: datetime) -> ClassEvaluation:
    """Say what one thinks of a class and its teachers; said again, it replaces what was said.

    Raises:
        NotFound: there is no such class, or no such teacher in it.
        NotInClass: the asker has no place in it.
    """
    classes.get(class_id)
    learner = learners.find(class_id, by.person_id)
    if learner is None or learner.withdrawn_at is not None:
        raise NotInClass
    if not opinion.teacher_ratings.keys() <= {one.teacher_id for one in lessons.of(class_id)}:
        raise NotFound
    said = db.session.get(ClassEvaluation, learner.id) or ClassEvaluation(learner_id=learner.id)
    said.rating, said.comment, said.given_at = opinion.rating, opinion.comment, at
    said.teacher_ratings = {str(key): value for key, value in opinion.teacher_ratings.items()}
    return putting.made(said)


def opinions(class_id: UUID) -> Opinions:
    """Return what the learners of a class think of it."""
    statement = (
        select(ClassEvaluation)
        .join(ClassLearner, ClassLearner.id == ClassEvaluation.learner_id)
        .where(ClassLearner.class_id == class_id)
        .order_by(ClassEvaluation.learner_id)
    )
    said = db.session.execute(statement).scalars().all()
    by_teacher: dict[UUID, list[int]] = {}
    for one in said:
        for teacher, rating in one.teacher_ratings.items():
            by_teacher.setdefault(UUID(teacher), []).append(rating)
    return Opinions(
        count=len(said),
        average=sum(one.rating for one in said) / len(said) if said else None,
        by_teacher={key: sum(found) / len(found) for key, found in by_teacher.items()},
        comments=[one.comment for one in said if one.comment],
    )
