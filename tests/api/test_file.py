"""A person's file over HTTP, from the first training to a correction."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from server.organisations.drafts import OrganisationKind
from server.policy import Role
from tests.api.conftest import Headers
from tests.conftest import SigningIn
from tests.factories.organisations import an_organisation
from tests.factories.people import a_number, a_person, a_post
from tests.moments import Clock

NUMBER = a_number()


@pytest.fixture
def provider(writing: Callable[[], AbstractContextManager[None]]) -> UUID:
    with writing():
        return an_organisation(kind=OrganisationKind.PROVIDER, name="某培训中心").id


@pytest.fixture
def staff(provider: UUID, a_signed_in: SigningIn) -> Headers:
    return a_signed_in(Role.PROVIDER_STAFF, organisation_id=provider).headers


@pytest.fixture
def learner(writing: Callable[[], AbstractContextManager[None]]) -> UUID:
    with writing():
        person = a_person(an_organisation(name="某电厂"), number=NUMBER)
        a_post(person, an_organisation(name="某电厂"), from_on=date(2026, 1, 1))
        return person.id


def training(provider: UUID, **said: Any) -> dict[str, Any]:
    return {
        "programme": "低压电工初训",
        "purpose": "qualification",
        "hours": "80.0",
        "provider_id": str(provider),
        "started_on": "2026-05-01",
        "finished_on": "2026-05-20",
        "role": "special_operations_worker",
        "item": "1.2",
        "topics": ["安全用电"],
        **said,
    }


def test_training_recorded_by_a_provider_stands_in_the_learners_file(
    client: FlaskClient,
    provider: UUID,
    staff: Headers,
    learner: UUID,
    a_signed_in: SigningIn,
    the_clock: Clock,
) -> None:
    record = uuid4()
    url = f"/v1/people/{learner}/training-records/{record}"
    body = training(provider, document_number=NUMBER)

    for _ in range(2):
        made = client.put(url, json=body, headers=staff)
        assert (made.status_code, made.get_json()["content"]["hours"]) == (200, "80.0")
    differs = client.put(url, json={**body, "hours": "8.0"}, headers=staff)
    assert (differs.status_code, differs.get_json()["code"]) == (409, "id_taken")

    the_clock.move(timedelta(minutes=1))
    correction = {
        "corrects_id": str(record),
        "reason": "学时登记有误",
        "training": training(provider, hours="72.0"),
    }
    corrected = client.put(
        f"/v1/people/{learner}/record-corrections/{uuid4()}", json=correction, headers=staff
    )
    assert corrected.status_code == 200

    own = a_signed_in(person_id=learner).headers
    file = client.get("/v1/me/file", headers=own)
    lines = file.get_json()["lines"]
    assert [(one["kind"], one["counts"]) for one in lines] == [
        ("post", True),
        ("training", False),
        ("training", True),
    ]
    assert lines[2]["content"]["hours"] == "72.0"
    assert lines[2]["source"] == "某培训中心"
    assert file.get_json()["person"]["document_masked"] == f"100***********{NUMBER[-4:]}"
    assert NUMBER not in file.get_data(as_text=True)


def test_a_file_is_seen_by_those_who_may_and_by_its_owner(
    client: FlaskClient, learner: UUID, staff: Headers, a_signed_in: SigningIn
) -> None:
    url = f"/v1/people/{learner}/file"

    assert client.get(url).status_code == 401
    assert client.get("/v1/me/file").status_code == 401
    assert client.get(url, headers=a_signed_in(person_id=learner).headers).status_code == 403
    assert client.get(url, headers=staff).status_code == 404
    everywhere = a_signed_in(Role.ISSUER).headers
    assert client.get(url, headers=everywhere).get_json()["person"]["id"] == str(learner)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"finished_on": "2026-06-16"}, "training_not_finished"),
        ({"hours": "0"}, "invalid"),
        ({"hours": "NaN"}, "invalid"),
        ({"item": "低压"}, "invalid"),
        ({"programme": f"初训 {a_number()}"}, "number_not_masked"),
    ],
)
def test_a_training_that_cannot_be_is_refused(
    client: FlaskClient,
    provider: UUID,
    staff: Headers,
    learner: UUID,
    said: dict[str, str],
    code: str,
) -> None:
    body = training(provider, document_number=NUMBER, **said)

    reply = client.put(f"/v1/people/{learner}/training-records/{uuid4()}", json=body, headers=staff)

    assert (reply.status_code, reply.get_json()["code"]) == (422, code)


def test_who_examines_records_no_training(
    client: FlaskClient, provider: UUID, learner: UUID, a_signed_in: SigningIn
) -> None:
    url = f"/v1/people/{learner}/training-records/{uuid4()}"

    for role in (Role.PLANNER, Role.INVIGILATOR, Role.ISSUER):
        headers = a_signed_in(role).headers
        assert client.put(url, json=training(provider), headers=headers).status_code == 403


def test_a_violation_stands_in_the_file_until_it_is_withdrawn(
    client: FlaskClient,
    writing: Callable[[], AbstractContextManager[None]],
    a_signed_in: SigningIn,
) -> None:
    with writing():
        works = an_organisation(name="某电厂")
        works_id, worker = works.id, a_person(works).id
    officer = a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=works_id).headers
    entry, correction = uuid4(), uuid4()
    url = f"/v1/people/{worker}/file-entries/{entry}"
    body = {
        "kind": "violation",
        "happened_on": "2026-06-01",
        "organisation_id": str(works_id),
        "summary": "高处作业未系安全带",
    }

    made = client.put(url, json=body, headers=officer)
    assert (made.status_code, made.get_json()["source"]) == (200, "某电厂")
    by_itself = client.put(url, json={**body, "kind": "exam"}, headers=officer)
    assert by_itself.status_code == 422
    withdrawn = client.put(
        f"/v1/people/{worker}/file-corrections/{correction}",
        json={"corrects_id": str(entry), "reason": "登记到他人名下"},
        headers=officer,
    )
    assert withdrawn.status_code == 200

    lines = client.get(f"/v1/people/{worker}/file", headers=officer).get_json()["lines"]
    assert [(one["kind"], one["counts"]) for one in lines] == [
        ("violation", False),
        ("correction", False),
    ]
    provider = a_signed_in(Role.PROVIDER_STAFF, organisation_id=works_id).headers
    assert client.put(url, json=body, headers=provider).status_code == 403
