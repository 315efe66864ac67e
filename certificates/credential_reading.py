"""Reading a credential as strictly as a token: one form, one key, its issuer's (凭证核验)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from certificates import credentials, errors
from certificates.trust import KeyState, TrustedKey, TrustList

#: Characters that are read at all; a certificate takes fewer than 4,000.
LONGEST = 20_000

_QUALIFICATION = "urn:sc1:qualification:"


def read_jwt(text: str, trust: TrustList, *, dids: Mapping[str, str], on: date) -> dict[str, Any]:
    """Return what a genuine VC-JWT says.

    Args:
        text: what was shown.
        trust: the pinned trust list: keys come from it, whatever the credential names.
        dids: the code of the issuer of each DID.
        on: the day on which the trust list must vouch for the key.

    Raises:
        TokenRefused: one of its subclasses, each for one reason.
    """
    if len(text) > LONGEST or text.count(".") != 2:
        raise errors.NotOurToken
    try:
        signed, _, signature_text = text.rpartition(".")
        head, payload = (_parsed(part) for part in signed.split("."))
        signature = _decoded(signature_text)
    except (ValueError, RecursionError) as error:
        raise errors.TokenMalformed from error
    key = _key(head, payload, trust, dids)
    if len(signature) != 64 or not _signed_by(key.public_key, signed.encode("ascii"), signature):
        raise errors.SignatureWrong
    _check_vouched(key, payload, on=on)
    return {name: value for name, value in payload.items() if name not in _REGISTERED}


def read_json(
    document: Mapping[str, Any], key: Ed25519PublicKey, *, dids: Mapping[str, str]
) -> dict[str, Any]:
    """Return what a genuine JSON credential says: its proof is made with the key of proofs.

    Raises:
        TokenRefused: one of its subclasses, each for one reason.
    """
    try:
        said = {name: value for name, value in document.items() if name != "proof"}
        if said["issuer"]["id"] not in dids:
            raise errors.IssuerMismatch
        good = credentials.proved(document, key)
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise errors.TokenMalformed from error
    if not good:
        raise errors.SignatureWrong
    return said


#: Claims of the JWT that are said in the credential, too.
_REGISTERED = frozenset({"iss", "jti", "sub", "nbf", "exp"})


def _key(head: Any, payload: Any, trust: TrustList, dids: Mapping[str, str]) -> TrustedKey:
    if not isinstance(head, dict) or head.keys() != {"alg", "kid", "typ"}:
        raise errors.TokenHeadersWrong
    if (head["alg"], head["typ"]) != ("ES256", "JWT") or not isinstance(head["kid"], str):
        raise errors.TokenHeadersWrong
    did, _, kid = head["kid"].partition("#")
    try:
        stated = payload["issuer"]["id"]
        named = trust.under(bytes.fromhex(kid))
    except (LookupError, TypeError, ValueError) as error:
        raise errors.TokenClaimsWrong from error
    if not named:
        raise errors.KeyNotTrusted
    issuer = dids.get(did)
    found = next((key for key in named if key.issuer == issuer), None)
    if found is None or stated != did or payload.get("iss") != did:
        raise errors.IssuerMismatch
    return found


def _check_vouched(key: TrustedKey, payload: Any, *, on: date) -> None:
    if key.state is KeyState.COMPROMISED:
        raise errors.KeyCompromised
    if not key.vouched_for(on):
        raise errors.KeyOutOfDate(on=on)
    try:
        held = payload["credentialSubject"]["achievement"]["id"]
        qualification = held.removeprefix(_QUALIFICATION)
    except (LookupError, TypeError, AttributeError) as error:
        raise errors.TokenClaimsWrong from error
    if not key.certifies(qualification):
        raise errors.OutOfIssuerScope


def _signed_by(key: EllipticCurvePublicKey, signed: bytes, signature: bytes) -> bool:
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    try:
        key.verify(encode_dss_signature(r, s), signed, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _parsed(part: str) -> Any:
    return credentials.parsed(_decoded(part))


def _decoded(part: str) -> bytes:
    """Return the bytes of base64url, if they are written in its one form."""
    raw = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    if credentials.encoded(raw) != part:
        raise ValueError("It is not written in its one form.")
    return raw


def json_of(text: str) -> Any:
    """Return the JSON that a text holds, each name once.

    Raises:
        TokenMalformed: it is none.
    """
    try:
        return json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise errors.TokenMalformed from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("A name stands twice.")
    return found
