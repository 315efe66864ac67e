"""Certificates as verifiable credentials, with the lists that go with them (凭证导出服务)."""

from __future__ import annotations

import gzip
from datetime import date
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from certificates import credential_reading, credentials, errors, keys, status_lists, trust
from certificates.batch_errors import CredentialsUnavailable
from certificates.credentials import Issuing
from certificates.models import Certificate, Issuer, SigningKey, StatusListEdition
from certificates.services import publishing, trusting, verification
from certificates.services.verification import Verification
from certificates.status_lists import Mark
from certificates.trust import KeyState
from server.db import db
from server.errors import NotFound

#: Which marks of the status list a purpose speaks of.
_MEANT = {"revocation": (Mark.ENDED, Mark.SUPERSEDED), "suspension": (Mark.SUSPENDED,)}


def as_jwt(certificate: Certificate) -> str:
    """Return a certificate as VC-JWT, signed with the issuer's key.

    Raises:
        CredentialsUnavailable: nobody said where the platform is reached.
    """
    return credentials.as_jwt(_said(certificate), keys.ring().of(certificate.issuer.code))


def as_json(certificate: Certificate) -> dict[str, Any]:
    """Return a certificate as JSON with a Data Integrity proof of the moment of its issue.

    Raises:
        CredentialsUnavailable: nobody said where the platform is reached, or the key is missing.
    """
    return credentials.as_json(_said(certificate), _proofs(), at=certificate.issued_at)


def status_list_jwt(code: str, purpose: str) -> str:
    """Return the status list of an issuer and a purpose as VC-JWT.

    Raises:
        NotFound: there is no such issuer or purpose.
        NothingPublished: no status list was signed yet.
        CredentialsUnavailable: as `as_jwt`.
    """
    return credentials.as_jwt(_list_said(code, purpose), keys.ring().of(code))


def status_list_json(code: str, purpose: str) -> dict[str, Any]:
    """Return the same list as JSON with a Data Integrity proof; refusals as `status_list_jwt`."""
    made_at = publishing.status_list().made_at
    return credentials.as_json(_list_said(code, purpose), _proofs(), at=made_at)


def did_document(code: str) -> dict[str, Any]:
    """Return the keys of an issuer for programs that look them up: all but compromised ones.

    Raises:
        NotFound: there is no such issuer.
        CredentialsUnavailable: as `as_json`.
    """
    issuer = _issuer(code)
    statement = (
        select(SigningKey)
        .where(SigningKey.issuer_id == issuer.id, SigningKey.state != KeyState.COMPROMISED)
        .order_by(SigningKey.not_before.desc(), SigningKey.kid)
    )
    jwks = [key.jwk for key in db.session.execute(statement).scalars()]
    current = trust.kid_of(keys.ring().of(code).public_key).hex()
    # Whoever looks no further takes the first.
    jwks.sort(key=lambda jwk: jwk["kid"] != current)
    return credentials.did_document(
        _issuing(issuer).did, jwks, credentials.multikey(_proofs().public_key())
    )


def verify(shown: str, *, on: date) -> Verification:
    """Return where the certificate of a credential stands, if the credential is genuine.

    Args:
        shown: a VC-JWT, or JSON with a proof.
        on: the day.

    Raises:
        TokenRefused: one of its subclasses, each for one reason.
        CredentialsUnavailable: as `as_json`.
    """
    text = shown.strip()
    if text.startswith("{"):
        key = _proofs().public_key()
        document = credential_reading.json_of(text)
        said = credential_reading.read_json(document, key, dids=_dids())
    else:
        said = credential_reading.read_jwt(text, trusting.trust_list(), dids=_dids(), on=on)
    try:
        serial = credentials.serial_of(said)
    except (LookupError, ValueError) as error:
        raise errors.TokenClaimsWrong from error
    return verification.by_serial(serial, on=on)


def _said(certificate: Certificate) -> dict[str, Any]:
    return credentials.credential(
        certificate.content,
        _issuing(certificate.issuer),
        status_index=certificate.status_index,
    )


def _list_said(code: str, purpose: str) -> dict[str, Any]:
    if purpose not in _MEANT:
        raise NotFound
    issuing = _issuing(_issuer(code))
    edition = publishing.status_list()
    until = edition.made_at + status_lists.LIFETIME
    return credentials.status_list(
        issuing, purpose, _encoded(edition, purpose), made_at=edition.made_at, until=until
    )


#: The bits of the edition that was asked for last, by purpose: made once, asked for by crowds.
_kept: dict[str, tuple[int, bytes, str]] = {}


def _encoded(edition: StatusListEdition, purpose: str) -> str:
    kept = _kept.get(purpose)
    if kept is None or kept[:2] != (edition.seq, edition.document[-64:]):
        bits = status_lists.bits_of(edition.document)
        flags = status_lists.flags(bits, _MEANT[purpose])
        encoded = credentials.encoded_list(gzip.compress(flags, 9, mtime=0))
        kept = _kept[purpose] = (edition.seq, edition.document[-64:], encoded)
    return kept[2]


def _issuer(code: str) -> Issuer:
    found = db.session.execute(select(Issuer).where(Issuer.code == code)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _issuing(issuer: Issuer) -> Issuing:
    address = keys.ring().address
    if address is None:
        raise CredentialsUnavailable
    return Issuing(
        did=credentials.did_web(address, issuer.code),
        name=issuer.organisation.name,
        api=f"{address}/v1",
        code=issuer.code,
    )


def _dids() -> dict[str, str]:
    issuers = db.session.execute(select(Issuer)).scalars()
    return {_issuing(issuer).did: issuer.code for issuer in issuers}


def _proofs() -> Ed25519PrivateKey:
    key = keys.ring().proofs()
    if key is None:
        raise CredentialsUnavailable
    return key
