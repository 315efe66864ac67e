"""Fifty phones hand in the same attempt at the same moment, and it is handed in once."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import func, select

from certificates.models import Certificate
from exams.commands import announce_released
from exams.models import Attempt, Outcome
from server import clock
from server.audit.models import AuditEntry
from server.db import db
from server.records.models import Record
from tests.factories import exams as a
from tests.faults import seats
from tests.faults.doors import at_once, hand_in, said, save

pytestmark = pytest.mark.slow

AT_ONCE = 50
ATTEMPTS, MANY_ATTEMPTS = 2, 50

#: A short paper, in which option 0 is right everywhere.
SECTIONS: a.Sections = (("true_false", 10, 10, {}),)


def count(table, *conditions):
    """Count rows."""
    return db.session.execute(
        select(func.count()).select_from(table).where(*conditions)
    ).scalar_one()


def test_fifty_hand_ins_of_an_attempt_give_one_of_everything(app, writing, config, thorough):
    attempts = MANY_ATTEMPTS if thorough else ATTEMPTS
    for seat in seats.taken(writing, config, attempts, at=clock.now(), sections=SECTIONS):
        assert save(app, seat, *range(1, 11)).status_code == 200

        replies = at_once([partial(hand_in, app, seat)] * AT_ONCE)

        assert {reply.status_code for reply in replies} == {200}
        assert len({said(reply)["submitted_at"] for reply in replies}) == 1
        with app.app_context():
            announce_released(clock.now())
            _everything_once(seat)


def _everything_once(seat):
    audited = [AuditEntry.subject_id == seat.attempt_id]
    attempt = db.session.get_one(Attempt, seat.attempt_id)
    assert attempt.outcome is not None
    assert attempt.outcome.passed
    assert count(Outcome, Outcome.attempt_id == seat.attempt_id) == 1
    assert count(AuditEntry, AuditEntry.action == "attempt_graded", *audited) == 1
    certificate = db.session.execute(
        select(Certificate).where(Certificate.attempt_id == seat.attempt_id)
    ).scalar_one()
    assert count(AuditEntry, AuditEntry.subject_id == certificate.id) == 1
    for kind in ("exam", "certificate"):
        assert count(Record, Record.person_id == seat.candidate_id, Record.kind == kind) == 1
