"""Lists of a desk are filtered by the server, and what is ended keeps why."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from exams.services import overriding
from server.audit.models import AuditEntry
from server.db import db
from server.policy import Role
from tests.factories import exams as a
from tests.factories import sittings as some
from tests.factories.rosters import a_person
from tests.factories.sitting_desks import Desk
from tests.moments import NOON

#: A paper of six questions.
SECTIONS: a.Sections = (("true_false", 4, 20, {}), ("single_choice", 2, 10, {}))


@pytest.fixture
def desk(client, a_signed_in):
    """Return somebody with every role, everywhere."""
    return Desk(client, a_signed_in)


@pytest.fixture
def ground(writing):
    """Store two centres with a sitting each, and somebody who applied for the first."""
    with writing():
        halls = [some.a_hall() for _ in range(2)]
        sittings = [some.a_sitting(hall) for hall in halls]
        some.an_application(sittings[0])
        watcher = some.an_invigilator(halls[1], sittings[1])
        halls[0].centre.name = "滨江区考试点"
        who = {"staff_id": watcher.person_id, "candidate_id": a_person().id}
        until_on = NOON.date() + timedelta(days=1)
        by = halls[0].by
        overriding.ask(uuid4(), **who, reason="仅此一人", until_on=until_on, by=by, at=NOON)
        qualification = sittings[0].exam.qualification_id
        return {
            "sitting": sittings[0].id,
            "other": sittings[1].id,
            "centre": halls[0].centre.id,
            "room": halls[0].rooms[0].id,
            "region": halls[0].centre.region_id,
            "qualification": qualification,
            "nobody": uuid4(),
        }


def test_what_a_list_is_asked_for_is_found_by_the_server(desk, ground):
    counts = {
        "/sittings": 2,
        "/sittings?centre_id={centre}": 1,
        "/sittings?centre_id={nobody}": 0,
        "/exam-plans?qualification_id={qualification}": 2,
        "/exam-plans?qualification_id={nobody}": 0,
        "/test-centres?name=滨江": 1,
        "/test-centres?region_id={region}": 1,
        "/sittings/{sitting}/enrolments?attendance=expected": 1,
        "/sittings/{sitting}/enrolments?attendance=present": 0,
        "/candidatures?sitting_id={sitting}": 1,
        "/candidatures?sitting_id={other}": 0,
        "/separation-overrides?open_only=true": 1,
        "/held-contests?state=draft": 0,
        "/contest-banks": 2,
        "/competence-cycles?organisation_id={centre}": 0,
        "/competence-appraisals?state=open": 0,
    }

    found = {one: desk.get(one.format(**ground)).get_json() for one in counts}

    assert {one: len(reply["items"]) for one, reply in found.items()} == counts


def test_a_room_is_closed_and_a_duty_ended_with_a_reason_or_as_older_clients_do(app, desk, ground):
    room = f"/test-centres/{ground['centre']}/rooms/{ground['room']}/closure"
    duties = desk.get(f"/sittings/{ground['other']}/duties").get_json()["items"]
    duty = next(one["id"] for one in duties if one["duty"] == "invigilator")
    end = f"/sittings/{ground['other']}/duties/{duty}/end"

    assert desk.put(room, {"reason": "屋顶漏水"}).get_json()["closed_at"]
    assert desk.put(end).get_json()["ended_at"]
    refused = desk.put(room, {"reason": ""})

    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["reason"])
    with app.app_context():
        rows = db.session.execute(select(AuditEntry.action, AuditEntry.reason))
        kept = {row.action: row.reason for row in rows}
    assert (kept["centre_room_closed"], kept["duty_ended"]) == ("屋顶漏水", None)


def test_what_was_asked_is_found_by_its_words_and_never_with_its_key(
    client, desk, writing, a_signed_in
):
    with writing():
        begun = a.an_exam(sections=SECTIONS)
        attempt_id = a.an_attempt(begun).id
        sealed = a.an_exam(sections=SECTIONS, opens_at=NOON + timedelta(hours=1))
        exam_id, sealed_id = begun.exam.id, sealed.exam.id

    every = desk.get(f"/asked-questions?exam_id={exam_id}").get_json()["items"]
    own = desk.get(f"/asked-questions?attempt_id={attempt_id}").get_json()["items"]
    stem = every[0]["stem"]
    named = desk.get(f"/asked-questions?words={stem}&exam_id={exam_id}")
    one = desk.get(f"/asked-questions?version_id={every[0]['id']}").get_json()["items"]
    to_come = desk.get(f"/asked-questions?exam_id={sealed_id}").get_json()["items"]
    planner = a_signed_in(Role.PLANNER).headers

    assert (len(every), len(own), len(one), to_come) == (6, 6, 1, [])
    assert stem in {each["stem"] for each in named.get_json()["items"]}
    assert '"key"' not in named.text
    assert client.get("/v1/asked-questions", headers=planner).status_code == 403
    body = {"version_id": every[0]["id"], "remedy": "full_marks", "reason": "题干有误"}
    assert desk.put(f"/regrades/{uuid4()}", body).status_code == 200
    states = {state: desk.get(f"/regrades?state={state}") for state in ("proposed", "applied")}
    counts = {state: len(reply.get_json()["items"]) for state, reply in states.items()}
    assert counts == {"proposed": 1, "applied": 0}
