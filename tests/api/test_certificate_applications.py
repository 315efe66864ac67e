"""Applying for certificates over HTTP: accepted, silent, granted, denied, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from server.policy import Role
from tests.factories.bureaus import Bureau
from tests.factories.certificates import an_issuer, qualification
from tests.factories.rosters import a_person


@pytest.fixture
def bureau(client, writing, a_signed_in):
    """An issuer and somebody who applies there."""
    with writing():
        issuer, person = an_issuer(), a_person(name="王小红")
        qualification_id = qualification("principal").id
        made = Applied(client, a_signed_in, issuer.id, issuer.organisation_id, person.id)
    # Whoever applies is an officer, too, so that one may try to decide about oneself.
    made.holder = a_signed_in(
        Role.ISSUER, person_id=person.id, organisation_id=issuer.organisation_id
    ).headers
    made.apply = _applying(made, qualification_id)
    return made


class Applied(Bureau):
    """An issuing bureau where somebody applies."""

    apply: Callable[..., Any]
    holder: dict[str, str]


def _applying(bureau, qualification_id):
    def apply(purpose="first", application_id=None, **changed):
        body = {
            "issuer_id": str(bureau.issuer_id),
            "qualification_id": str(qualification_id),
            "purpose": purpose,
            "documents": ["健康证明"],
        } | changed
        address = f"/v1/me/certificate-applications/{application_id or uuid4()}"
        return bureau.client.put(address, json=body, headers=bureau.holder)

    return apply


def _do(bureau, application, noun, **body):
    address = f"/v1/certificate-applications/{application['id']}/{noun}"
    body = {"reason": "材料齐全"} | body
    return bureau.client.put(address, json=body, headers=bureau.sign())


def test_an_application_is_accepted_and_granted_and_the_certificate_is_there(bureau):
    application_id = uuid4()
    applied = bureau.apply(application_id=application_id).json
    assert bureau.apply(application_id=application_id).json == applied
    assert (applied["state"], applied["accept_by"]) == ("submitted", "2026-06-23")
    early = _do(bureau, applied, "grant", certificate_id=str(uuid4()))
    assert (early.status_code, early.json["code"]) == (409, "step_refused")

    accepted = _do(bureau, applied, "acceptance", document="受理〔2026〕1号").json
    nameless = _do(bureau, applied, "grant")
    granted = _do(bureau, applied, "grant", certificate_id=str(uuid4())).json

    assert (accepted["state"], accepted["decide_by"]) == ("accepted", "2026-07-14")
    assert (nameless.status_code, nameless.json["code"]) == (422, "certificate_id_needed")
    assert granted["state"] == "granted"
    assert granted["steps"][-1]["certificate_id"]
    assert bureau.apply(application_id=application_id, purpose="renewal").status_code == 409


def test_silence_accepts_and_lateness_is_seen(bureau, the_clock):
    applied = bureau.apply().json
    the_clock.move(timedelta(days=20))
    late_refusal = _do(bureau, applied, "non-acceptance")
    the_clock.move(timedelta(days=40))
    listed = bureau.client.get("/v1/certificate-applications", headers=bureau.sign()).json["items"]

    assert (late_refusal.status_code, late_refusal.json["code"]) == (409, "step_refused")
    assert [(each["state"], each["overdue"]) for each in listed] == [("accepted", True)]
    assert listed[0]["accepted_on"] == "2026-06-15"
    assert _do(bureau, applied, "denial", reason="不符合条件").json["state"] == "denied"


def test_a_lost_card_and_a_cancellation_are_applied_for(bureau):
    held = bureau.issue("principal").json
    lost = bureau.apply("lost", certificate_id=held["id"]).json
    _do(bureau, lost, "acceptance")
    new_id = str(uuid4())
    assert _do(bureau, lost, "grant", certificate_id=new_id).json["state"] == "granted"

    ending = bureau.apply("cancellation", certificate_id=new_id).json
    _do(bureau, ending, "acceptance")
    assert _do(bureau, ending, "grant").json["state"] == "granted"

    mine = bureau.client.get(f"/v1/certificates/{new_id}", headers=bureau.sign()).json
    assert (mine["status"], mine["remark"]) == ("cancelled", "补发（原证遗失）")


def test_an_application_is_taken_back_by_who_made_it_only(bureau, a_signed_in):
    applied = bureau.apply().json
    address = f"/v1/me/certificate-applications/{applied['id']}/withdrawal"

    other = bureau.client.put(address, json={"reason": "不需要了"}, headers=a_signed_in().headers)
    taken = bureau.client.put(address, json={"reason": "不需要了"}, headers=bureau.holder)
    mine = bureau.client.get("/v1/me/certificate-applications", headers=bureau.holder).json["items"]

    assert (other.status_code, taken.json["state"]) == (404, "withdrawn")
    assert [each["state_zh"] for each in mine] == ["已撤回"]


def test_nobody_decides_their_own_and_no_other_certificate_is_applied_about(bureau):
    applied = bureau.apply().json
    address = f"/v1/certificate-applications/{applied['id']}/acceptance"

    own = bureau.client.put(address, json={"reason": "本人"}, headers=bureau.holder)
    stranger = bureau.apply("lost", certificate_id=str(uuid4()))
    missing = bureau.apply("lost")

    assert (own.status_code, own.json["code"]) == (403, "own_certificate")
    assert (stranger.status_code, missing.status_code) == (404, 404)
