"""A certificate's way over HTTP: issued, carried, verified by anybody, revoked."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from certificates import tokens, trust
from server.organisations.drafts import OrganisationKind
from server.policy import Role
from tests.factories.certificates import TODAY, a_certificate, an_issuer, qualification
from tests.factories.rosters import a_person, an_organisation


@pytest.fixture
def ground(writing):
    """Store an issuer and somebody to certify; return their ids."""
    with writing():
        issuer, person = an_issuer(), a_person()
        return {
            "issuer": issuer.id,
            "authority": issuer.organisation_id,
            "person": person.id,
            "qualification": qualification().id,
        }


@pytest.fixture
def officer(ground, a_signed_in):
    """Headers of an officer of the issuer."""
    return a_signed_in(Role.ISSUER, organisation_id=ground["authority"]).headers


@pytest.fixture
def another(ground, a_signed_in):
    """Headers of another officer of the issuer."""
    return a_signed_in(Role.ISSUER, organisation_id=ground["authority"]).headers


def _body(ground, **changed):
    return {
        "person_id": str(ground["person"]),
        "qualification_id": str(ground["qualification"]),
        "issuer_id": str(ground["issuer"]),
        "valid_from": TODAY.isoformat(),
        "reason": "纸质考试合格档案",
    } | changed


def _issue(client, officer, ground, certificate_id=None, **changed):
    certificate_id = certificate_id or uuid4()
    address = f"/v1/certificates/{certificate_id}"
    return client.put(address, json=_body(ground, **changed), headers=officer)


def test_issued_carried_verified_and_revoked(client, ground, officer, a_signed_in):
    issued = _issue(client, officer, ground)
    assert issued.status_code == 200
    certificate = issued.json
    assert certificate["status"] == "valid"
    assert certificate["number"].startswith("371300-2026SO000001")

    holder = a_signed_in(person_id=ground["person"]).headers
    mine = client.get("/v1/me/certificates", headers=holder).json["items"]
    assert [each["id"] for each in mine] == [certificate["id"]]
    token = mine[0]["token"]

    pinned = trust.from_json(client.get("/v1/trust-list").json)
    assert tokens.verify(token, pinned, on=TODAY).serial == certificate["serial"]
    told = client.post("/v1/verification", json={"token": token}).json
    assert (told["genuine"], told["standing"], told["stands"]) == (True, "valid", True)

    revoked = client.put(
        f"/v1/certificates/{certificate['id']}/revocation",
        json={"reason": "提供虚假材料", "ground": "false_information"},
        headers=officer,
    )
    assert (revoked.status_code, revoked.json["status"]) == (200, "revoked")
    assert [each["kind"] for each in revoked.json["events"]] == ["issued", "revoked"]

    told = client.get(f"/v1/verification/{certificate['serial']}").json
    assert (told["standing"], told["standing_zh"], told["stands"]) == ("revoked", "已撤销", False)
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    told = client.get(f"/v1/verification/{certificate['serial']}?on={yesterday}").json
    assert told["standing"] == "not_yet_valid"


def test_the_same_issue_twice_is_one_certificate(client, ground, officer):
    certificate_id = uuid4()

    first = _issue(client, officer, ground, certificate_id).json
    second = _issue(client, officer, ground, certificate_id).json

    assert first == second
    listed = client.get("/v1/certificates", headers=officer).json["items"]
    assert [each["number"] for each in listed] == [first["number"]]


def test_a_suspension_is_lifted_by_another_than_who_imposed_it(client, ground, officer, another):
    address = f"/v1/certificates/{_issue(client, officer, ground).json['id']}"

    suspended = client.put(f"{address}/suspension", json={"reason": "待查"}, headers=officer)
    alone = client.put(f"{address}/reinstatement", json={"reason": "查清"}, headers=officer)
    lifted = client.put(f"{address}/reinstatement", json={"reason": "查清"}, headers=another)

    assert (alone.status_code, alone.json["code"]) == (409, "second_person_needed")
    assert (suspended.json["status"], lifted.json["status"]) == ("suspended", "valid")


def test_a_review_is_recorded(client, ground, officer):
    issued = _issue(client, officer, ground, valid_from="2022-01-01").json
    assert (issued["review_due_on"], issued["status"]) == ("2024-12-31", "expired")

    reviewed = client.put(
        f"/v1/certificates/{issued['id']}/review",
        json={"reason": "复审合格", "effective_on": "2024-11-01"},
        headers=officer,
    )

    assert (reviewed.json["review_due_on"], reviewed.json["status"]) == (None, "valid")


def test_what_the_standing_forbids_is_refused_with_a_code(client, ground, officer):
    issued = _issue(client, officer, ground).json

    refused = client.put(
        f"/v1/certificates/{issued['id']}/reinstatement",
        json={"reason": "没有暂扣"},
        headers=officer,
    )

    assert (refused.status_code, refused.json["code"]) == (409, "move_refused")


def test_a_certificate_is_shown_as_it_stands_on_any_day(client, ground, officer):
    issued = _issue(client, officer, ground).json

    shown = client.get(f"/v1/certificates/{issued['id']}?on=2040-01-01", headers=officer).json

    assert (shown["status"], shown["status_on"]) == ("expired", "2040-01-01")


def test_the_page_says_what_stands_in_chinese_first(client, ground, officer):
    issued = _issue(client, officer, ground).json

    page = client.get(f"/verify/{issued['serial']}")
    text = page.get_data(as_text=True)

    assert page.status_code == 200
    assert text.index("有效") < text.index("valid")
    assert "王建国" in text
    assert "cx.mem.gov.cn" in text
    assert "不是国家查询平台" in text
    assert "https://" not in text
    assert 'name="viewport"' in text
    assert page.headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(("move", "said"), [("revocation", "已撤销"), ("suspension", "已暂扣")])
def test_the_page_of_what_was_issued_never_says_not_found(client, ground, officer, move, said):
    issued = _issue(client, officer, ground).json
    body = {"reason": "查实"} | ({"ground": "barred"} if move == "revocation" else {})
    client.put(f"/v1/certificates/{issued['id']}/{move}", json=body, headers=officer)

    text = client.get(f"/verify/{issued['serial']}").get_data(as_text=True)

    assert said in text
    assert "从未签发" not in text


def test_what_was_never_issued_is_said_so_on_page_and_in_json(client):
    page = client.get("/verify/7K3M9Q2XW8ZT4B6N").get_data(as_text=True)
    told = client.get("/v1/verification/7K3M9Q2XW8ZT4B6N")

    assert "从未签发" in page
    assert (told.status_code, told.json["standing"]) == (200, "never_issued")
    assert told.json["content"] is None


def test_what_somebody_typed_is_shown_as_text(client):
    page = client.get("/verify/<script>alert(1)</script>".replace("/script", "script"))

    assert "<script>" not in page.get_data(as_text=True)


def test_the_form_leads_to_the_page(client):
    assert "序列号" in client.get("/verify").get_data(as_text=True)

    led = client.get("/verify?serial=7k3m-9q2x-w8zt-4b6n")

    assert (led.status_code, led.headers["Location"]) == (302, "/verify/7k3m9q2xw8zt4b6n")


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("https://example.org/verify", "not_our_token"),
        ("SC1:NOTATOKEN", "token_malformed"),
    ],
)
def test_what_is_no_token_is_refused_with_a_code(client, token, code):
    refused = client.post("/v1/verification", json={"token": token})

    assert (refused.status_code, refused.json["code"]) == (422, code)


def test_the_trust_list_can_be_downloaded(client, ground, officer):
    _issue(client, officer, ground)

    file = client.get("/trust-list.json")

    assert "attachment" in file.headers["Content-Disposition"]
    assert json.loads(file.data) == client.get("/v1/trust-list").json


@pytest.mark.parametrize(
    ("kind", "media_type", "begins"),
    [("svg", "image/svg+xml", b"<?xml"), ("png", "image/png", b"\x89PNG")],
)
def test_the_code_can_be_drawn_for_the_holder_only(
    client, writing, a_signed_in, kind, media_type, begins
):
    with writing():
        certificate = a_certificate()
        certificate_id, person_id = certificate.id, certificate.person_id
    address = f"/v1/me/certificates/{certificate_id}/qr.{kind}"

    drawn = client.get(address, headers=a_signed_in(person_id=person_id).headers)
    refused = client.get(address, headers=a_signed_in().headers)

    assert (drawn.status_code, drawn.mimetype) == (200, media_type)
    assert drawn.data.startswith(begins)
    assert refused.status_code == 404


def test_the_issuer_draws_the_code_too(client, ground, officer):
    issued = _issue(client, officer, ground).json

    drawn = client.get(f"/v1/certificates/{issued['id']}/qr.svg", headers=officer)

    assert drawn.data.startswith(b"<?xml")


def test_an_officer_of_elsewhere_finds_nothing(client, writing, ground, officer, a_signed_in):
    issued = _issue(client, officer, ground).json
    with writing():
        elsewhere = an_organisation(kind=OrganisationKind.AUTHORITY).id
    stranger = a_signed_in(Role.ISSUER, organisation_id=elsewhere).headers
    address = f"/v1/certificates/{issued['id']}"

    assert client.get(address, headers=stranger).status_code == 404
    assert client.get("/v1/certificates", headers=stranger).json["items"] == []
    assert _issue(client, stranger, ground).status_code == 404
    body = {"reason": "越权", "ground": "barred"}
    refused = client.put(f"{address}/revocation", json=body, headers=stranger)
    assert refused.status_code == 404


@pytest.mark.parametrize("role", [Role.WORKER, Role.PROVIDER_STAFF, Role.ADMINISTRATOR])
def test_who_is_no_issuer_issues_nothing(client, ground, a_signed_in, role):
    refused = _issue(client, a_signed_in(role).headers, ground)

    assert (refused.status_code, refused.json["code"]) == (403, "not_allowed")


def test_an_authority_is_registered_as_an_issuer(client, writing, a_signed_in):
    with writing():
        authority = an_organisation(kind=OrganisationKind.AUTHORITY, name="某县应急管理局").id
    administrator = a_signed_in(Role.ADMINISTRATOR).headers
    body = {"organisation_id": str(authority), "code": "371302"}

    made = client.put(f"/v1/issuers/{uuid4()}", json=body, headers=administrator)
    again = client.put(f"/v1/issuers/{uuid4()}", json=body, headers=administrator)
    listed = client.get("/v1/issuers", headers=administrator).json["items"]

    assert (made.status_code, made.json["name"]) == (200, "某县应急管理局")
    assert (again.status_code, again.json["code"]) == (409, "issuer_taken")
    assert [each["code"] for each in listed] == ["371302"]


def test_the_rules_are_read_without_an_account(client, writing):
    with writing():
        an_issuer()

    rules = {rule["code"]: rule for rule in client.get("/v1/certificate-rules").json["items"]}

    assert rules["special_operations_order_30"]["review_every_years"] == 3
    assert rules["special_operations_order_19"]["review_every_years"] is None
    assert rules["principal_2013_104"]["years"] == 3
