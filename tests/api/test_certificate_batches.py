"""Certificates for many: proposed, looked at in samples, approved by another, issued by a job."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from certificates import sampling
from certificates.models import Certificate, Issuer
from certificates.services import bulk, numbers
from exams.models import Bar
from server.db import db
from server.people.models import Person
from server.policy import Role
from server.scopes import EVERYWHERE
from tests.factories.certificates import TODAY, a_certificate, an_outcome
from tests.factories.exams import an_attempt, an_exam
from tests.factories.issue_batches import Bureau
from tests.factories.rosters import an_organisation, stored
from tests.moments import NOON


@pytest.fixture
def bureau(client, writing, a_signed_in):
    return Bureau(client, writing, a_signed_in)


def test_a_batch_is_proposed_looked_at_approved_and_issued(bureau, run_jobs, app):
    assert bureau.propose().status_code == 200
    assert bureau.propose().status_code == 200, "the same again"
    drawn = bureau.lines(sampled="true")
    assert len(drawn) == sampling.sample_size(12) == 3
    bureau.look_at_all()

    approved = bureau.put("approval", reason="抽样合格")
    run_jobs()

    assert (approved.status_code, approved.json["verdict"]) == (200, "approved")
    shown = bureau.shown()
    assert (shown["issued_count"], shown["refused_count"]) == (12, 0)
    job = bureau.client.get(
        f"/v1/jobs/{shown['batch']['job_id']}", headers=bureau.approver.headers
    ).json
    assert (job["state"], job["done"], job["total"]) == ("done", 12, 12)
    with app.app_context():
        made = list(db.session.execute(select(Certificate).order_by(Certificate.place)).scalars())
        assert [each.person_id for each in made] == bureau.people, "numbers follow the order"
        assert [each.place for each in made] == list(range(1, 13))
        assert len({each.status_index for each in made}) == 12
        assert all(each.events[0].by_id == bureau.approver.account_id for each in made)
        assert [each.missing for each in numbers.audited(EVERYWHERE)] == [[]]


def test_the_job_begun_again_issues_nothing_twice(bureau, run_jobs, app, writing):
    bureau.propose()
    bureau.look_at_all()
    bureau.put("approval", reason="抽样合格")
    run_jobs()

    with writing():
        assert bulk.issue_some(bureau.batch_id, at=NOON) == 0

    assert bureau.shown()["issued_count"] == 12


def test_what_stands_in_the_way_of_one_stands_in_nobody_elses(bureau, writing, run_jobs):
    barred, held, late = bureau.people[0], bureau.people[1], bureau.people[2]
    with writing():
        stored(_bar(barred))
        issuer = db.session.get_one(Issuer, bureau.issuer_id)
        a_certificate(db.session.get_one(Person, held), issuer)
    bureau.propose()
    refused = {line["person_id"]: line["refusal"] for line in bureau.lines(refused="true")}
    assert refused == {str(barred): "barred", str(held): "certificate_overlaps"}

    bureau.look_at_all()
    bureau.put("approval", reason="抽样合格")
    with writing():
        stored(_bar(late))
    run_jobs()

    assert bureau.shown()["issued_count"] == 9
    refused = {line["person_id"]: line["refusal"] for line in bureau.lines(refused="true")}
    assert refused[str(late)] == "barred"


def test_who_proposed_neither_looks_nor_approves(bureau):
    bureau.propose()
    place = bureau.lines(sampled="true")[0]["place"]

    looked = bureau.put(f"lines/{place}/inspection", by=bureau.proposer, sound=True)
    approved = bureau.put("approval", by=bureau.proposer, reason="自己批准")

    assert {each.json["code"] for each in (looked, approved)} == {"batch_proposer_decides"}


def test_nothing_is_approved_before_every_sample_is_looked_at_and_sound(bureau):
    bureau.propose()
    drawn = [line["place"] for line in bureau.lines(sampled="true")]
    other = next(place for place in range(1, 13) if place not in drawn)

    assert bureau.put("approval", reason="未看").json["code"] == "sample_open"
    refused = bureau.put(f"lines/{other}/inspection", sound=True)
    assert refused.json["code"] == "not_sampled"
    for place in drawn:
        bureau.put(f"lines/{place}/inspection", sound=place != drawn[0], note="档案缺页")
    assert bureau.put("approval", reason="有问题").json["code"] == "sample_unsound"
    assert bureau.put("rejection", reason="档案缺页，退回").json["verdict"] == "rejected"
    assert bureau.put("approval", reason="再批").json["code"] == "batch_decided"
    assert bureau.shown()["issued_count"] == 0


def test_an_exams_successful_candidates_are_proposed_together(
    client, writing, a_signed_in, run_jobs
):
    bureau = Bureau(client, writing, a_signed_in)
    with writing():
        scene = an_exam()
        attempt = an_attempt(scene)
        an_outcome(attempt)
        candidate, exam_id = attempt.candidate_id, attempt.exam_id
        bureau.qualification_id = attempt.exam.qualification_id

    assert bureau.propose(people=[], exam_id=str(exam_id)).status_code == 200

    (line,) = bureau.lines()
    assert (line["person_id"], line["attempt_id"]) == (str(candidate), str(attempt.id))
    bureau.look_at_all()
    bureau.put("approval", reason="抽样合格")
    run_jobs()
    assert bureau.shown()["issued_count"] == 1
    bureau.batch_id = uuid4()
    again = bureau.propose(people=[], exam_id=str(exam_id))
    assert (again.status_code, again.json["code"]) == (422, "batch_empty")


def test_people_unknown_or_named_twice_are_refused(bureau):
    twice = bureau.propose(people=[str(bureau.people[0])] * 2)
    unknown = bureau.propose(people=[str(uuid4())])
    nobody = bureau.propose(people=[])

    assert [each.json["code"] for each in (twice, unknown)] == ["batch_people_unknown"] * 2
    assert (nobody.status_code, nobody.json["code"]) == (422, "invalid")


def test_who_decides_certifies_neither_themselves_nor_colleagues(bureau, run_jobs):
    bureau.people[0] = bureau.approver.person_id
    bureau.propose()
    bureau.look_at_all()
    bureau.put("approval", reason="抽样合格")
    run_jobs()

    (refused,) = bureau.lines(refused="true")
    assert (refused["person_id"], refused["refusal"]) == (
        str(bureau.approver.person_id),
        "own_certificate",
    )


def test_an_officer_of_elsewhere_finds_no_batch(bureau, writing, a_signed_in):
    bureau.propose()
    with writing():
        elsewhere = an_organisation().id
    stranger = a_signed_in(Role.ISSUER, organisation_id=elsewhere)

    assert bureau.client.get(bureau.address, headers=stranger.headers).status_code == 404
    assert bureau.put("approval", by=stranger, reason="越权").status_code == 404


def _bar(person_id):
    return Bar(
        id=uuid4(),
        person_id=person_id,
        qualification_id=None,
        from_on=TODAY,
        until_on=None,
        reason="责任事故",
        imposed_at=NOON,
    )
