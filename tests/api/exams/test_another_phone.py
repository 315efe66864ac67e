"""A phone of another make, written from the documents alone, loses its network in every way."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from load_tests.another_phone import Phone, Refused
from server.app import engine_of
from server.group_commit import GroupCommit
from server.policy import Role
from tests.factories import accounts, auth
from tests.factories import exams as a
from tests.moments import NOON

#: A short paper, in which option 0 is right everywhere.
SECTIONS: a.Sections = (("true_false", 10, 10, {}),)

ACCEPTED, LATE = ["accepted", None, False], ["accepted", "time_is_up", True]


class Air:
    """The way from a phone to the server: it can be cut, and it can swallow replies."""

    def __init__(self, client):
        self.client = client
        self.is_cut = False
        #: Replies that will be lost, after the server has done its work.
        self.to_lose = 0

    def __call__(self, method, path, body, token):
        """Carry a request, and its reply if that is not lost."""
        if self.is_cut:
            raise ConnectionError
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        reply = self.client.open(path, method=method, data=body, headers=headers)
        if self.to_lose:
            self.to_lose -= 1
            raise ConnectionError
        return reply.status_code, {k.lower(): v for k, v in reply.headers}, reply.data


@pytest.fixture
def air(client):
    """The network of every phone."""
    return Air(client)


@pytest.fixture
def scene(writing):
    """An exam of two hours, and a candidate with a place and a password."""
    with writing():
        scene = a.an_exam(sections=SECTIONS)
        candidate = a.an_electrician()
        account = accounts.an_account(candidate.id, NOON)
        account.password_digest, account.password_checked_for = auth.digest(), 10
        auth.stored(account)
        auth.a_grant(account, Role.WORKER)
        place = a.an_enrolment(scene, candidate).id
        return {
            "exam": str(scene.exam.id),
            "centre": scene.centre.id,
            "place": str(place),
            "name": account.sign_in_name,
        }


@pytest.fixture
def a_phone(air, scene, the_clock):
    """Return how a phone is switched on, signs in and fetches the paper, on the test's clock."""

    def switch_on():
        phone = Phone(
            air,
            wait=lambda seconds: the_clock.set(the_clock.now() + timedelta(seconds=seconds)),
            monotonic=lambda: the_clock.now().timestamp(),
        )
        phone.line.sign_in(scene["name"], auth.PASSWORD)
        phone.place_in(scene["exam"])
        return phone

    return switch_on


@pytest.fixture
def started(a_phone, scene):
    """A phone that has started."""
    phone = a_phone()
    phone.start(scene["place"])
    return phone


@pytest.fixture
def staff(client, a_signed_in, scene):
    """Return what somebody at the centre sends."""

    def send(role, path, body):
        headers = a_signed_in(role, organisation_id=scene["centre"]).headers
        return client.put(f"/v1{path}", json=body, headers=headers).json

    return send


def test_what_was_answered_without_network_survives_a_restart_and_all_of_it_counts(
    started, air, the_clock
):
    for question in started.shown()[:4]:
        started.tap(question["slot"], [0])
    assert started.flush()
    assert started.seconds_left() == timedelta(hours=2).total_seconds()

    air.is_cut = True
    for question in started.shown()[4:]:
        started.tap(question["slot"], [0])
        assert not started.flush()
    the_clock.move(timedelta(minutes=30))
    phone = started.restarted()
    assert phone.hand_in() is None
    phone.tap(1, [1])  # after the wish to hand in nothing is answered any more
    assert len(phone.stored.unacknowledged) == 6
    assert phone.seconds_left() is None

    air.is_cut = False
    again = phone.restarted()
    standing = again.go_on()
    assert standing["state"] == "graded"
    assert (standing["held_count"], standing["outcome"]["score"]) == (10, "100")
    assert again.is_genuine(again.receipt())


def test_what_was_handed_in_without_network_arrives_late_and_counts_once_it_is_admitted(
    started, air, the_clock, staff
):
    for question in started.shown()[:7]:
        started.tap(question["slot"], [0])
    assert started.flush()
    air.is_cut = True
    for question in started.shown()[7:]:
        started.tap(question["slot"], [0])
    assert started.hand_in() is None

    the_clock.set(NOON + timedelta(hours=2, minutes=20))
    air.is_cut = False
    phone = started.restarted()  # its access token has expired long ago
    standing = phone.go_on()
    assert phone.stored.verdicts == [ACCEPTED] * 7 + [LATE] * 3
    assert phone.stored.unacknowledged == []
    assert (standing["held_count"], standing["outcome"]["passed"]) == (7, False)

    decision = f"/attempts/{phone.stored.attempt_id}/late-decisions/{uuid4()}"
    decided = staff(Role.EXAMINER, decision, {"admitted": True, "reason": "考场断网"})
    assert (decided["score_before"], decided["score_with"]) == ("70", "100")
    assert phone.go_on()["outcome"]["passed"] is True


def test_a_busy_server_is_asked_again_when_it_said_and_nothing_is_lost(
    app, started, the_clock, monkeypatch
):
    honest = app.extensions["group_commit"]
    full = GroupCommit(engine_of(app), most_waiting=0)
    monkeypatch.setitem(app.extensions, "group_commit", full)
    waited = []

    def wait(seconds):
        waited.append(seconds)
        if len(waited) == 2:
            app.extensions["group_commit"] = honest

    started.line.wait = wait
    started.tap(1, [0])
    assert started.flush()

    assert waited == [2.0, 2.0]
    assert started.stored.verdicts == [ACCEPTED]
    assert started.held() == {1: [0]}


def test_a_reply_that_was_lost_costs_nothing(a_phone, air, scene):
    phone = a_phone()
    air.to_lose = 2
    phone.start(scene["place"])
    phone.tap(3, [0])
    air.to_lose = 1
    assert phone.flush()
    air.to_lose = 1
    standing = phone.hand_in()

    assert phone.stored.verdicts == [["ignored", "duplicate", False]]
    assert (standing["state"], standing["held_count"]) == ("graded", 1)


def test_words_that_a_phone_kept_while_the_attempt_moved_are_sent_once_and_flagged(
    started, a_phone, air, scene, staff
):
    started.tap(1, [0])
    assert started.flush()
    air.is_cut = True
    started.tap(2, [0])
    assert started.hand_in() is None
    air.is_cut = False

    other, attempt_id = a_phone(), started.stored.attempt_id
    other.stored.attempt_id = attempt_id
    with pytest.raises(Refused, match="another_device"):
        other.start(scene["place"])
    code = f"/attempts/{attempt_id}/moving-codes/{uuid4()}"
    given = staff(Role.INVIGILATOR, code, {"reason": "手机没电"})
    other.move_here(attempt_id, given["code"], scene["place"])
    assert other.held() == {1: [0]}
    other.tap(1, [1])
    assert other.flush()

    assert started.go_on() is None  # it does not hand in what is another's
    assert started.stored.verdicts[-1] == ["accepted", "moved", True]
    assert started.stored.frozen
    assert other.held() == {1: [1]}
    assert other.hand_in()["state"] == "graded"
