"""The demonstration bank, loaded into an empty database."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import func, select

from question_bank import demonstration
from question_bank.models import Question, QuestionTag
from question_bank.services.drawing import published_for_exams
from server.days import civil_day
from server.db import db
from server.demonstration import Demonstration
from server.people.roster import PostRole
from server.policy import Role
from tests.factories.auth import an_organisation
from tests.factories.question_bank import an_identity
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


def loaded() -> Demonstration:
    """Load the bank for an authority with an author and a reviewer."""
    owner = an_organisation()
    play = Demonstration(at=NOON, say=lambda _line: None)
    play.made = {
        "authority": owner.id,
        "author": an_identity(Role.AUTHOR, within=owner),
        "reviewer": an_identity(Role.REVIEWER, within=owner),
    }
    demonstration.load(play)
    return play


def question_count() -> int:
    """Return how many questions there are."""
    return db.session.execute(select(func.count()).select_from(Question)).scalar_one()


def test_every_demonstration_question_is_published_for_its_role() -> None:
    loaded()

    for role, item in (
        (PostRole.PRINCIPAL, None),
        (PostRole.SAFETY_MANAGER, None),
        (PostRole.SPECIAL_OPERATIONS_WORKER, "1.2"),
    ):
        pool = published_for_exams(on=civil_day(NOON), role=role, operation_item=item)
        assert len(pool) >= 60
        assert len(Counter(entry.kind for entry in pool)) == 3


def test_loading_again_changes_nothing() -> None:
    play = loaded()
    before = question_count()

    demonstration.load(play)

    assert question_count() == before


def test_a_question_of_two_roles_is_one_question(monkeypatch: pytest.MonkeyPatch) -> None:
    [(tag, content), *_] = demonstration.contents()
    other = tag._replace(role=PostRole.EMPLOYEE)
    monkeypatch.setattr(demonstration, "contents", lambda: [(tag, content), (other, content)])

    loaded()

    roles = db.session.execute(select(QuestionTag.role)).scalars().all()
    assert (question_count(), set(roles)) == (1, {tag.role, PostRole.EMPLOYEE})
