"""Sealed papers over HTTP: fetched by anybody, opened only by who has started."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from exams import keys, sealing
from exams.errors import PackageKeyUnreadable
from exams.keys import Closed, Vault
from exams.models import Paper, PaperPackage
from exams.services import packages
from question_bank.models import QuestionVersion
from server.db import db
from server.policy import Role
from tests.factories import exams as a
from tests.moments import NOON


@pytest.fixture
def enrolled(phone, exam):
    """Return a phone with a place in the exam."""
    candidate = phone()
    candidate.package = candidate.enrol(exam[0]).json["package"]
    return candidate


def secret_of(app):
    """Return the one key there is, as text in each way it could leave."""
    with app.app_context():
        paper_id = db.session.execute(select(Paper.id)).scalar_one()
        key = packages.for_start(db.session.connection(), paper_id).key
    return base64.b64encode(key).decode(), base64.urlsafe_b64encode(key).decode(), key.hex()


def test_a_paper_is_fetched_before_the_day_and_opened_after_the_start(client, enrolled):
    fetched = client.get(f"/v1/packages/{enrolled.package['hash']}")

    assert fetched.status_code == 200
    assert len(fetched.data) == enrolled.package["size"] < 30_000
    assert sealing.name_of(fetched.data) == enrolled.package["hash"]

    opened = enrolled.start().json["package"]
    paper = sealing.unseal(fetched.data, key=base64.b64decode(opened["opens_with"]))

    shown = enrolled.get(f"/attempts/{enrolled.attempt_id}/paper").json
    assert paper["questions"] == shown["questions"]
    assert paper["paper_id"] == shown["paper_id"]
    assert opened["hash"] == enrolled.package["hash"]


def test_any_cache_may_keep_a_package(client, enrolled):
    address = f"/v1/packages/{enrolled.package['hash']}"

    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert {"public", "immutable", "max-age=31536000"} <= set(
        first.headers["Cache-Control"].split(", ")
    )
    assert (again.status_code, again.data) == (304, b"")
    assert client.get("/v1/packages/nothing").status_code == 404


def test_every_candidate_of_a_form_has_the_same_package(client, enrolled, phone, exam):
    other = phone()

    assert other.enrol(exam[0]).json["package"] == enrolled.package


def test_the_key_leaves_only_with_a_start(app, enrolled, the_clock):
    """Every road a candidate has before the start, the refused start among them."""
    the_clock.set(NOON - timedelta(minutes=1))
    enrolled.sign_in_again()
    before = [
        enrolled.start(),
        enrolled.show(),
        enrolled.get("/me/enrolments"),
        enrolled.get("/me/exams"),
        enrolled.get("/me/attempts"),
        enrolled.get(f"/enrolments/{enrolled.enrolment_id}"),
        enrolled.get(f"/attempts/{enrolled.attempt_id}/paper"),
        enrolled.get(f"/packages/{enrolled.package['hash']}"),
    ]
    the_clock.set(NOON)
    enrolled.sign_in_again()

    for reply in before:
        assert not any(secret.encode() in reply.data for secret in secret_of(app))
    assert before[0].json["code"] == "not_yet_open"
    assert enrolled.start().json["package"]["opens_with"] == secret_of(app)[0]
    assert enrolled.start().json["package"]["opens_with"] == secret_of(app)[0]


def test_the_key_is_not_given_again_after_the_end(app, enrolled):
    enrolled.start()
    enrolled.submit()

    assert enrolled.start().json["package"] is None


def test_the_database_holds_no_key_in_clear(app, enrolled):
    key = bytes.fromhex(secret_of(app)[2])
    with app.app_context():
        package = db.session.execute(select(PaperPackage)).scalar_one()
        assert key not in package.key_cipher + package.content


def test_a_place_that_is_not_given_shows_no_package(client, exam, a_signed_in):
    nobody = a_signed_in(Role.WORKER).headers
    body = {"exam_id": str(exam[0])}

    refused = client.put(f"/v1/enrolments/{uuid4()}", json=body, headers=nobody)

    assert (refused.json["accepted"], refused.json["package"]) == (False, None)


def test_keys_lie_closed_and_a_copied_one_opens_no_other_paper():
    vault, other = Vault(bytes(range(32))), Vault(bytes(32), retired=[bytes(range(32))])
    first, second = uuid4(), uuid4()
    closed = vault.close(b"k" * 32, paper_id=first)

    assert vault.open(closed, paper_id=first) == other.open(closed, paper_id=first) == b"k" * 32
    with pytest.raises(PackageKeyUnreadable):
        vault.open(closed, paper_id=second)
    with pytest.raises(PackageKeyUnreadable):
        vault.open(Closed(key_id="gone", cipher=closed.cipher), paper_id=first)
    assert b"k" * 32 not in closed.cipher


def test_papers_of_an_earlier_version_get_their_packages(inside):
    a.an_exam()
    db.session.query(PaperPackage).delete()
    db.session.expire_all()

    assert packages.seal_missing(at=NOON) == 1
    assert packages.seal_missing(at=NOON) == 0


def test_other_keys_of_questions_change_no_byte_of_a_package(inside, monkeypatch):
    monkeypatch.setattr(keys, "fresh", lambda: (bytes(32), bytes(12)))
    a.an_exam()
    first = packages.get(db.session.execute(select(PaperPackage.hash)).scalar_one()).content
    for version in db.session.query(QuestionVersion):
        version.key = ["A"] if version.key != ["A"] else ["B"]
        version.explanation = json.dumps("another")
    db.session.query(PaperPackage).delete()
    db.session.flush()
    db.session.expire_all()
    packages.seal_missing(at=NOON)

    again = packages.get(db.session.execute(select(PaperPackage.hash)).scalar_one()).content
    assert again == first
