"""Certificates as W3C Verifiable Credentials in the shape of Open Badges 3.0 (可验证凭证导出).

Two forms of the same claims: a VC-JWT signed with the issuer's ES256 key, and JSON with a Data
Integrity proof (`eddsa-jcs-2022`). They are for programs of others; the code on the certificate is
the token of `tokens`. Nothing is ever fetched here: contexts are named, and never opened.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from urllib.parse import quote, urlsplit

import base58
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from certificates.signing import Signer
from certificates.trust import kid_of

#: What the claims mean is said there; JSON-LD processors know these by heart.
CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)

#: The context of a status list, and the purposes of the two there are.
STATUS_CONTEXTS = ("https://www.w3.org/ns/credentials/v2",)
PURPOSES = ("revocation", "suspension")

#: The fragment under which a DID document names the key of Data Integrity proofs.
PROOF_KEY = "proofs"

#: Multicodec of an Ed25519 public key.
_ED25519 = b"\xed\x01"

_UTC_8 = timezone(timedelta(hours=8))

_SERIAL = "urn:sc1:certificate:"


@dataclass(frozen=True, kw_only=True)
class Issuing:
    """Who states the credential, and where its lists are."""

    #: `did:web:…` of the issuer.
    did: str
    name: str
    #: Where the API is reached, such as `https://exam.example.gov.cn/v1`.
    api: str
    code: str

    def status_list(self, purpose: str) -> str:
        """Return the address of the status list of a purpose."""
        return f"{self.api}/issuers/{self.code}/credential-status/{purpose}"


def did_web(address: str, code: str) -> str:
    """Return the DID of an issuer whose document lies at `<address>/v1/issuers/<code>/did.json`."""
    parts = urlsplit(address)
    pieces = [quote(parts.netloc, safe="")]
    pieces += [quote(piece, safe="") for piece in parts.path.split("/") if piece]
    return ":".join(["did:web", *pieces, "v1", "issuers", code])


def credential(
    content: Mapping[str, Any], issuing: Issuing, *, status_index: int
) -> dict[str, Any]:
    """Return what a certificate says, as a credential without proof.

    Args:
        content: as frozen at issue.
        issuing: who states it.
        status_index: its place on the status lists.
    """
    held, holder = content["qualification"], content["holder"]
    return {
        "@context": list(CONTEXTS),
        "id": f"{_SERIAL}{content['serial']}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{content.get('title_zh') or '证书'} {held['name_zh']}",
        "issuer": {"id": issuing.did, "type": ["Profile"], "name": issuing.name},
        "validFrom": _moment(date.fromisoformat(content["valid_from"]), time()),
        "validUntil": _moment(date.fromisoformat(content["valid_until"]), time(23, 59, 59)),
        "credentialSubject": {
            "id": f"urn:sc1:holder:{content['serial']}",
            "type": ["AchievementSubject"],
            "identifier": [
                _identity("name", holder["name"]),
                _identity("nationalIdentityNumber", holder["document_masked"]),
            ],
            "achievement": {
                "id": f"urn:sc1:qualification:{held['code']}",
                "type": ["Achievement"],
                "name": held["name_zh"],
                "description": held["name_en"],
                "criteria": {"narrative": content["rule"]["order_zh"]},
            },
        },
        "credentialStatus": [
            {
                "id": f"{issuing.status_list(purpose)}#{status_index}",
                "type": "BitstringStatusListEntry",
                "statusPurpose": purpose,
                "statusListIndex": str(status_index),
                "statusListCredential": issuing.status_list(purpose),
            }
            for purpose in PURPOSES
        ],
    }


def status_list(
    issuing: Issuing, purpose: str, encoded: str, *, made_at: datetime, until: datetime
) -> dict[str, Any]:
    """Return a Bitstring Status List credential without proof.

    Args:
        issuing: who states it.
        purpose: one of `PURPOSES`.
        encoded: the bits, as `encoded_list` returns them.
        made_at: since when it holds.
        until: how long it may be relied on.
    """
    address = issuing.status_list(purpose)
    return {
        "@context": list(STATUS_CONTEXTS),
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": {"id": issuing.did, "name": issuing.name},
        "validFrom": _in_utc(made_at),
        "validUntil": _in_utc(until),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encoded,
        },
    }


def as_jwt(said: Mapping[str, Any], signer: Signer) -> str:
    """Return a credential as VC-JWT, signed with the issuer's key (ES256)."""
    issuer = said["issuer"]["id"]
    header = {"alg": "ES256", "kid": f"{issuer}#{kid_of(signer.public_key).hex()}", "typ": "JWT"}
    claims = {
        **said,
        "iss": issuer,
        "jti": said["id"],
        "sub": said["credentialSubject"]["id"],
        "nbf": _seconds(said["validFrom"]),
        "exp": _seconds(said["validUntil"]) + 1,
    }
    signed = f"{encoded(rfc8785.dumps(header))}.{encoded(rfc8785.dumps(claims))}"
    return f"{signed}.{encoded(signer.sign(signed.encode('ascii')))}"


def as_json(said: Mapping[str, Any], key: Ed25519PrivateKey, *, at: datetime) -> dict[str, Any]:
    """Return a credential with a Data Integrity proof, `eddsa-jcs-2022`."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": _in_utc(at),
        "verificationMethod": f"{said['issuer']['id']}#{PROOF_KEY}",
        "proofPurpose": "assertionMethod",
        "@context": said["@context"],
    }
    signature = key.sign(_to_sign(said, proof))
    text = base58.b58encode(signature).decode("ascii")
    return {**said, "proof": {**proof, "proofValue": f"z{text}"}}


def proved(document: Mapping[str, Any], key: Ed25519PublicKey) -> bool:
    """Say whether the proof of a document was made with a key over exactly what it says."""
    proof = dict(document["proof"])
    text = proof.pop("proofValue")
    said = {name: value for name, value in document.items() if name != "proof"}
    wanted = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": f"{said['issuer']['id']}#{PROOF_KEY}",
        "proofPurpose": "assertionMethod",
        "@context": said["@context"],
    }
    if {**wanted, "created": proof.get("created")} != proof or not text.startswith("z"):
        return False
    signature = base58.b58decode(text[1:])
    if base58.b58encode(signature).decode("ascii") != text[1:]:
        return False
    try:
        key.verify(signature, _to_sign(said, proof))
    except InvalidSignature:
        return False
    return True


def encoded_list(compressed: bytes) -> str:
    """Return the bits of a status list, compressed by GZIP, as a credential has them."""
    return f"u{encoded(compressed)}"


def multikey(key: Ed25519PublicKey) -> str:
    """Return a public key as a DID document names it (Multikey)."""
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return "z" + base58.b58encode(_ED25519 + raw).decode("ascii")


def did_document(did: str, jwks: Sequence[Mapping[str, Any]], proof_key: str) -> dict[str, Any]:
    """Return the DID document of an issuer: its ES256 keys, and the key of proofs."""
    methods: list[dict[str, Any]] = [
        {
            "id": f"{did}#{jwk['kid']}",
            "type": "JsonWebKey",
            "controller": did,
            "publicKeyJwk": dict(jwk),
        }
        for jwk in jwks
    ]
    methods.append(
        {
            "id": f"{did}#{PROOF_KEY}",
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": proof_key,
        }
    )
    return {
        "@context": [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/jwk/v1",
            "https://w3id.org/security/multikey/v1",
        ],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def serial_of(said: Mapping[str, Any]) -> str:
    """Return the serial of the certificate that a credential speaks of.

    Raises:
        ValueError: it speaks of none.
    """
    text = said["id"]
    if not isinstance(text, str) or not text.startswith(_SERIAL):
        raise ValueError("It is no credential of a certificate.")
    return text.removeprefix(_SERIAL)


def encoded(raw: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _to_sign(said: Mapping[str, Any], proof: Mapping[str, Any]) -> bytes:
    parts = (rfc8785.dumps(dict(proof)), rfc8785.dumps(dict(said)))
    return b"".join(hashlib.sha256(part).digest() for part in parts)


def _identity(kind: str, text: str) -> dict[str, Any]:
    return {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": text,
        "identityType": kind,
    }


def _moment(day: date, at: time) -> str:
    return datetime.combine(day, at, _UTC_8).isoformat()


def _in_utc(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def parsed(raw: bytes) -> Any:
    """Return what canonical JSON says (RFC 8785).

    Raises:
        ValueError: it is no JSON, or not written in its one form.
    """
    said = json.loads(raw)
    if rfc8785.dumps(said) != raw:
        raise ValueError("It is not written in its one form.")
    return said
