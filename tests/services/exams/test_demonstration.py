"""The demonstration's exams, on what the parts beneath load."""

from __future__ import annotations

import pytest

from exams import commands, demonstration
from exams.errors import ExamNotPublished
from exams.lifecycle import ExamState
from exams.models import Enrolment, Exam
from exams.services import planning, reach
from question_bank import demonstration as question_demonstration
from server.db import db, transaction
from server.demonstration import Demonstration
from server.people import demonstration as people_demonstration
from server.records import demonstration as record_demonstration
from server.regions import commands as region_commands
from tests.factories import exams as a
from tests.moments import NOON


def test_each_role_has_an_exam_with_candidates_who_have_a_place(app):
    play = Demonstration(at=NOON, say=lambda _line: None)
    with app.app_context():
        region_commands.load_reference()
        assert commands.load_reference() > 0
        for _ in range(2):
            with transaction():
                for part in (
                    people_demonstration,
                    question_demonstration,
                    record_demonstration,
                    demonstration,
                ):
                    part.load(play)

        assert set(play.made["exams"]) == {
            "principal",
            "safety_manager",
            "low_voltage_electrician",
        }
        for exam_id in play.made["exams"].values():
            assert planning.get(exam_id).state is ExamState.PUBLISHED
            places = db.session.query(Enrolment).filter_by(exam_id=exam_id).all()
            assert any(place.accepted for place in places)
        trial = db.session.query(Exam).filter_by(is_practice=True).one()
        places = db.session.query(Enrolment).filter_by(exam_id=trial.id).all()
        assert any(place.accepted for place in places)
        assert trial.id not in play.made["exams"].values()


@pytest.mark.usefixtures("inside")
def test_without_the_standards_there_is_no_demonstration_exam():
    play = Demonstration(at=NOON, say=lambda _line: None)
    play.made |= {"planner": a.SOMEBODY, "test_centre": None, "crew": {}}

    demonstration.load(play)

    assert play.made["exams"] == {}


@pytest.mark.usefixtures("inside")
def test_a_draft_has_no_rules_yet():
    with pytest.raises(ExamNotPublished):
        reach.rules_of(a.an_exam(published=False).exam)
