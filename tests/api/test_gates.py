"""A gate of a site: registered, asking without an account, scanning a gang, naming problems."""

from __future__ import annotations

from uuid import uuid4

import pytest

from certificates.validity import Turn
from server.people.roster import PostRole
from server.policy import Role
from tests.factories.certificates import a_certificate, an_issuer, befallen
from tests.factories.rosters import a_person, a_post, an_organisation
from tests.moments import NOON


@pytest.fixture
def site(writing):
    """Store a site with three principals, of whom one is suspended, and a stranger to the site."""
    with writing():
        issuer, place, elsewhere = an_issuer(), an_organisation(), an_organisation()
        tokens = {}
        for name, at in (("好人", place), ("停证", place), ("外人", elsewhere)):
            person = a_person(at, name=name)
            a_post(person, at, role=PostRole.PRINCIPAL)
            made = a_certificate(person, issuer, qualification="principal")
            if name == "停证":
                befallen(made, Turn.SUSPENDED)
            tokens[name] = made.token
        return {"id": place.id, "tokens": tokens}


@pytest.fixture
def officer(site, a_signed_in):
    """Headers of the safety officer of the site."""
    return a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=site["id"]).headers


@pytest.fixture
def gate(client, site, officer):
    """Register a device; return its id and the header with its key."""
    device_id = uuid4()
    body = {"organisation_id": str(site["id"]), "name": "一号门"}
    made = client.put(f"/v1/gate-devices/{device_id}", json=body, headers=officer)
    assert made.status_code == 200, made.json
    return device_id, {"X-Gate-Key": made.json["key"]}


def _scans(*tokens):
    return {
        "scans": [
            {"id": str(uuid4()), "token": token, "scanned_at": NOON.isoformat()} for token in tokens
        ]
    }


def test_a_gang_is_scanned_and_the_problems_are_listed(client, site, gate, officer):
    device_id, key = gate
    tokens = site["tokens"]
    good, suspended, stranger = (tokens[name] for name in ("好人", "停证", "外人"))
    body = _scans(good, suspended, stranger, good[:-3] + "000", "https://example.org")

    told = client.put("/v1/gate/scans", json=body, headers=key)

    assert told.status_code == 200, told.json
    found = [(each["may_enter"], each["reason"]) for each in told.json["items"]]
    assert found[1:3] == [(False, "suspended"), (False, "no_post")]
    assert [each[0] for each in found[3:]] == [False, False]
    assert found[4] == (False, "not_our_token")
    assert told.json["problem_count"] == sum(not each[0] for each in found)
    kept = client.get(f"/v1/gate-devices/{device_id}/scans", headers=officer).json["items"]
    assert {each["id"] for each in kept} == {each["id"] for each in body["scans"]}


def test_the_same_scans_again_are_answered_and_kept_once(client, site, gate, officer):
    device_id, key = gate
    body = _scans(site["tokens"]["停证"])

    first = client.put("/v1/gate/scans", json=body, headers=key)
    again = client.put("/v1/gate/scans", json=body, headers=key)

    assert first.json == again.json
    kept = client.get(f"/v1/gate-devices/{device_id}/scans", headers=officer).json["items"]
    assert len(kept) == 1


def test_the_roster_is_what_a_scan_would_say_and_names_who_is_there_alone(client, site, gate):
    _, key = gate

    roster = client.get("/v1/gate/roster", headers=key).json["items"]

    names = {each["name"]: each for each in roster}
    assert names.keys() == {"好人", "停证"}
    assert names["停证"]["may_enter"] is False
    assert names["停证"]["reasons"]
    for each in roster:
        told = client.put(
            "/v1/gate/scans", json=_scans(site["tokens"][each["name"]]), headers=key
        ).json["items"]
        assert told[0]["may_enter"] == each["may_enter"]
        assert "***" in each["document_masked"]


@pytest.mark.parametrize("key", ["", "nonsense", "00000000-0000-0000-0000-000000000000.x"])
def test_without_the_key_of_a_device_nothing_is_told(client, site, gate, key):
    assert client.get("/v1/gate/roster", headers={"X-Gate-Key": key}).status_code == 401
    refused = client.put("/v1/gate/scans", json=_scans("x"), headers={"X-Gate-Key": key})
    assert (refused.status_code, refused.json["code"]) == (401, "not_signed_in")


def test_a_retired_device_asks_in_vain(client, gate, officer):
    device_id, key = gate
    client.put(f"/v1/gate-devices/{device_id}/retirement", headers=officer)

    assert client.get("/v1/gate/roster", headers=key).status_code == 401


def test_the_key_is_told_once_and_the_site_is_ones_own(
    client, site, gate, officer, a_signed_in, writing
):
    device_id, _ = gate
    body = {"organisation_id": str(site["id"]), "name": "一号门"}
    address = f"/v1/gate-devices/{device_id}"

    again = client.put(address, json=body, headers=officer)
    other = client.put(address, json=body | {"name": "二号门"}, headers=officer)
    with writing():
        elsewhere = an_organisation().id
    stranger = a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=elsewhere).headers

    assert again.json["key"] is None
    assert (other.status_code, other.json["code"]) == (409, "id_taken")
    assert client.put(f"/v1/gate-devices/{uuid4()}", json=body, headers=stranger).status_code == 404
    assert client.get(f"{address}/scans", headers=stranger).status_code == 404
