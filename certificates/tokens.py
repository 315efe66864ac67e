"""The signed content of a certificate's QR code: written, and read by strict rules (签名二维码).

`SC1:` + base45 of a COSE_Sign1 message (RFC 9052, tag 18) that holds a CWT (RFC 8392), signed with
ES256. It verifies without a network against a pinned trust list and carries no link: a link in a
QR code is what forged certificates on the market lead people by.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import cbor2
from base45 import b45decode, b45encode
from cryptography.hazmat.primitives.asymmetric.ec import (
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cwt import COSE, COSEKey, DecodeError, VerifyError

from certificates import errors, signing
from certificates.signing import KeySigner, Signer
from certificates.trust import KID_BYTES, KeyState, TrustedKey, TrustList, kid_of

PREFIX = "SC1:"

#: Longest text that is read at all; a certificate takes fewer than 420 characters.
LONGEST = 1_000

#: Longest name, in characters, that fits a code that cheap phones read.
LONGEST_NAME = 40

#: Unicode categories of characters that are not seen and could disguise a name.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

#: Header labels and the algorithm (RFC 9052, RFC 9053): ES256 and nothing else.
_ALG, _KID, _ES256 = 1, 4, -7

#: Registered claims: issuer, end, beginning; status list (IETF Token Status List).
_ISS, _EXP, _NBF, _STATUS = 1, 4, 5, 65535

#: Our own claim, from the range for private use: the certificate itself.
_CERTIFICATE = -65537

#: Days in a token begin at midnight eight hours ahead of UTC, all year round and in every year,
#: so that no verifier needs a history of time zones.
_UTC_8 = timezone(timedelta(hours=8))

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What a token says. The document number is masked, the full one is nowhere in it."""

    issuer: str
    #: The platform's own serial, never the printed number, which may hold a document number.
    serial: str
    holder: str
    document_masked: str
    qualification: str
    #: First and last day, both included.
    valid_from: date
    valid_until: date
    #: The certificate's place in the issuer's status list, and that list's name: a URN, since
    #: a verifier fetches from where its trust list says, never from where a code says.
    status_index: int
    status_list_uri: str


def readable(text: str) -> str:
    """Return the text without what nobody can see: controls, direction marks, lone halves.

    Rare characters of names that this Unicode does not know yet are kept.
    """
    return "".join(each for each in text if unicodedata.category(each) not in _UNSEEN)


def write(claims: Claims, key: EllipticCurvePrivateKey | Signer) -> str:
    """Return the token that says these claims, signed with a key or by whoever holds it.

    Raises:
        TokenClaimsWrong: the claims could not be read back by the rules of `read`.
    """
    content = _to_map(claims)
    _claims(content)
    signer = KeySigner(key) if isinstance(key, EllipticCurvePrivateKey) else key
    signed = signing.write(content, signer)
    text: str = b45encode(signed).decode("ascii")
    return PREFIX + text


def read(text: str, trust: TrustList, *, on: date) -> Claims:
    """Return what a genuine token says, whether or not its certificate stands on that day.

    Everything is refused that is not written in the one canonical form, so that no two texts
    say the same thing. Algorithm and key id are taken from the signed header only; the key comes
    from the trust list only, must belong to the issuer the token names, and must be allowed to
    certify the qualification.

    Args:
        text: what was scanned, nothing more and nothing less.
        trust: the pinned trust list.
        on: the day on which the trust list must vouch for the key.

    Raises:
        TokenRefused: one of its subclasses, each for one reason.
    """
    raw = _raw(text)
    protected, payload = _parts(raw)
    kid = _kid(protected)
    claims = _claims(payload)
    key = _key_that_signed(raw, trust, kid, claims.issuer)
    if not key.vouched_for(on):
        raise errors.KeyOutOfDate(on=on)
    if not key.certifies(claims.qualification):
        raise errors.OutOfIssuerScope
    return claims


def verify(text: str, trust: TrustList, *, on: date) -> Claims:
    """Return what a genuine token says if its certificate is within its dates on the day `on`.

    Whether it was suspended or revoked since is not in the token: ask the status list.

    Raises:
        TokenRefused: as `read`.
        NotYetValid: genuine, and it begins later.
        Expired: genuine, and it has ended.
    """
    claims = read(text, trust, on=on)
    if on < claims.valid_from:
        raise errors.NotYetValid(valid_from=claims.valid_from)
    if on > claims.valid_until:
        raise errors.Expired(valid_until=claims.valid_until)
    return claims


def _raw(text: str) -> bytes:
    if not text.startswith(PREFIX) or len(text) > LONGEST or text.count(PREFIX) != 1:
        raise errors.NotOurToken
    try:
        # Bytes, since the decoder forgives line ends in a text.
        raw: bytes = b45decode(text.removeprefix(PREFIX).encode("ascii"))
    except ValueError as error:
        raise errors.TokenMalformed from error
    return raw


def _parts(raw: bytes) -> tuple[Any, Any]:
    message = _canonical(raw)
    if not isinstance(message, cbor2.CBORTag) or message.tag != 18:
        raise errors.TokenMalformed
    parts = message.value
    if not isinstance(parts, list) or len(parts) != 4:
        raise errors.TokenMalformed
    protected, unprotected, payload, signature = parts
    if not all(isinstance(part, bytes) for part in (protected, payload, signature)):
        raise errors.TokenMalformed
    if unprotected != {}:
        raise errors.TokenHeadersWrong
    return _canonical(protected), _canonical(payload)


def _canonical(raw: bytes) -> Any:
    """Return what the bytes say, if they say it in the only form in which it may be said."""
    try:
        thing = cbor2.loads(raw)
        same = cbor2.dumps(thing, canonical=True) == raw
    except Exception as error:  # Hostile bytes raise whatever the decoder's tags can raise.
        raise errors.TokenMalformed from error
    if not same:
        raise errors.TokenMalformed
    return thing


def _kid(protected: Any) -> bytes:
    if not isinstance(protected, dict) or set(protected) != {_ALG, _KID}:
        raise errors.TokenHeadersWrong
    kid = protected[_KID]
    if protected[_ALG] != _ES256 or not isinstance(kid, bytes) or len(kid) != KID_BYTES:
        raise errors.TokenHeadersWrong
    return kid


def _claims(content: Any) -> Claims:
    try:
        claims = _from_map(content)
    except (TypeError, ValueError, LookupError, AttributeError, OverflowError) as error:
        raise errors.TokenClaimsWrong from error
    if _to_map(claims) != content:
        raise errors.TokenClaimsWrong
    return claims


def _to_map(claims: Claims) -> dict[int, Any]:
    return {
        _ISS: claims.issuer,
        _EXP: _begin_of(claims.valid_until + _DAY),
        _NBF: _begin_of(claims.valid_from),
        _CERTIFICATE: {
            1: claims.serial,
            2: claims.holder,
            3: claims.document_masked,
            4: claims.qualification,
        },
        _STATUS: {"status_list": {"idx": claims.status_index, "uri": claims.status_list_uri}},
    }


def _from_map(content: dict[int, Any]) -> Claims:
    certificate, status = content[_CERTIFICATE], content[_STATUS]["status_list"]
    claims = Claims(
        issuer=_text(content[_ISS], 32),
        serial=_text(certificate[1], 32),
        holder=_text(certificate[2], LONGEST_NAME),
        document_masked=_text(certificate[3], 32),
        qualification=_text(certificate[4], 64),
        valid_from=_day_of(content[_NBF]),
        valid_until=_day_of(content[_EXP]) - _DAY,
        status_index=_whole(status["idx"]),
        status_list_uri=_text(status["uri"], 48),
    )
    if claims.valid_from > claims.valid_until or not claims.status_list_uri.startswith("urn:"):
        raise errors.TokenClaimsWrong
    return claims


def _text(value: Any, longest: int) -> str:
    """Return a text that is what it looks like: no control, no direction mark, no lone half."""
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise errors.TokenClaimsWrong
    if value != readable(value):
        raise errors.TokenClaimsWrong
    return value


def _whole(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise errors.TokenClaimsWrong
    return value


def _begin_of(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=_UTC_8).timestamp())


def _day_of(seconds: Any) -> date:
    return datetime.fromtimestamp(_whole(seconds), UTC).astimezone(_UTC_8).date()


def _key_that_signed(raw: bytes, trust: TrustList, kid: bytes, issuer: str) -> TrustedKey:
    named = trust.under(kid)
    if not named:
        raise errors.KeyNotTrusted
    of_issuer = [key for key in named if key.issuer == issuer]
    if not of_issuer:
        raise errors.IssuerMismatch
    for key in of_issuer:
        if _signed_by(raw, key.public_key):
            if key.state is KeyState.COMPROMISED:
                raise errors.KeyCompromised
            return key
    raise errors.SignatureWrong


def _signed_by(raw: bytes, public_key: EllipticCurvePublicKey) -> bool:
    pem = public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    key = COSEKey.from_pem(pem, kid=kid_of(public_key), alg="ES256")
    try:
        COSE.new().decode(raw, keys=key)
    except (VerifyError, DecodeError, ValueError):
        return False
    return True
