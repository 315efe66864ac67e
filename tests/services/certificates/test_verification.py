"""What somebody outside is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from base45 import b45decode, b45encode
from cryptography.hazmat.primitives.asymmetric import ec

from certificates import errors, tokens
from certificates.services import trusting, verification
from certificates.services.verification import Standing
from certificates.validity import Turn
from tests.factories.certificates import TODAY, a_certificate, an_issuer, befallen

pytestmark = pytest.mark.usefixtures("inside")


@pytest.mark.parametrize(
    ("turn", "on", "standing", "stands"),
    [
        (None, TODAY, Standing.VALID, True),
        (None, date(2032, 6, 1), Standing.EXPIRING, True),
        (None, date(2026, 1, 1), Standing.NOT_YET_VALID, False),
        (None, date(2050, 1, 1), Standing.EXPIRED, False),
        (Turn.SUSPENDED, TODAY, Standing.SUSPENDED, False),
        (Turn.REVOKED, TODAY, Standing.REVOKED, False),
        (Turn.REPLACED, TODAY, Standing.REPLACED, False),
    ],
)
def test_what_was_issued_is_found_whatever_became_of_it(turn, on, standing, stands):
    certificate = a_certificate()
    if turn is not None:
        befallen(certificate, turn)

    found = verification.by_serial(certificate.serial, on=on)

    assert (found.standing, found.stands) == (standing, stands)
    assert found.certificate is certificate
    assert found.since == (TODAY if turn else None)
    assert found.standing_zh


@pytest.mark.parametrize("serial", ["7K3M9Q2XW8ZT4B6N", "short", "", "王" * 16, "T37010219900101"])
def test_what_was_never_issued_is_said_so(serial):
    found = verification.by_serial(serial, on=TODAY)

    assert found.standing is Standing.NEVER_ISSUED
    assert found.standing_zh == "本平台从未签发"
    assert not found.stands
    assert found.since is None


def test_a_serial_is_found_however_it_is_typed():
    certificate = a_certificate()
    typed = certificate.serial.lower()
    typed = f"{typed[:4]}-{typed[4:8]} {typed[8:]}"

    assert verification.by_serial(typed, on=TODAY).certificate is certificate


def test_a_token_is_answered_from_the_register():
    certificate = a_certificate()
    befallen(certificate, Turn.REVOKED)

    found = verification.by_token(certificate.token, on=TODAY)

    assert found.standing is Standing.REVOKED
    assert found.claims is not None
    assert found.claims.serial == certificate.serial


def test_a_token_signed_by_a_stranger_is_refused():
    certificate = a_certificate()
    claims = tokens.read(certificate.token, trusting.trust_list(), on=TODAY)
    forged = tokens.write(claims, ec.derive_private_key(5, ec.SECP256R1()))

    with pytest.raises(errors.KeyNotTrusted):
        verification.by_token(forged, on=TODAY)


def test_the_serial_of_one_signed_for_another_issuer_is_refused():
    an_issuer(code="140000")
    certificate = a_certificate(issuer=an_issuer(code="371300"))

    with pytest.raises(errors.SignatureWrong):
        verification.by_token(_with_other_signature(certificate.token), on=TODAY)


def _with_other_signature(token: str) -> str:
    other = a_certificate(issuer=an_issuer(code="150000")).token
    raw, donor = (b45decode(text[4:].encode()) for text in (token, other))
    text: str = b45encode(raw[:-64] + donor[-64:]).decode()
    return "SC1:" + text


def test_before_the_key_was_used_nothing_is_believed():
    certificate = a_certificate(valid_from=date(2024, 1, 1))

    with pytest.raises(errors.KeyOutOfDate):
        verification.by_token(certificate.token, on=TODAY - timedelta(days=1))
