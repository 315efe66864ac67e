"""Strangers show scanned codes in crowds: in front of the framework, and word for word the same."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import update

from certificates.models import Certificate, Issuer, SigningKey
from certificates.trust import KeyState
from certificates.validity import Turn
from server.db import db
from tests.factories.certificates import a_certificate, an_issuer, befallen
from tests.factories.rosters import a_person


def test_both_doors_say_the_same_of_a_scanned_code_word_for_word(client, writing):
    with writing():
        issuer = an_issuer()
        made = [a_certificate(a_person(name=name), issuer) for name in ("甲", "乙")]
        befallen(made[1], Turn.SUSPENDED)
        shown = [each.token for each in made]
    shown += [shown[0][:-3] + "000", "https://example.org", "SC1:", "x" * 2_000]

    for token in shown * 2:
        crowd = client.post("/v1/verification", json={"token": token})
        alone = client.post(
            "/v1/verification",
            data=json.dumps({"token": token}),
            content_type="application/json; charset=utf-8",
        )

        told = [
            {name: value for name, value in each.json.items() if name != "request_id"}
            for each in (crowd, alone)
        ]
        assert told[0] == told[1], token
        assert crowd.status_code == alone.status_code


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 422),
        ("nonsense", 400),
        ("[]", 422),
        ("{}", 422),
        ('{"token": 1}', 422),
        ('{"token": ""}', 422),
        ('{"token": "a", "more": 1}', 422),
        ('{"token": "a", "token": "b"}', 400),
        ('[["token", "a"]]', 422),
        (json.dumps({"token": "x" * 2_001}), 422),
    ],
)
def test_what_is_no_question_is_refused_behind_the_quick_door_as_ever(client, body, status):
    asked = client.post("/v1/verification", data=body, content_type="application/json")

    assert asked.status_code == status, asked.json


def test_a_code_that_was_seen_is_refused_at_once_when_anything_about_it_changes(client, writing):
    with writing():
        certificate = a_certificate(a_person(name="甲"), an_issuer())
        token, certificate_id = certificate.token, certificate.id
    ask = lambda: client.post("/v1/verification", json={"token": token})  # noqa: E731  # said thrice

    assert [ask().json["standing"] for _ in range(2)] == ["valid", "valid"]
    with writing():
        befallen(db.session.get_one(Certificate, certificate_id), Turn.REVOKED)
    assert ask().json["standing"] == "revoked"
    with writing():
        db.session.execute(update(SigningKey).values(state=KeyState.COMPROMISED))
    assert (ask().status_code, ask().json["code"]) == (422, "key_compromised")
    with writing():
        db.session.execute(update(SigningKey).values(state=KeyState.ACTIVE))
        db.session.execute(update(Issuer).values(qualifications=["principal"]))
    assert ask().json["code"] == "out_of_issuer_scope"
