"""Papers made ready before anybody waits: stored as they were made, or drawn anew."""

from datetime import timedelta

import pytest

from exams.services import papers, planning
from question_bank.models import QuestionVersion
from server.db import db
from tests.factories import exams as a
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

SMALL: a.Sections = (("true_false", 2, 50, {}),)


def a_draft_of(form_count: int):
    """Store an exam that is not published, and questions for its papers."""
    scene = a.an_exam(published=False, sections=SMALL)
    scene.exam.form_count = form_count
    db.session.flush()
    return scene.exam


def ready_for(exam):
    """Make the papers of an exam ready."""
    made = planning.make_ready(exam.id, seed=a.SEED, by=a.SOMEBODY, at=NOON)
    assert made is not None
    return made


def publish_ready(exam, ready):
    """Publish an exam with papers that were made ready; return the ids of its forms."""
    planning.publish(exam.id, seed=a.SEED, by=a.SOMEBODY, at=NOON, ready=ready)
    return {one.id for one in papers.of(exam.id)}


def test_forms_that_were_made_ready_are_stored_in_as_many_statements_as_one(count_statements):
    sent = []
    for count in (1, 1, 30):
        exam = a_draft_of(count)
        ready = ready_for(exam)
        with count_statements() as statements:
            stored = publish_ready(exam, ready)
        assert stored == {one.shown.paper_id for one in ready.made.forms}
        assert all(one.package is not None for one in papers.of(exam.id))
        sent.append(len(statements))

    assert sent[1] == sent[2]


def test_forms_that_no_longer_fit_what_is_planned_are_drawn_anew():
    def replanned(exam):
        exam.form_count += 1

    def rewritten(exam):
        exam.specification.written_at = NOON + timedelta(seconds=1)

    def withdrawn(exam):
        asked = ready.made.forms[0].items[0]["version_id"]
        db.session.get_one(QuestionVersion, asked).withdrawn_at = NOON

    for change in (replanned, rewritten, withdrawn):
        exam = a_draft_of(2)
        ready = ready_for(exam)
        change(exam)
        db.session.flush()

        stored = publish_ready(exam, ready)

        assert len(stored) == exam.form_count
        assert not stored & {one.shown.paper_id for one in ready.made.forms}, change.__name__


def test_what_cannot_be_published_is_not_made_ready():
    published = a.an_exam(sections=SMALL).exam
    poor = a.an_exam(published=False, sections=(("true_false", 1, 50, {}),)).exam

    for exam in (published, poor):
        made = planning.make_ready(exam.id, seed=a.SEED, by=a.SOMEBODY, at=NOON)
        assert made is None
