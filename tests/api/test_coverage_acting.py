"""Lists that act, over HTTP: asked, answered, closed; listed, appealed against, decided."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from certificates.commands import follow_up_requests
from server import clock
from server.db import db
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.people.roster import PostRole
from server.policy import Role
from tests.factories.certificates import TODAY, an_issuer
from tests.factories.rosters import a_person, a_post, a_region, an_organisation

SPECIAL = "shanxi-special-operations-certified"


@pytest.fixture
def scene(writing, a_signed_in):
    """Store a county with two works, the first with two electricians without certificates."""
    with writing():
        county = a_region(a_region(a_region(name="某省")), name="甲县")
        an_issuer(county)
        works, other = an_organisation(county, name="甲厂"), an_organisation(county, name="乙厂")
        person = a_person(works, name="王建国")
        for one in (person, a_person(works)):
            a_post(one, works, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=("1.2",))
        ids = {"county": county.id, "works": works.id, "other": other.id, "person": person.id}
    return ids | {
        "bureau": a_signed_in(Role.ANALYST, region_id=ids["county"]).headers,
        "second": a_signed_in(Role.ANALYST, region_id=ids["county"]).headers,
        "officer": a_signed_in(
            Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=ids["works"]
        ).headers,
        "stranger": a_signed_in(
            Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=ids["other"]
        ).headers,
    }


def test_an_enterprise_below_target_is_asked_answers_and_is_followed_up(client, scene, the_clock):
    below = client.get(
        f"/v1/coverage/{SPECIAL}/below-target",
        query_string={"region_id": scene["county"]},
        headers=scene["bureau"],
    ).json["items"]
    assert [(part["name"], part["figure"]["gap"]) for part in below] == [("甲厂", 2)]

    address = f"/v1/coverage-requests/{uuid4()}"
    asked = {
        "indicator": SPECIAL,
        "organisation_id": str(scene["works"]),
        "due_on": (TODAY + timedelta(days=30)).isoformat(),
        "note": "请于期限内取证",
    }
    sent = client.put(address, json=asked, headers=scene["bureau"])
    assert (sent.status_code, sent.json["missing_count"]) == (200, 2)
    assert client.put(address, json=asked, headers=scene["bureau"]).json == sent.json

    (seen,) = client.get("/v1/coverage-requests", headers=scene["officer"]).json["items"]
    assert (seen["missing_now"], seen["overdue"]) == (2, False)
    assert client.get("/v1/coverage-requests", headers=scene["stranger"]).json["items"] == []
    words = {"answer": "已报名7月考试"}
    assert client.put(f"{address}/answer", json=words, headers=scene["officer"]).status_code == 200
    refused = client.put(f"{address}/answer", json=words, headers=scene["stranger"])
    assert refused.status_code == 404

    closed = client.put(f"{address}/closure", headers=scene["bureau"])
    assert closed.json["closed_at"] is not None
    late = client.put(f"{address}/answer", json=words, headers=scene["officer"])
    assert late.json["code"] == "request_closed"


def test_nobody_is_asked_where_nobody_is_missing(client, scene):
    asked = {
        "indicator": SPECIAL,
        "organisation_id": str(scene["other"]),
        "due_on": TODAY.isoformat(),
    }

    refused = client.put(f"/v1/coverage-requests/{uuid4()}", json=asked, headers=scene["bureau"])

    assert refused.json["code"] == "nothing_missing"


def _entry(scene, **changes):
    return {
        "person_id": str(scene["person"]),
        "region_id": str(scene["county"]),
        "ground": "无证从事特种作业",
        "from_on": (TODAY + timedelta(days=10)).isoformat(),
        "until_on": (TODAY + timedelta(days=375)).isoformat(),
    } | changes


def _public(client):
    return client.get("/v1/credit-listings").json["items"]


def test_an_entry_is_public_from_its_day_with_a_masked_name(client, scene, the_clock):
    address = f"/v1/credit-listings/{uuid4()}"
    assert client.put(address, json=_entry(scene), headers=scene["bureau"]).status_code == 200
    assert _public(client) == []

    the_clock.move(timedelta(days=10))

    (found,) = _public(client)
    assert (found["name"], found["subject"], found["ground"]) == (
        "王某某",
        "person",
        "无证从事特种作业",
    )
    assert "E" not in found["name"]


def test_an_appeal_is_decided_by_another_and_takes_the_entry_down(client, scene, a_signed_in):
    address = f"/v1/credit-listings/{uuid4()}"
    enterprise = _entry(scene, person_id=None, organisation_id=str(scene["works"]))
    client.put(address, json=enterprise, headers=scene["bureau"])
    decision = {"removed": True, "decision": "申诉成立"}
    early = client.put(f"{address}/decision", json=decision, headers=scene["second"])
    assert early.json["code"] == "appeal_missing"

    words = {"appeal": "证书已在有效期内"}
    stranger = client.put(f"{address}/appeal", json=words, headers=scene["stranger"])
    assert stranger.status_code == 404
    assert client.put(f"{address}/appeal", json=words, headers=scene["officer"]).status_code == 200

    own = client.put(f"{address}/decision", json=decision, headers=scene["bureau"])
    assert own.json["code"] == "listed_by_oneself"
    decided = client.put(f"{address}/decision", json=decision, headers=scene["second"])
    assert decided.json["removed"] is True
    again = client.put(f"{address}/appeal", json=words, headers=scene["officer"])
    assert again.json["code"] == "appeal_decided"


def test_a_person_appeals_for_themselves_and_nobody_else_does(client, scene, a_signed_in):
    address = f"/v1/credit-listings/{uuid4()}"
    client.put(address, json=_entry(scene), headers=scene["bureau"])
    self = a_signed_in(Role.WORKER, person_id=scene["person"]).headers

    words = {"appeal": "我有证书"}

    assert client.put(f"{address}/appeal", json=words, headers=self).json["appeal"] == "我有证书"
    assert client.put(f"{address}/appeal", json=words, headers=scene["officer"]).status_code == 404


@pytest.mark.parametrize(
    "changes", [{"from_on": TODAY.isoformat()}, {"person_id": None}, {"until_on": "2026-06-16"}]
)
def test_an_entry_that_does_not_fit_is_refused(client, scene, changes):
    address = f"/v1/credit-listings/{uuid4()}"

    refused = client.put(address, json=_entry(scene, **changes), headers=scene["bureau"])

    assert refused.json["code"] == "listing_unfit"


def _told(app, client, organisation_id, headers):
    address = f"/v1/organisations/{organisation_id}/messages"
    return [each["kind"] for each in client.get(address, headers=headers).json["items"]]


def test_an_enterprise_is_told_of_a_request_before_its_day_and_when_it_is_overdue(
    app, client, scene, the_clock, writing, a_signed_in
):
    with writing():
        authorities = select(Organisation.id).where(Organisation.kind == OrganisationKind.AUTHORITY)
        bureau = db.session.execute(authorities).scalar_one()
    address = f"/v1/coverage-requests/{uuid4()}"
    asked = {
        "indicator": SPECIAL,
        "organisation_id": str(scene["works"]),
        "due_on": (TODAY + timedelta(days=10)).isoformat(),
    }
    client.put(address, json=asked, headers=scene["bureau"])
    client.put(f"{address}/answer", json={"answer": "已报名"}, headers=scene["officer"])
    counts = []
    for days in (0, 3, 0, 6, 2, 5):
        the_clock.move(timedelta(days=days))
        with app.app_context():
            counts.append(follow_up_requests(clock.now()))

    # Nothing yet; seven days before, once; the day before; overdue, to the bureau as well.
    assert counts == [0, 1, 0, 1, 2, 0]
    reader = a_signed_in(Role.ISSUER).headers
    told = _told(app, client, scene["works"], reader)
    assert sorted(told) == ["coverage_request", *["coverage_request_due"] * 3]
    assert _told(app, client, bureau, reader) == [
        "coverage_request_due",
        "coverage_request_answered",
    ]


def test_who_is_to_be_listed_is_told_so_that_they_can_appeal(client, scene, a_signed_in):
    address = f"/v1/credit-listings/{uuid4()}"
    client.put(address, json=_entry(scene), headers=scene["bureau"])
    self = a_signed_in(Role.WORKER, person_id=scene["person"]).headers
    client.put(f"{address}/appeal", json={"appeal": "我有证书"}, headers=self)
    decision = {"removed": True, "decision": "申诉成立"}
    client.put(f"{address}/decision", json=decision, headers=scene["second"])

    told = client.get("/v1/me/messages", headers=self).json["items"]

    words = {each["kind"]: each["body_zh"] for each in told}
    assert words.keys() == {"credit_listing_announced", "credit_listing_decided"}
    assert "无证从事特种作业" in words["credit_listing_announced"]
