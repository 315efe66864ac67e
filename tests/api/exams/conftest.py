"""What journeys of candidates may ask for: an exam, a phone, a phone that has started."""

from __future__ import annotations

from uuid import uuid4

import pytest

from exams.services import forms
from question_bank.kinds import LABELS
from server import clock, tokens
from server.db import db
from server.policy import Role
from tests.factories import exams as a
from tests.factories.accounts import sign_in_on


@pytest.fixture
def exam(writing):
    """Store a published exam; return its id, its centre and the keys by slot of its one form."""
    with writing():
        scene = a.an_exam()
        keys = keys_of(scene.exam.id)
        return scene.exam.id, scene.centre.id, keys


def keys_of(exam_id):
    """Return the right options of the form by slot."""
    connection = db.session.connection()
    sheet = forms.key_sheet(connection, forms.of_enrolment(connection, exam_id, uuid4()))
    return {place.slot: sorted(LABELS.index(label) for label in place.key) for place in sheet}


@pytest.fixture
def phone(client, writing, a_signed_in, config):
    """Return what a candidate does: `phone()` signs an electrician in."""

    def sign_in():
        with writing():
            person_id = a.an_electrician().id
        return Phone(client, a_signed_in(Role.WORKER, person_id=person_id), config)

    return sign_in


class Phone:
    """A candidate's phone: remembers its ids and nothing else."""

    def __init__(self, client, signed_in, config):
        self.client, self.signed_in, self.config = client, signed_in, config
        self.headers = signed_in.headers
        self.enrolment_id, self.attempt_id = uuid4(), uuid4()

    def get(self, address):
        """Ask."""
        return self.client.get(f"/v1{address}", headers=self.headers)

    def put(self, address, body=None):
        """Send."""
        return self.client.put(f"/v1{address}", json=body, headers=self.headers)

    def sign_in_again(self):
        """Get a new access token, as phones do when time has passed."""
        token = tokens.sign(
            self.signed_in.account_id,
            self.signed_in.device_id,
            keyring=tokens.Keyring.of(self.config.token_secret),
            at=clock.now(),
            lifetime=self.config.access_token_lifetime,
        )
        self.headers = {"Authorization": f"Bearer {token}"}

    def enrol(self, exam_id):
        """Take a place."""
        return self.put(f"/enrolments/{self.enrolment_id}", {"exam_id": str(exam_id)})

    def start(self):
        """Start the attempt."""
        return self.put(f"/attempts/{self.attempt_id}", {"enrolment_id": str(self.enrolment_id)})

    def respond(self, *entries, **more):
        """Send entries."""
        body = {"entries": list(entries)} | more
        return self.put(f"/attempts/{self.attempt_id}/responses", body)

    def submit(self):
        """Hand in."""
        return self.put(f"/attempts/{self.attempt_id}/submission")

    def show(self):
        """Look where the attempt stands."""
        return self.get(f"/attempts/{self.attempt_id}")


@pytest.fixture
def on(writing, config):
    """Return how the same candidate signs in on a phone: `on(OTHER_PHONE, started)`."""

    def sign_in_again(number, candidate):
        with writing():
            again = sign_in_on(number, candidate.signed_in, config=config, at=clock.now())
        other = Phone(candidate.client, again, config)
        other.enrolment_id, other.attempt_id = candidate.enrolment_id, candidate.attempt_id
        return other

    return sign_in_again


@pytest.fixture
def started(phone, exam):
    """Return a phone that has started the exam."""
    candidate = phone()
    assert candidate.enrol(exam[0]).json["accepted"]
    assert candidate.start().status_code == 200
    return candidate
