"""Strangers verify: in crowds by serial, and by number and name without learning anything more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from uuid import uuid4

import pytest

from certificates.services import finding, following, guarding, issuing
from certificates.validity import Turn
from exams.events import OutcomeCorrected
from exams.regrading import Cause
from server.db import db
from server.people.models import Person
from server.scopes import EVERYWHERE
from tests.factories.certificates import (
    REGISTRAR,
    TODAY,
    a_certificate,
    a_draft,
    an_issuer,
    an_outcome,
    befallen,
)
from tests.factories.exams import an_attempt, an_exam
from tests.factories.rosters import a_person
from tests.moments import NOON


@pytest.fixture
def held(writing):
    """Issue certificates in every standing; return serials, numbers, names."""
    with writing():
        issuer = an_issuer()
        names = ("欧阳建国", "李四", "赵六", "王五")
        made = [
            a_certificate(a_person(name=name), issuer, qualification="principal") for name in names
        ]
        befallen(made[1], Turn.SUSPENDED)
        befallen(made[2], Turn.REVOKED)
        befallen(made[3], Turn.VOIDED)
        return [(each.serial, each.number, name) for each, name in zip(made, names, strict=True)]


def test_both_doors_say_the_same_word_for_word(client, held):
    for serial in [*(each[0] for each in held), "0000000000000000", "nonsense"]:
        crowd = client.get(f"/v1/verification/{serial}")
        alone = client.get(f"/v1/verification/{serial}?on={TODAY.isoformat()}")

        assert crowd.json == alone.json
        assert crowd.status_code == alone.status_code == 200
    standings = [client.get(f"/v1/verification/{each[0]}").json["standing"] for each in held]
    assert standings == ["valid", "suspended", "revoked", "voided"]


def test_both_doors_say_the_same_of_numbers_and_refuse_the_same(client, held):
    asked = [*((number, name) for _, number, name in held), (held[0][1], "别人"), ("T", "某某")]
    for number, name in asked:
        body = {"number": number, "name": name}
        crowd = client.post("/v1/number-verification", json=body)
        alone = client.post("/v1/number-verification?alone=1", json=body)

        assert (crowd.status_code, crowd.json.get("items")) == (
            alone.status_code,
            alone.json.get("items"),
        )
    long = {"number": "1" * 65, "name": "某"}
    assert client.post("/v1/number-verification", json=long).status_code == 422


def test_a_verdict_is_kept_a_minute_and_not_sent_twice(client, held):
    address = f"/v1/verification/{held[0][0]}"

    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert (again.status_code, again.data) == (304, b"")


def test_a_change_is_seen_at_once_by_who_asks(client, held, writing):
    serial = held[0][0]
    before = client.get(f"/v1/verification/{serial}").headers["ETag"]
    with writing():
        found = finding.with_serial(serial)
        assert found is not None
        befallen(found, Turn.SUSPENDED)

    after = client.get(f"/v1/verification/{serial}", headers={"If-None-Match": before})

    assert (after.status_code, after.json["standing"]) == (200, "suspended")


def test_a_crowd_costs_one_statement_each(client, held, count_statements):
    with count_statements() as sent:
        client.get(f"/v1/verification/{held[0][0]}")

    assert len(sent) == 1, sent


def _ask(client, number, name):
    return client.post("/v1/number-verification", json={"number": number, "name": name})


def test_by_number_and_name_the_standing_is_told(client, held):
    for (serial, number, name), standing in zip(
        held, ("valid", "suspended", "revoked", "voided"), strict=True
    ):
        (found,) = _ask(client, number.lower(), f" {name} ").json["items"]
        assert (found["serial"], found["standing"]) == (serial, standing)


def test_an_unknown_number_and_another_name_get_the_same_answer_and_the_same_work(
    client, held, count_statements
):
    asked = [(held[0][1], "别人"), ("371300-2026PR999999X", held[0][2]), ("T371300", "欧阳建国")]

    told, work = [], []
    for number, name in asked:
        with count_statements() as sent:
            told.append(_ask(client, number, name))
        work.append(len(sent))

    assert len({each.data for each in told}) == 1
    assert told[0].json["items"] == []
    assert len(set(work)) == 1


def test_numbers_cannot_be_harvested(client, held, the_clock):
    about = [_ask(client, held[0][1], f"猜{number}").status_code for number in range(11)]
    others = [_ask(client, f"371300-2026PR{n:06d}X", "猜").status_code for n in range(60)]

    assert about == [200] * 10 + [429]
    assert 429 in others, "the address is counted, too"
    the_clock.move(guarding.WINDOW + timedelta(seconds=1))
    assert _ask(client, held[0][1], held[0][2]).status_code == 200


def _corrected(attempt, *, passed_before=True, passed_after=False):
    return OutcomeCorrected(
        attempt_id=attempt.id,
        exam_id=attempt.exam_id,
        qualification_id=attempt.exam.qualification_id,
        candidate_id=attempt.candidate_id,
        practical_id=None,
        passed_before=passed_before,
        passed_after=passed_after,
        score_before=Fraction(83),
        score_after=Fraction(42),
        max_before=Fraction(100),
        max_after=Fraction(100),
        cause=next(iter(Cause)),
        cause_id=uuid4(),
        reason="标准答案更正",
        at=NOON,
    )


def test_a_regrade_to_failed_suspends_at_once_and_waits_for_a_person(inside):
    scene = an_exam()
    attempt = an_attempt(scene)
    an_outcome(attempt)
    issuer = an_issuer()
    person = db.session.get_one(Person, attempt.candidate_id)
    draft = replace(
        a_draft(person, issuer, attempt_id=attempt.id),
        qualification_id=attempt.exam.qualification_id,
    )
    made = issuing.issue(uuid4(), draft, by=REGISTRAR, at=NOON)

    untouched = following.suspend_on_correction(_corrected(attempt, passed_after=True))
    suspended = following.suspend_on_correction(_corrected(attempt))
    again = following.suspend_on_correction(_corrected(attempt))

    assert untouched is None
    assert suspended is again is made
    assert [each.kind.value for each in made.events] == ["issued", "suspended"]
    assert "标准答案更正" in made.events[-1].reason
    waiting = following.undecided(EVERYWHERE).items
    assert [each.id for each in waiting] == [made.id]
    told = following.told_to(person.id).items
    assert {each.kind.value for each in told} == {"issued", "suspended"}
