"""What a crowd asks costs the same statements, however much the database holds."""

from __future__ import annotations

from functools import partial

import pytest

from exams.models import Attempt, Enrolment
from server import clock
from server.app import engine_of
from server.db import db
from tests.databases import count_statements
from tests.faults import seats

#: Statements of one request whose device and papers are known already. More of one of them is a
#: slower exam day, and must be meant.
PINNED = {
    "save": 4,
    "start again": 2,
    "standing": 1,
    # The first that is answered by an ordinary view, whose guard looks up who asks.
    "receipt": 3,
    "held responses": 3,
    "paper": 4,
    "package": 1,
    "hand in": 7,
}

#: Candidates beside the one who is looked at.
FEW, MANY = 3, 30


def _asks(app, seat):
    """Return what one phone asks in an exam, by name, in the order of an exam."""
    with app.app_context():
        attempt = db.session.get_one(Attempt, seat.attempt_id)
        enrolment = db.session.get_one(Enrolment, attempt.enrolment_id)
        package = enrolment.package
        name = package.hash if package else "none"
    phone, whole = app.test_client(), f"/v1/attempts/{seat.attempt_id}"
    entry = {"slot": 1, "chosen": [0], "sequence": 1}
    ask = {
        "save": partial(phone.put, f"{whole}/responses", json={"epoch": 1, "entries": [entry]}),
        "start again": partial(phone.put, whole, json={"enrolment_id": str(enrolment.id)}),
        "standing": partial(phone.get, whole),
        "receipt": partial(phone.get, f"{whole}/receipt"),
        "held responses": partial(phone.get, f"{whole}/responses"),
        "paper": partial(phone.get, f"{whole}/paper"),
        "package": partial(phone.get, f"/v1/packages/{name}"),
        "hand in": partial(phone.put, f"{whole}/submission"),
    }
    return {name: partial(one, headers=seat.headers) for name, one in ask.items()}


def _counted(app, writing, config, beside):
    """Return the statements of each request of one phone among so many others."""
    first, *others = seats.taken(writing, config, beside + 1, at=clock.now())
    for other in others:
        for one in _asks(app, other).values():
            one()
    counts = {}
    for name, ask in _asks(app, first).items():
        with count_statements(engine_of(app)) as sent:
            reply = ask()
        assert reply.status_code == 200, (name, reply.get_data(as_text=True))
        counts[name] = len(sent)
    return counts


@pytest.mark.parametrize("beside", [FEW, MANY])
def test_each_request_of_an_exam_takes_its_pinned_statements(app, writing, config, beside):
    assert _counted(app, writing, config, beside) == PINNED
