"""The report on responses alike and in step: asked for by an examiner, done as a job."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select

from exams.lifecycle import State
from exams.models import Attempt, Enrolment, Exam, Paper, ResponseEntry
from exams.services import drills
from server.db import db
from server.organisations.models import Organisation
from server.policy import Role
from tests.moments import NOON

CANDIDATES = 110


@pytest.fixture
def sat(exam, writing):
    """Let a hundred and ten sit an exam, the second by what the first says; return its id."""
    del exam
    dice = Random(5)
    with writing():
        made = drills.prepare(candidate_count=CANDIDATES, started=True, at=NOON)
        first, second = (one.attempt_id for one in made[:2])
        rows = [row for one in made for row in words(dice, one.attempt_id)]
        rows = [row for row in rows if row["attempt_id"] != second]
        rows += [
            row | {"attempt_id": second, "received_at": row["received_at"] + timedelta(seconds=1)}
            for row in rows
            if row["attempt_id"] == first
        ]
        db.session.execute(insert(ResponseEntry), rows)
        attempt = db.session.get_one(Attempt, first)
        for one in db.session.query(Attempt).filter_by(exam_id=attempt.exam_id):
            one.state = State.GRADED
        return attempt.exam_id, {str(first), str(second)}


def words(dice, attempt_id):
    """Return responses of somebody who works in an order of their own."""
    slots = list(range(1, 101))
    dice.shuffle(slots)
    at = NOON
    for number, slot in enumerate(slots, start=1):
        at += timedelta(seconds=dice.lognormvariate(3, 0.5))
        yield {
            "attempt_id": attempt_id,
            "slot": slot,
            "epoch": 1,
            "sequence": number,
            "chosen": 1 << dice.randrange(2),
            "received_at": at,
            "late": False,
        }


@pytest.fixture
def ask(client, a_signed_in, sat):
    """Return how somebody asks for the report: `ask(Role.EXAMINER, organisation_id)`."""

    def put(role, organisation_id=None):
        headers = a_signed_in(role, organisation_id=organisation_id).headers
        job_id = uuid4()
        address = f"/v1/exams/{sat[0]}/evidence-reports/{job_id}"
        return client.put(address, headers=headers), headers

    return put


def test_an_examiner_is_shown_who_agrees_and_responds_together_and_how_often_that_is_wrong(
    app, client, ask, sat, run_jobs
):
    before = standing(app, sat[0])
    asked, headers = ask(Role.EXAMINER)
    run_jobs()

    job = client.get(f"/v1/jobs/{asked.json['id']}", headers=headers).json
    assert (job["state"], job["kind"]) == ("done", "exam_evidence")
    (form,) = job["result"]["forms"]
    assert form["attempt_count"] == CANDIDATES
    for kind in ("alike", "in_step"):
        found = form[kind]
        assert [set(pair["attempt_ids"]) for pair in found["pairs"]] == [sat[1]]
        assert found["compared_count"] == CANDIDATES * (CANDIDATES - 1) // 2
        assert found["expected_false_count"] <= job["result"]["method"]["family_level"]
    assert form["alike"]["pairs"][0]["matches"] == 100
    assert form["fast"]["found_count"] == 0
    assert standing(app, sat[0]) == before


def test_only_who_examines_there_may_ask(app, ask):
    assert ask(Role.INVIGILATOR)[0].status_code == 403
    assert ask(Role.EXAMINER, elsewhere(app))[0].status_code == 404


def elsewhere(app):
    """Return an organisation that does not hold the exam."""
    held = select(Exam.organisation_id)
    with_none = select(Organisation.id).where(Organisation.id.not_in(held))
    with app.app_context():
        return db.session.execute(with_none.limit(1)).scalar_one()


def standing(app, exam_id):
    """Return what the report must leave alone."""
    with app.app_context():
        rows = db.session.execute(
            select(Attempt.state, func.count())
            .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
            .join(Paper, Paper.id == Attempt.paper_id)
            .where(Attempt.exam_id == exam_id)
            .group_by(Attempt.state)
        )
        return sorted(tuple(row) for row in rows)
