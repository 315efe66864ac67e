"""Certificates as credentials: what they say, and what is believed when somebody shows one.

Other people's verifiers are asked by `make foreign`.
"""

from __future__ import annotations

import base64
import gzip
import json
import random
import string
from typing import Any

import jwt
import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import update

from certificates import credential_reading, credentials, errors, keys, status_lists
from certificates.batch_errors import CredentialsUnavailable
from certificates.models import SigningKey
from certificates.services import exporting, publishing, trusting
from certificates.signing import KeySigner
from certificates.status_lists import Mark
from certificates.trust import KeyState
from certificates.validity import Turn
from server.db import db
from tests.factories.certificates import TODAY, a_certificate, an_issuer, befallen
from tests.factories.rosters import a_person
from tests.factories.tokens import OTHER_KEY
from tests.moments import NOON

DID = "did:web:127.0.0.1%3A8000:v1:issuers:371300"
DIDS = {DID: "371300"}


@pytest.fixture
def certificate(inside):
    """Issue a certificate."""
    return a_certificate(a_person(name="欧阳建国"), an_issuer())


def _proofs() -> Ed25519PublicKey:
    key = keys.ring().proofs()
    assert key is not None
    return key.public_key()


def _read(text: str, **changed: Any) -> dict[str, Any]:
    asked: dict[str, Any] = {"trust": trusting.trust_list(), "dids": DIDS, "on": TODAY} | changed
    return credential_reading.read_jwt(text, **asked)


def test_the_jwt_is_read_by_another_library_and_says_what_the_certificate_says(certificate):
    text = exporting.as_jwt(certificate)

    (key,) = trusting.trust_list().keys
    said = jwt.decode(text, key.public_key, algorithms=["ES256"], options={"verify_exp": False})
    assert said["iss"] == said["issuer"]["id"] == DID
    assert said["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert said["validFrom"] == "2026-06-15T00:00:00+08:00"
    assert said["validUntil"] == "2032-06-14T23:59:59+08:00"
    assert said["credentialSubject"]["identifier"][0]["identityHash"] == "欧阳建国"
    assert said["credentialStatus"][0]["statusListIndex"] == str(certificate.status_index)
    assert jwt.get_unverified_header(text)["kid"] == f"{DID}#{key.kid.hex()}"
    assert _read(text)["id"] == f"urn:sc1:certificate:{certificate.serial}"


def test_the_proof_is_over_everything_and_the_same_each_time(certificate):
    document = exporting.as_json(certificate)
    key = _proofs()

    assert exporting.as_json(certificate) == document
    assert credential_reading.read_json(document, key, dids=DIDS)["issuer"]["id"] == DID


def test_no_document_number_is_in_a_credential(certificate):
    said = json.dumps(exporting.as_json(certificate), ensure_ascii=False)

    assert certificate.person.document_masked in said
    assert "number" not in exporting.as_json(certificate)["credentialSubject"]


def test_of_no_letter_of_a_jwt_another_is_believed(certificate):
    text = exporting.as_jwt(certificate)
    alphabet = string.ascii_letters + string.digits + "-_.=+/"
    dice = random.Random(6)
    trust = trusting.trust_list()

    believed = []
    for place in range(len(text)):
        other = dice.choice([letter for letter in alphabet if letter != text[place]])
        mutant = text[:place] + other + text[place + 1 :]
        try:
            _read(mutant, trust=trust)
        except errors.TokenRefused:
            continue
        believed.append(place)

    assert believed == []


def test_of_no_byte_of_a_json_credential_another_is_believed(certificate):
    document = exporting.as_json(certificate)
    raw, key = rfc8785.dumps(document), _proofs()
    dice = random.Random(7)

    believed = []
    for place in range(len(raw)):
        mutant = bytearray(raw)
        mutant[place] ^= 1 << dice.randrange(7)
        try:
            shown = credential_reading.json_of(bytes(mutant).decode("utf-8", "surrogateescape"))
            credential_reading.read_json(shown, key, dids=DIDS)
        except errors.TokenRefused:
            continue
        believed.append((place, bytes(mutant[place - 20 : place + 20])))

    assert believed == []


def _forged(certificate, *, header=None, signer=None, **changed):
    said = exporting.as_jwt(certificate)
    head, payload, _ = (each + "=" * (-len(each) % 4) for each in said.split("."))
    told = json.loads(base64.urlsafe_b64decode(head)) | (header or {})
    claims = json.loads(base64.urlsafe_b64decode(payload)) | changed
    parts = [credentials.encoded(rfc8785.dumps(each)) for each in (told, claims)]
    signed = ".".join(parts)
    signer = signer or keys.ring().of("371300")
    return f"{signed}.{credentials.encoded(signer.sign(signed.encode()))}"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"header": {"alg": "none"}}, errors.TokenHeadersWrong),
        ({"header": {"alg": "HS256"}}, errors.TokenHeadersWrong),
        ({"header": {"jwk": {}}}, errors.TokenHeadersWrong),
        ({"header": {"crit": ["x"]}}, errors.TokenHeadersWrong),
        ({"header": {"kid": f"{DID}#0011223344556677"}}, errors.KeyNotTrusted),
        ({"header": {"kid": "nonsense"}}, errors.KeyNotTrusted),
        ({"signer": KeySigner(OTHER_KEY)}, errors.SignatureWrong),
        ({"issuer": {"id": "did:web:example.org:v1:issuers:371300"}}, errors.IssuerMismatch),
        ({"iss": "did:web:example.org"}, errors.IssuerMismatch),
    ],
)
def test_a_forged_jwt_is_refused_with_its_reason(certificate, changes, refusal):
    with pytest.raises(refusal):
        _read(_forged(certificate, **changes))


def test_an_issuer_outside_its_scope_is_refused(certificate):
    elsewhere = dict(exporting.as_json(certificate)["credentialSubject"])
    achievement = elsewhere["achievement"] | {"id": "urn:sc1:qualification:principal"}
    certificate.issuer.qualifications = ["low_voltage_electrician"]
    db.session.flush()

    with pytest.raises(errors.OutOfIssuerScope):
        _read(_forged(certificate, credentialSubject=elsewhere | {"achievement": achievement}))


def test_what_a_compromised_key_signed_is_refused(certificate):
    text = exporting.as_jwt(certificate)
    db.session.execute(update(SigningKey).values(state=KeyState.COMPROMISED))
    db.session.expire_all()

    with pytest.raises(errors.KeyCompromised):
        _read(text)


def test_a_json_credential_with_another_key_or_issuer_is_refused(certificate):
    document = exporting.as_json(certificate)
    stranger = Ed25519PrivateKey.generate()
    bare = {name: value for name, value in document.items() if name != "proof"}
    key = _proofs()

    with pytest.raises(errors.SignatureWrong):
        credential_reading.read_json(credentials.as_json(bare, stranger, at=NOON), key, dids=DIDS)
    with pytest.raises(errors.IssuerMismatch):
        credential_reading.read_json(document, key, dids={})
    with pytest.raises(errors.TokenMalformed):
        credential_reading.read_json(bare, key, dids=DIDS)
    with pytest.raises(errors.TokenMalformed):
        credential_reading.json_of('{"a": 1, "a": 2}')


def test_the_lists_mark_what_was_revoked_and_what_was_suspended(inside):
    issuer = an_issuer()
    made = [a_certificate(a_person(name=name), issuer) for name in ("甲", "乙", "丙")]
    befallen(made[1], Turn.SUSPENDED)
    befallen(made[2], Turn.REVOKED)
    publishing.publish_status_list(at=NOON)

    found = {}
    for purpose in credentials.PURPOSES:
        said = exporting.status_list_json("371300", purpose)
        encoded = said["credentialSubject"]["encodedList"]
        bits = gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=="))
        found[purpose] = [
            bool(bits[each.status_index // 8] >> (7 - each.status_index % 8) & 1) for each in made
        ]
        assert sum(byte.bit_count() for byte in bits) == 1
        assert len(bits) * 8 >= 131_072
    assert found == {"revocation": [False, False, True], "suspension": [False, True, False]}


def test_flags_keep_the_place_of_every_mark():
    marks = {0: Mark.ENDED, 5: Mark.SUSPENDED, 9: Mark.SUPERSEDED, 12: Mark.ENDED}
    flags = status_lists.flags(status_lists.packed(marks, 16), (Mark.ENDED, Mark.SUPERSEDED))

    places = [place for place in range(16) if flags[place // 8] >> (7 - place % 8) & 1]
    assert places == [0, 9, 12]


def test_over_http_credentials_are_exported_looked_up_and_verified(
    client, writing, a_signed_in, app
):
    with writing():
        made = a_certificate()
        certificate_id, person_id, serial = made.id, made.person_id, made.serial
    holder = a_signed_in(person_id=person_id).headers
    address = f"/v1/me/certificates/{certificate_id}/credential"

    as_jwt = client.get(f"{address}.jwt", headers=holder)
    as_json = client.get(f"{address}.json", headers=holder)
    did = client.get("/v1/issuers/371300/did.json")

    assert (as_jwt.mimetype, as_json.mimetype) == ("application/vc+jwt", "application/vc+json")
    assert (did.status_code, did.json["id"]) == (200, DID)
    assert {each["type"] for each in did.json["verificationMethod"]} == {"JsonWebKey", "Multikey"}
    for shown in (as_jwt.text, as_json.text):
        told = client.post("/v1/credential-verification", json={"credential": shown})
        assert (told.json["serial"], told.json["standing"]) == (serial, "valid")
    forged = client.post("/v1/credential-verification", json={"credential": as_jwt.text[:-4]})
    assert forged.status_code == 422
    assert forged.json["code"] in ("signature_wrong", "token_malformed")
    assert client.get(f"{address}.jwt", headers=a_signed_in().headers).status_code == 404
    assert client.get("/v1/issuers/371300/credential-status/other").status_code == 404
    assert client.get("/v1/issuers/000000/did.json").status_code == 404


def test_without_an_address_outside_nothing_is_exported(certificate, monkeypatch):
    monkeypatch.setattr(keys.ring(), "address", None)

    with pytest.raises(CredentialsUnavailable):
        exporting.as_jwt(certificate)


def test_the_did_names_where_its_document_lies():
    assert credentials.did_web("https://exam.example.gov.cn", "371300") == (
        "did:web:exam.example.gov.cn:v1:issuers:371300"
    )
    assert credentials.did_web("https://example.cn:8443/safety", "371300") == (
        "did:web:example.cn%3A8443:safety:v1:issuers:371300"
    )
