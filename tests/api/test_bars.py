"""A principal barred for life, and a bar after fraud: what falls, what is refused, what lifts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from exams import barring
from exams.bar_errors import BarGroundUnfit
from server.policy import Role
from server.records import services as records
from tests.api.conftest import Headers
from tests.conftest import SigningIn
from tests.factories.certificates import an_issuer
from tests.factories.exams import a_qualification, an_exam
from tests.factories.organisations import an_organisation
from tests.factories.people import a_number

Writing = Callable[[], AbstractContextManager[None]]

LIFETIME = {
    "ground": "responsible_principal_lifetime",
    "from_on": "2026-06-15",
    "reason": "对重大生产安全事故负有责任",
    "document": "国务院安委办〔2026〕8号",
}


@pytest.fixture
def principal(client: FlaskClient, writing: Writing, a_signed_in: SigningIn) -> dict[str, UUID]:
    """Bring a principal to post, certificate and a place in an exam, over HTTP."""
    names = ("person", "works", "certificate", "place", "exam", "post", "issuer", "qualification")
    here = {name: uuid4() for name in names}
    with writing():
        here["works"] = an_organisation(name="某矿业公司", is_high_risk=True).id
        here["issuer"] = an_issuer().id
        here["exam"] = an_exam().exam.id
        here["qualification"] = a_qualification("principal").id
    headers = a_signed_in(*Role).headers
    person, works = str(here["person"]), str(here["works"])
    registered = {
        "name": "马负责",
        "registered_under_id": works,
        "document_type": "resident_identity_card",
        "document_number": a_number(),
    }
    post = {"organisation_id": works, "role": "principal", "from_on": "2020-01-01"}
    issued = {
        "qualification_id": str(here["qualification"]),
        "issuer_id": str(here["issuer"]),
        "valid_from": "2026-06-15",
        "reason": "考核合格",
    }
    for address, body in (
        (f"people/{person}", registered),
        (f"posts/{here['post']}", {"person_id": person, **post}),
        (f"certificates/{here['certificate']}", {"person_id": person, **issued}),
        (
            f"enrolments/{here['place']}",
            {"candidate_id": person, "exam_id": str(here["exam"])},
        ),
    ):
        made = client.put(f"/v1/{address}", json=body, headers=headers)
        assert made.status_code == 200, made.json
    return here


def test_a_principal_barred_for_life_loses_everything_and_is_appointed_nowhere(
    client: FlaskClient, principal: dict[str, UUID], a_signed_in: SigningIn
) -> None:
    issuer = a_signed_in(Role.ISSUER).headers
    bar = f"/v1/bars/{uuid4()}"
    body = {"person_id": str(principal["person"]), **LIFETIME}
    for _ in range(2):
        imposed = client.put(bar, json=body, headers=issuer)
        assert (imposed.status_code, imposed.get_json()["until_on"]) == (200, None)

    certificate = client.get(f"/v1/certificates/{principal['certificate']}", headers=issuer)
    assert certificate.get_json()["status"] == "revoked"
    own = a_signed_in(person_id=principal["person"]).headers
    place = client.get(f"/v1/enrolments/{principal['place']}", headers=own).get_json()
    assert place["withdrawn_at"] is not None
    (line,) = [
        one
        for one in client.get("/v1/me/file", headers=own).get_json()["lines"]
        if one["kind"] == "bar"
    ]
    assert line["content"]["document"] == LIFETIME["document"]
    (verdict,) = client.get("/v1/me/on-post", headers=own).get_json()["items"]
    assert "barred" in [reason["code"] for reason in verdict["reasons"]]
    officer = a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=principal["works"])
    post = {
        "person_id": str(principal["person"]),
        "organisation_id": str(principal["works"]),
        "role": "construction_principal",
        "from_on": "2026-06-15",
    }
    refused = client.put(f"/v1/posts/{uuid4()}", json=post, headers=officer.headers)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "barred_from_post")
    plain = client.put(
        f"/v1/posts/{uuid4()}", json={**post, "role": "employee"}, headers=officer.headers
    )
    assert plain.status_code == 200


def test_a_bar_for_life_is_lifted_by_another_person_and_a_document(
    app: Flask, client: FlaskClient, principal: dict[str, UUID], a_signed_in: SigningIn
) -> None:
    issuer, second = (a_signed_in(Role.ISSUER).headers for _ in range(2))
    bar = f"/v1/bars/{uuid4()}"
    body = {"person_id": str(principal["person"]), **LIFETIME}
    client.put(bar, json=body, headers=issuer)
    lifting: dict[str, Any] = {"lifted_on": "2026-06-20", "reason": "原处分决定已撤销"}

    def lifted(headers: Headers, **said: Any) -> tuple[int, str | None]:
        reply = client.put(f"{bar}/lifting", json={**lifting, **said}, headers=headers)
        return reply.status_code, reply.get_json().get("code")

    assert lifted(issuer, document="撤〔2026〕1号") == (403, "lifted_by_imposer")
    assert lifted(second) == (422, "bar_ground_unfit")
    for _ in range(2):
        assert lifted(second, document="撤〔2026〕1号") == (200, None)
    assert lifted(second, lifted_on="2026-07-01", document="x") == (409, "bar_lifted")
    with app.app_context():
        person = principal["person"]
        assert records.barred([person], on=date(2026, 6, 19)) == {person}
        assert records.barred([person], on=date(2026, 6, 20)) == set()
    own = a_signed_in(person_id=principal["person"]).headers
    for day, barred in (("2026-06-19", True), ("2026-06-20", False)):
        (verdict,) = client.get(f"/v1/me/on-post?on={day}", headers=own).get_json()["items"]
        assert ("barred" in [reason["code"] for reason in verdict["reasons"]]) is barred


def test_after_fraud_certificates_fall_by_the_document_and_three_years_pass_before_another(
    client: FlaskClient, principal: dict[str, UUID], a_signed_in: SigningIn
) -> None:
    issuer = a_signed_in(Role.ISSUER).headers
    bar = {
        "person_id": str(principal["person"]),
        "ground": "fraud_or_bribery",
        "from_on": "2026-06-15",
        "reason": "以欺骗手段取得证书",
        "document": "撤〔2026〕2号",
    }
    imposed = client.put(f"/v1/bars/{uuid4()}", json=bar, headers=issuer).get_json()
    certificate = client.get(f"/v1/certificates/{principal['certificate']}", headers=issuer)
    last = certificate.get_json()["events"][-1]
    place = {"exam_id": str(principal["exam"]), "candidate_id": str(principal["person"])}

    assert imposed["until_on"] == "2029-06-14"
    assert certificate.get_json()["status"] == "revoked"
    assert (last["kind"], last["document"]) == ("revoked", "撤〔2026〕2号")

    def hindered() -> bool:
        planner = a_signed_in(Role.PLANNER).headers
        asked = client.put(f"/v1/enrolments/{uuid4()}", json=place, headers=planner)
        return "barred" in asked.get_data(as_text=True)

    assert hindered()
    own = a_signed_in(person_id=principal["person"]).headers
    for day, barred in (("2029-06-14", True), ("2029-06-15", False)):
        (verdict,) = client.get(f"/v1/me/on-post?on={day}", headers=own).get_json()["items"]
        assert ("barred" in [reason["code"] for reason in verdict["reasons"]]) is barred


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"document": None}, 422),
        ({"ground": "no_such"}, 422),
        ({"ground": "fraud_or_bribery", "until_on": "2027-01-01"}, 422),
        ({"ground": "fraud_or_bribery", "until_on": "2029-06-14"}, 200),
        ({"from_on": "2010-01-01"}, 422),
    ],
)
def test_a_bar_fits_its_ground_or_is_refused(
    client: FlaskClient,
    principal: dict[str, UUID],
    a_signed_in: SigningIn,
    said: dict[str, Any],
    status: int,
) -> None:
    issuer = a_signed_in(Role.ISSUER).headers
    body = {"person_id": str(principal["person"]), **LIFETIME, **said}

    reply = client.put(f"/v1/bars/{uuid4()}", json=body, headers=issuer)

    assert reply.status_code == status
    if status == 422:
        assert reply.get_json()["code"] == "bar_ground_unfit"


def test_the_grounds_say_how_long_and_by_which_law(
    client: FlaskClient, a_signed_in: SigningIn
) -> None:
    grounds = client.get("/v1/bar-grounds", headers=a_signed_in().headers).get_json()["items"]

    years = {one["code"]: one["years"] for one in grounds}
    assert (years["responsible_principal_lifetime"], years["fraud_or_bribery"]) == (None, 3)
    assert all(one["source_zh"] for one in grounds)
    with pytest.raises(BarGroundUnfit):
        barring.in_force("fraud_or_bribery", on=date(2010, 6, 30))
    assert barring.in_force("fraud_or_bribery", on=date(2024, 2, 29)).until(
        date(2024, 2, 29)
    ) == date(2027, 2, 27)
