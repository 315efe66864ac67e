"""All who look at their attempts together see what each would see alone, in one statement."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from exams.lifecycle import State
from exams.schemas.attempts import StandingOut
from exams.services import attempts, standings
from exams.services.standings import Look
from exams.views.submission_lane import shown
from server.db import db
from server.errors import NotFound
from tests.factories import exams as a
from tests.factories import sitting
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

LATER = NOON + timedelta(hours=1)

#: Pinned: attempts with their outcomes and what they hold.
STATEMENTS = 1


def seen(*looked, at=LATER):
    """Look together."""
    looks = [Look(one.id, one.candidate_id, at) for one in looked]
    return standings.seen(db.session.connection(), looks)


def alone(attempt, *, at=LATER):
    """Return what one sees alone."""
    db.session.flush()
    db.session.expire(attempt)
    return StandingOut().dump(attempts.standing(attempt, at=at))


def test_each_sees_what_they_would_see_alone():
    scene, held_back = a.an_exam(), a.an_exam(release_at=LATER + timedelta(days=1))
    going_on, untouched, told = (a.an_attempt(scene) for _ in range(3))
    waiting, void, late = a.an_attempt(held_back), a.an_attempt(scene), a.an_attempt(scene)
    for one in (going_on, told, waiting, void):
        sitting.answer(one, right=70, wrong=3)
    sitting.answer(going_on, right=2, sequence=7)  # another word for two slots
    sitting.answer(late, right=5, at=late.deadline_at + timedelta(minutes=1))
    for one in (told, waiting, void):
        sitting.submit(one, at=NOON + timedelta(minutes=40))
    void.state = State.VOIDED
    everybody = [going_on, untouched, told, waiting, void, late]
    db.session.flush()

    together = [shown(one, at=LATER) for one in seen(*everybody)]

    assert together == [alone(one) for one in everybody]
    assert [one["held_count"] for one in together] == [73, 0, 73, 73, 73, 0]
    assert [one["outcome"] is not None for one in together] == [False, False, True, *[False] * 3]
    release = LATER + timedelta(days=1)
    assert seen(waiting, at=release - timedelta(microseconds=1))[0].outcome is None
    assert seen(waiting, at=release)[0].outcome.score == "70"


def test_anothers_attempt_and_nobodys_are_not_found_and_nobody_else_is_kept_from_theirs():
    scene = a.an_exam()
    mine, anothers = a.an_attempt(scene), a.an_attempt(scene)
    looks = [
        Look(anothers.id, mine.candidate_id, LATER),
        Look(mine.id, mine.candidate_id, LATER),
        Look(uuid4(), mine.candidate_id, LATER),
        Look(mine.id, mine.candidate_id, LATER),
    ]

    replies = standings.seen(db.session.connection(), looks)

    assert [isinstance(one, NotFound) for one in replies] == [True, False, True, False]
    assert replies[1] == replies[3]


@pytest.mark.parametrize("phones", [1, 16])
def test_any_number_of_looks_takes_one_statement(phones, count_statements):
    scene = a.an_exam()
    looked = [sitting.submit(a.an_attempt(scene)) for _ in range(phones)]
    seen(looked[0])  # which reads the form, once for all

    with count_statements() as sent:
        replies = seen(*looked)

    assert len(sent) == STATEMENTS
    assert [one.outcome.score for one in replies] == ["0"] * phones
