"""Results over HTTP: looked up without giving anybody's number away, explained, printed."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pypdfium2
import pytest
from sqlalchemy import update

from exams.correction_errors import NothingToLookUp, TooManyLookups
from exams.models import Outcome
from exams.services import lookups
from server import clock
from server.app import engine_of
from server.db import db
from server.people import ciphers
from server.people.documents import DocumentType
from server.people.models import Person
from server.people.services import numbers
from server.policy import Role
from tests.moments import NOON

NUMBER = "E12345678"


@pytest.fixture
def passed(started, exam, writing):
    """Return a phone whose candidate passed with 90 and has a passport."""
    entries = [{"slot": slot, "chosen": exam[2][slot], "sequence": slot} for slot in range(1, 91)]
    started.respond(*entries)
    started.submit()
    with writing():
        person = db.session.get_one(Person, started.signed_in.person_id)
        person.name = "韩兵"
        closed = numbers.closed(person.id, DocumentType.PASSPORT, NUMBER)
        for name, value in closed.items():
            setattr(person, name, value)
    return started


def look_up(client, name="韩兵", number=NUMBER):
    """Ask as anybody may."""
    body = {"document_type": "passport", "document_number": number, "name": name}
    return client.post("/v1/outcome-lookups", json=body)


def test_who_knows_number_and_name_sees_the_outcome_and_nothing_of_the_person(client, passed):
    found = look_up(client)

    (one,) = found.json["items"]
    assert (one["score"], one["passed"]) == ("90", True)
    assert "韩兵" not in found.get_data(as_text=True)
    assert NUMBER not in found.get_data(as_text=True)


def test_both_doors_say_the_same_word_for_word(client, passed):
    with_kind = {"document_type": "passport", "document_number": NUMBER, "name": "韩兵"}
    for name, number in (
        ("韩兵", NUMBER),
        (" 韩兵 ", NUMBER.lower()),
        ("李四", NUMBER),
        ("韩兵", "1"),
    ):
        body = with_kind | {"document_number": number, "name": name}
        crowd = client.post("/v1/outcome-lookups", json=body)
        alone = client.post("/v1/outcome-lookups?alone=1", json=body)
        assert (crowd.status_code, crowd.json.get("items")) == (
            alone.status_code,
            alone.json.get("items"),
        )
    card = {name: with_kind[name] for name in ("document_number", "name")}
    assert client.post("/v1/outcome-lookups", json=card).json["code"] == "nothing_to_look_up"
    for wrong in ({"document_type": "shoe"}, {"document_number": ""}, {"name": 7}, {"more": "x"}):
        assert client.post("/v1/outcome-lookups", json=with_kind | wrong).status_code == 422
    unsound = client.post("/v1/outcome-lookups", json=with_kind | {"name": "韩\x00兵"})
    assert unsound.json["code"] == "unreadable"


def test_an_unknown_number_and_a_wrong_name_are_answered_alike(client, passed, count_statements):
    answers = []
    for name, number in (("李四", NUMBER), ("韩兵", "E99999999")):
        with count_statements() as sent:
            reply = look_up(client, name, number)
        answers.append((reply.status_code, reply.json["code"], reply.json["detail"], len(sent)))

    assert answers[0] == answers[1]
    assert answers[0][:2] == (404, "nothing_to_look_up")


def test_a_lookup_that_finds_costs_one_read_and_writes_nothing(client, passed, count_statements):
    with count_statements() as sent:
        assert look_up(client).status_code == 200

    words = [one.lstrip().upper().split()[0] for one in sent]
    assert [one for one in words if one != "BEGIN"] == ["SELECT"]


def test_a_burst_is_stopped_before_its_misses_are_on_the_disk(app, passed):
    wanted = lookups.asked(
        DocumentType.PASSPORT,
        "E77777777",
        "某某",
        address="10.9.9.9",
        cipher=ciphers.of(app),
        at=clock.now(),
    )

    def told(connection):
        with pytest.raises((NothingToLookUp, TooManyLookups)) as refused:
            lookups.look_up(connection, wanted)
        return refused.value.code

    with engine_of(app).connect() as connection:
        codes = [told(connection) for _ in range(12)]
    for _ in range(10):
        lookups.count_miss(wanted, app.extensions["group_commit"])
    with engine_of(app).connect() as connection:
        after = told(connection)

    assert codes == ["nothing_to_look_up"] * 10 + ["too_many_lookups"] * 2
    assert after == "too_many_lookups", "ten are in the table now, and none in memory"


def test_what_was_found_for_one_name_is_not_shown_for_another(client, passed):
    assert look_up(client).status_code == 200

    assert look_up(client, "李四").json["code"] == "nothing_to_look_up"


def test_guessing_names_for_a_number_is_stopped_and_guessing_numbers_from_an_address(
    client, passed, the_clock
):
    for guess in range(10):
        assert look_up(client, f"姓名{guess}").status_code == 404
    stopped = look_up(client)
    assert (stopped.status_code, stopped.json["code"]) == (429, "too_many_lookups")
    assert int(stopped.headers["Retry-After"]) > 0

    for guess in range(50):
        assert look_up(client, number=f"E0000{guess:04}").status_code == 404
    assert look_up(client, number="E55555555").status_code == 429
    the_clock.move(timedelta(minutes=16))
    assert look_up(client).status_code == 200


def test_what_is_not_released_is_not_there(client, exam, passed, writing):
    with writing():
        db.session.execute(update(Outcome).values(released_at=NOON + timedelta(days=1)))

    assert look_up(client).status_code == 404
    address = f"/attempts/{passed.attempt_id}/explanation"
    assert passed.get(address).json["code"] == "not_released"


def test_an_outcome_is_explained_by_section_and_a_second_look_costs_no_body(client, passed):
    address = f"/v1/attempts/{passed.attempt_id}/explanation"

    first = client.get(address, headers=passed.headers)
    again = client.get(address, headers={**passed.headers, "If-None-Match": first.headers["ETag"]})

    assert sum(part["right_count"] for part in first.json["sections"]) == 90
    assert sum(part["question_count"] for part in first.json["topics"]) == 100
    assert "key" not in first.get_data(as_text=True)
    assert (again.status_code, again.data) == (304, b"")


def test_papers_are_printed_with_answer_sheets_and_keys_only_after_the_exam(
    client, exam, started, a_signed_in, run_jobs, the_clock
):
    planner = a_signed_in(Role.PLANNER, organisation_id=exam[1]).headers
    job_id, body = uuid4(), {"copies_for": "candidates", "reason": "停电，改用纸质试卷"}
    address = f"/v1/exams/{exam[0]}/paper-prints/{job_id}"
    assert client.put(address, json=body, headers=planner).status_code == 200
    run_jobs()
    done = client.get(f"/v1/jobs/{job_id}", headers=planner).json
    assert (done["state"], done["result"]) == ("done", {"booklets": 1})
    printed = client.get(f"/v1/jobs/{job_id}/files/papers-0001.pdf", headers=planner).data
    pages = pypdfium2.PdfDocument(printed)
    words = [page.get_textpage().get_text_range() for page in pages]
    assert "Answer sheet" in words[-1]
    assert "题干" in words[0]
    assert not any("SECRET" in page for page in words)

    examiner = a_signed_in(Role.EXAMINER, organisation_id=exam[1]).headers
    keys = f"/v1/exams/{exam[0]}/key-prints/{uuid4()}"
    early = client.put(keys, json=body, headers=examiner)
    assert early.json["code"] == "keys_still_secret"
    assert client.put(keys, json=body, headers=planner).status_code == 403
    the_clock.move(timedelta(hours=3))
    examiner = a_signed_in(Role.EXAMINER, organisation_id=exam[1]).headers
    assert client.put(keys, json=body, headers=examiner).status_code == 200
    run_jobs()
    assert clock.now() == NOON + timedelta(hours=3)
