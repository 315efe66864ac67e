"""Publishing signed lists, exchanging keys, and the drill for a key in wrong hands."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from certificates import (
    allow_lists,
    errors,
    keys,
    list_errors,
    offline_root,
    status_lists,
    tokens,
    trust_lists,
)
from certificates.commands import publish_lists
from certificates.models import Certificate, SigningKey, StatusListEdition, TrustListEdition
from certificates.services import publishing
from certificates.status_lists import Mark
from certificates.trust import KeyState, jwk_of, kid_of
from certificates.validity import Turn
from server.config import UnsafeSettings
from server.db import db
from tests.factories.certificates import TODAY, a_certificate, an_issuer, befallen
from tests.moments import NOON


@pytest.fixture
def ring(app, tmp_path):
    """Keys of their own for a test that exchanges some, with a root on this machine."""
    kept = app.extensions["certificate_keys"]
    keys.make_root(tmp_path)
    (tmp_path / keys.FILE_NAME).write_text(keys.fresh(), "ascii")
    app.extensions["certificate_keys"] = keys.KeyRing(tmp_path, production=False)
    yield app.extensions["certificate_keys"]
    app.extensions["certificate_keys"] = kept


def _lists(ring):
    trusted = trust_lists.read(
        publishing.trust_list().document, ring.pinned(), known_seq=0, at=NOON
    )
    document = publishing.status_list().document
    return trusted, status_lists.read(document, trusted, known_seq=0)


def test_what_befalls_certificates_is_on_the_next_list(app, ring, writing):
    with writing():
        issuer = an_issuer()
        made = [a_certificate(issuer=issuer) for _ in range(5)]
        suspended, revoked, voided, replaced, _standing = made
        befallen(suspended, Turn.SUSPENDED)
        befallen(revoked, Turn.REVOKED)
        befallen(voided, Turn.VOIDED)
        befallen(replaced, Turn.REPLACED)
        places = [each.status_index for each in made]
    lapsed_marks = [Mark.SUSPENDED, Mark.ENDED, Mark.ENDED, Mark.SUPERSEDED, Mark.STANDS]

    with app.app_context():
        assert publish_lists(NOON + timedelta(seconds=1)) == 2
        trusted, found = _lists(ring)
        assert publish_lists(NOON + timedelta(minutes=1)) == 0, "nothing has changed"

    assert [found.of(place) for place in places] == lapsed_marks
    assert {key.issuer for key in trusted.trust.keys} == {"371300"}


def test_a_missed_review_is_on_the_list_and_an_ended_certificate_is_not(app, ring, writing):
    with writing():
        issuer = an_issuer()
        lapsed = a_certificate(issuer=issuer, valid_from=TODAY.replace(year=2022))
        ended = a_certificate(issuer=issuer, valid_from=TODAY.replace(year=2019))
        befallen(ended, Turn.CANCELLED)
        places = [lapsed.status_index, ended.status_index]

    with app.app_context():
        publish_lists(NOON)
        _, found = _lists(ring)

    assert [found.of(place) for place in places] == [Mark.SUPERSEDED, Mark.STANDS]


@pytest.mark.parametrize("later", [timedelta(hours=7), timedelta(hours=13)])
def test_a_list_is_made_anew_before_it_looks_old(app, ring, writing, later):
    with writing():
        a_certificate()
    with app.app_context():
        publish_lists(NOON)
        publish_lists(NOON + later)

        assert publishing.status_list().seq == 2
        assert db.session.query(TrustListEdition).count() == 1


def test_what_was_never_signed_is_said_so(client):
    for address in ("/v1/status-list", "/v1/signed-trust-list"):
        refused = client.get(address)
        assert (refused.status_code, refused.json["code"]) == (404, "nothing_published")


def test_the_lists_are_served_as_they_were_signed(app, ring, writing, client):
    with writing():
        a_certificate()
    with app.app_context():
        publish_lists(NOON)
        document = db.session.query(StatusListEdition).one().document

    served = client.get("/v1/status-list")
    again = client.get("/v1/status-list", headers={"If-None-Match": served.headers["ETag"]})

    assert (served.data, served.mimetype) == (document, status_lists.TYP)
    assert again.status_code == 304
    assert client.get("/v1/signed-trust-list").mimetype == trust_lists.TYP


def test_the_drill_for_a_key_in_wrong_hands(app, ring, writing):
    with writing():
        certificate_id = a_certificate().id
        stolen = ring.of("371300")
        old_token = db.session.get_one(Certificate, certificate_id).token
    with app.app_context():
        publish_lists(NOON)
    kid = kid_of(stolen.public_key).hex()

    done = app.test_cli_runner().invoke(args=["certificates", "declare-compromised", "371300", kid])

    assert "1 certificates were signed again" in done.output
    assert "has signed a new trust list" in done.output
    with app.app_context():
        trusted, _ = _lists(ring)
        new_token = db.session.get_one(Certificate, certificate_id).token
        claims = tokens.read(new_token, trusted.trust, on=TODAY)
        assert trusted.seq == 2
        states = {key.kid: key.state for key in db.session.query(SigningKey)}
        allowed = allow_lists.read(
            publishing.allow_list().document, trusted, known_seq=0, at=NOON + timedelta(hours=1)
        )
    forged = tokens.write(replace(claims, holder="窃贼"), stolen)
    for token in (old_token, forged):
        with pytest.raises(errors.KeyCompromised):
            tokens.read(token, trusted.trust, on=TODAY)
    holding = replace(trusted.trust, allowed=allowed.hashes)
    assert tokens.read(old_token, holding, on=TODAY) == claims, "a printed card need not be thrown"
    with pytest.raises(errors.KeyCompromised):
        tokens.read(forged, holding, on=TODAY)
    client = app.test_client()
    told = [
        client.post("/v1/verification", json={"token": one}).json for one in (old_token, forged)
    ]
    assert (told[0]["standing"], told[1]["code"]) == ("valid", "key_compromised")
    assert client.get("/v1/allow-list").mimetype == allow_lists.TYP
    assert states[kid] is KeyState.COMPROMISED
    assert sorted(states.values()) == [KeyState.ACTIVE, KeyState.COMPROMISED]


def test_a_rotated_key_is_believed_as_long_as_what_it_signed_lasts(app, ring, writing):
    with writing():
        certificate = a_certificate()
        token, last = certificate.token, certificate.valid_until

    said = app.test_cli_runner().invoke(args=["certificates", "rotate-key", "371300"]).output

    assert "signs with" in said
    with app.app_context():
        trusted = trust_lists.read(
            publishing.trust_list().document, ring.pinned(), known_seq=0, at=NOON
        )
    assert tokens.read(token, trusted.trust, on=last).serial
    with pytest.raises(errors.KeyOutOfDate):
        tokens.read(token, trusted.trust, on=last + timedelta(days=1))


def test_an_offline_root_signs_what_it_was_shown(app, ring, writing, tmp_path):
    with writing():
        a_certificate()
    run, console = CliRunner(), app.test_cli_runner()
    safe = tmp_path / "safe.pem"
    made = run.invoke(offline_root.root, ["make", str(safe), "--passphrase", "很长的口令"])
    other = jwk_of(ring.pinned()[1])
    (tmp_path / keys.ROOTS).write_text(json.dumps({"keys": [json.loads(made.output), other]}))
    (tmp_path / keys.ROOT_FILE).unlink()
    draft, signed = tmp_path / "draft.cbor", tmp_path / "signed.cwt"
    with app.app_context():
        assert publish_lists(NOON) == 1, "only the status list: the root is elsewhere"

    console.invoke(args=["certificates", "draft-trust-list", str(draft)])
    words = ["sign", str(draft), str(safe), str(signed), "--passphrase", "很长的口令", "--yes"]
    shown = run.invoke(offline_root.root, words)
    accepted = console.invoke(args=["certificates", "accept-trust-list", str(signed)])
    again = console.invoke(args=["certificates", "accept-trust-list", str(signed)])

    assert "371300 某市应急管理局" in shown.output
    assert "Number 1 is published" in accepted.output
    assert isinstance(again.exception, list_errors.ListRolledBack)


def test_without_pinned_roots_no_trust_list_is_accepted(app, ring, tmp_path):
    (tmp_path / keys.ROOTS).unlink()

    with app.app_context(), pytest.raises(list_errors.RootMissing):
        publishing.accept_trust_list(b"", at=NOON)


#: Stands for an HSM: reads the message, writes a DER signature; the key never leaves it.
HSM = """
import sys
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
key = ec.derive_private_key(%d, ec.SECP256R1())
sys.stdout.buffer.write(key.sign(sys.stdin.buffer.read(), ec.ECDSA(SHA256())))
"""


def _put_command(tmp_path, number: int) -> None:
    public = ec.derive_private_key(909, ec.SECP256R1()).public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    command = [sys.executable, "-c", HSM % number]
    (tmp_path / keys.FOLDER).mkdir()
    said = json.dumps({"command": command, "public_key": pem})
    (tmp_path / keys.FOLDER / "371300.json").write_text(said)


def test_a_key_behind_a_command_signs_for_its_issuer_alone(inside, ring, tmp_path):
    _put_command(tmp_path, 909)

    certificate = a_certificate()

    assert certificate.token_kid == kid_of(ring.of("371300").public_key).hex()
    assert ring.of("other").public_key != ring.of("371300").public_key


def test_a_command_that_signs_with_another_key_is_caught(inside, ring, tmp_path):
    _put_command(tmp_path, 910)

    with pytest.raises(UnsafeSettings, match="failed"):
        a_certificate()


def test_an_unknown_issuer_or_key_is_refused(app, ring, writing):
    with writing():
        a_certificate()
    runner = app.test_cli_runner()

    unknown = runner.invoke(args=["certificates", "rotate-key", "NOBODY"])
    never = runner.invoke(args=["certificates", "declare-compromised", "371300", "00" * 8])

    assert "no issuer NOBODY" in unknown.output
    assert isinstance(never.exception, errors.KeyNotTrusted)
