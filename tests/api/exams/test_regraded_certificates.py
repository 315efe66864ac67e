"""A wrong key from preview to certificates: what falls is suspended, what rises is issued."""

from __future__ import annotations

from uuid import uuid4

import pytest

from exams.commands import announce_released
from exams.models import Attempt
from server.db import db
from server.policy import Role
from server.regions.models import Region
from tests.api.exams.conftest import keys_of
from tests.factories import exams as a
from tests.factories.certificates import an_issuer
from tests.factories.sittings import SECTIONS
from tests.services.exams.test_regrades import other_key, version_in


class Office:
    """Somebody with one role, who speaks HTTP."""

    def __init__(self, client, signed_in):
        self.client, self.headers = client, signed_in.headers

    def get(self, address):
        """Ask."""
        return self.client.get(f"/v1{address}", headers=self.headers).json

    def put(self, address, body=None):
        """Send."""
        return self.client.put(f"/v1{address}", json=body, headers=self.headers).json


@pytest.fixture
def office(client, a_signed_in):
    """Return somebody with a role: `office(Role.EXAMINER)`."""
    return lambda role: Office(client, a_signed_in(role))


@pytest.fixture
def ground(writing, phone):
    """Return two phones, one that passed and one that failed by the first question."""
    with writing():
        scene = a.an_exam(sections=SECTIONS)
        exam_id, keys = scene.exam.id, keys_of(scene.exam.id)
        an_issuer(db.session.get_one(Region, scene.centre.region_id))
    phones = (phone(), phone())
    wrong = {1: [1 - keys[1][0]]}
    for one, chosen in zip(phones, (keys, keys | wrong), strict=True):
        one.enrol(exam_id)
        one.start()
        entries = [
            {"slot": slot, "chosen": given, "sequence": slot} for slot, given in chosen.items()
        ]
        one.respond(*entries)
        one.submit()
    return phones


@pytest.fixture
def told(app, the_clock):
    """Tell others of outcomes, as the background does each second."""

    def tell():
        with app.app_context():
            announce_released(the_clock.now())

    return tell


def held_by(phone):
    """Return the certificates of a candidate with their status."""
    items = phone.get("/me/certificates").json["items"]
    return [(one["id"], one["status"]) for one in items]


def test_certificates_follow_a_regrade_down_and_up(ground, office, writing, run_jobs, told):
    passed, failed = ground
    told()
    ((certificate_id, status),) = held_by(passed)
    assert (status, held_by(failed)) == ("valid", [])
    with writing():
        version = version_in(db.session.get_one(Attempt, passed.attempt_id), slot=1)
        body = {
            "version_id": str(version.id),
            "remedy": "key_corrected",
            "key": list(other_key(version)),
            "reason": "教材更正",
        }
    author, second, third = (office(Role.EXAMINER) for _ in range(3))
    issuer = office(Role.ISSUER)
    regrade = f"/regrades/{uuid4()}"
    author.put(regrade, body)
    assert issuer.get(f"{regrade}/certificates")["items"] == []

    author.put(f"{regrade}/preview/{uuid4()}")
    run_jobs()

    sums = author.get(regrade)["preview"]
    assert (sums["to_fail"], sums["to_pass"]) == (1, 1)
    touched = issuer.get(f"{regrade}/certificates")["items"]
    assert [one["id"] for one in touched] == [certificate_id]
    assert held_by(passed) == [(certificate_id, "valid")], "a preview changes nothing"
    word = {"approved": True, "reason": "核对教材"}
    refused = author.put(f"{regrade}/approval", word | {"job_id": str(uuid4())})
    assert refused["code"] == "author_cannot_approve"

    for one in (second, third):
        one.put(f"{regrade}/approval", word | {"job_id": str(uuid4())})
    run_jobs()
    told()

    assert author.get(regrade)["state"] == "applied"
    assert held_by(passed) == [(certificate_id, "suspended")]
    undecided = issuer.get("/undecided-certificates")["items"]
    assert [one["id"] for one in undecided] == [certificate_id]
    ((_, risen),) = held_by(failed)
    assert risen == "valid"
    history = passed.get(f"/attempts/{passed.attempt_id}/outcome-history").json["items"]
    assert [(one["passed_before"], one["passed_after"]) for one in history] == [(True, False)]
    outsider = office(Role.EXAMINER).get(f"{regrade}/certificates")
    assert outsider["code"] == "not_allowed"
