"""A regrade is seen by who may see every exam that asks its question."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import delete, select, update

from exams.models import Paper, PaperItem
from exams.regrading import Remedy
from exams.services import regrades
from exams.services.regrades import RegradeDraft
from server.db import db
from server.policy import Role
from server.scopes import EVERYWHERE, Scope
from tests.factories import exams as a
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


def first_asked(scene: a.Scene) -> PaperItem:
    """Return what the first slot of a form asks."""
    asked = select(PaperItem).join(Paper).where(Paper.exam_id == scene.exam.id)
    return db.session.execute(asked.order_by(PaperItem.slot).limit(1)).scalar_one()


def seen(scope: Scope) -> list[object]:
    return [one.id for one in regrades.listed(scope, cursor=None, limit=9).items]


def test_who_does_not_see_every_exam_that_asks_a_question_does_not_see_its_regrade() -> None:
    here = a.an_exam()
    version_id = first_asked(here).version_id
    examiner = a.identity_of(a.a_person(here.centre).id, Role.EXAMINER)
    draft = RegradeDraft(version_id=version_id, remedy=Remedy.FULL_MARKS, key=(), reason="有误")
    regrade_id = regrades.propose(uuid4(), draft, by=examiner, at=NOON).id
    own = Scope(organisation_paths=(here.centre.path,))

    elsewhere = a.an_exam()
    papers = select(Paper.id).where(Paper.exam_id == elsewhere.exam.id)
    asks_it = (PaperItem.paper_id.in_(papers), PaperItem.version_id == version_id)
    db.session.execute(delete(PaperItem).where(*asks_it))
    assert seen(own) == [regrade_id]
    other = first_asked(elsewhere)
    where = (PaperItem.paper_id == other.paper_id, PaperItem.slot == other.slot)
    db.session.execute(update(PaperItem).where(*where).values(version_id=version_id))

    assert seen(own) == []
    assert seen(EVERYWHERE) == [regrade_id]
    assert seen(Scope(organisation_paths=(elsewhere.centre.path,))) == []
