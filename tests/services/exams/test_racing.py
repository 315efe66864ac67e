"""Many at once: one submission, one outcome, and nothing acknowledged that grading does not see."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError

from exams.errors import AlreadyStarted
from exams.models import Attempt, Enrolment, Outcome, ResponseEntry
from exams.services import attempts, enrolments, intake
from exams.services.intake import Batch, Receipt
from exams.sync import Verdict
from server import queues
from server.audit.models import AuditEntry
from server.db import db, transaction
from server.errors import DomainError
from server.records.models import Record
from tests.factories import exams as a
from tests.moments import NOON

AT_ONCE = 10


@pytest.fixture
def attempt(writing):
    """Store an attempt that goes on; return its id and its candidate's."""
    with writing():
        made = a.an_attempt(a.an_exam())
        return made.id, made.candidate_id


def at_once(app, doings):
    """Do things in as many threads, all beginning together; return what each returned or raised."""
    gate = Barrier(len(doings))

    def run(doing):
        with app.app_context():
            gate.wait()
            try:
                return doing()
            except (DomainError, IntegrityError, OperationalError) as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(doings)) as pool:
        return list(pool.map(run, doings))


def count(app, table, *conditions):
    """Count rows."""
    with app.app_context():
        return db.session.execute(
            select(func.count()).select_from(table).where(*conditions)
        ).scalar_one()


def respond(attempt, number):
    """Send one entry through the group commit."""
    attempt_id, candidate_id = attempt
    entry = {"slot": number, "chosen": [0], "sequence": number}
    batch = Batch(
        attempt_id=attempt_id,
        candidate_id=candidate_id,
        device_id=a.PHONE,
        epoch=1,
        entries=[entry],
        at=NOON,
    )
    return queues.submit(intake.STORE, batch)


def test_fifty_hand_ins_at_once_give_one_outcome(app, attempt):
    attempt_id, candidate_id = attempt

    def submit():
        with transaction():
            handed_in = attempts.submit(
                attempt_id, candidate_id=candidate_id, device_id=a.PHONE, at=NOON
            )
            assert handed_in.outcome is not None
            return handed_in.outcome.score

    for _ in range(5):
        assert set(at_once(app, [submit] * AT_ONCE)) == {"0"}

    assert count(app, Outcome) == 1
    assert count(app, Record) == 1
    assert count(app, AuditEntry, AuditEntry.action == "attempt_graded") == 1


def test_starts_of_one_place_at_once_give_one_attempt(app, writing):
    with writing():
        enrolment = a.an_enrolment(a.an_exam())
        place = enrolment.id, enrolment.candidate_id

    def start(attempt_id):
        def run():
            with transaction():
                return attempts.start(
                    attempt_id,
                    enrolment_id=place[0],
                    candidate_id=place[1],
                    device_id=a.PHONE,
                    seed=uuid4().bytes,
                    at=NOON,
                ).attempt.seed

        return run

    same = uuid4()
    others = at_once(app, [start(same)] * 5 + [start(uuid4()) for _ in range(5)])

    assert count(app, Attempt) == 1
    assert len({one for one in others if isinstance(one, str)}) == 1
    assert {type(one) for one in others} <= {str, AlreadyStarted, IntegrityError}


def test_two_enrolments_of_one_candidate_at_once_give_one_place(app, writing):
    with writing():
        scene, candidate = a.an_exam(), a.an_electrician()
        exam_id, candidate_id = scene.exam.id, candidate.id

    def enrol():
        with transaction():
            enrolments.enrol(
                uuid4(), exam_id=exam_id, candidate_id=candidate_id, by=a.SOMEBODY, at=NOON
            )

    at_once(app, [enrol] * AT_ONCE)

    assert count(app, Enrolment) == 1


def test_everything_acknowledged_as_in_time_is_graded_whatever_races_with_it(app, attempt):
    attempt_id, candidate_id = attempt

    def submit():
        with transaction():
            attempts.submit(attempt_id, candidate_id=candidate_id, device_id=a.PHONE, at=NOON)

    doings: list[Any] = [lambda number=number: respond(attempt, number) for number in range(1, 31)]
    doings.insert(15, submit)
    replies = [one for one in at_once(app, doings) if isinstance(one, Receipt)]

    in_time = [
        one.entries[0].slot
        for one in replies
        if one.entries[0].verdict is Verdict.ACCEPTED and not one.entries[0].late
    ]
    assert len(replies) == 30
    with app.app_context():
        outcome = db.session.get_one(Outcome, attempt_id)
        # The first sixty slots are true or false, and “true” is right in all of them.
        assert outcome.score == str(len(in_time))
    assert count(app, ResponseEntry) == 30


def test_what_is_acknowledged_is_there_for_another_connection(app, attempt):
    replies = at_once(
        app, [lambda number=number: respond(attempt, number) for number in range(1, 21)]
    )

    assert {type(one) for one in replies} == {Receipt}
    assert count(app, ResponseEntry) == 20
