"""The signed content of a certificate's QR code: written, and read by strict rules (签名二维码).

`SC1:` + base45 of a COSE_Sign1 message (RFC 9052, tag 18) that holds a CWT (RFC 8392), signed with
ES256. It verifies without a network against a pinned trust list and carries no link: a link in a
QR code is what forged certificates on the market lead people by.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

import cbor2
from base45 import b45decode, b45encode
from cryptography.hazmat.primitives.asymmetric.ec import (
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)

from certificates import claims, errors, signing
from certificates.claims import Claims
from certificates.signing import KeySigner, Signer
from certificates.trust import KID_BYTES, KeyState, Trusted, TrustedKey, payload_hash

PREFIX = "SC1:"

#: Longest text that is read at all; a certificate takes fewer than 420 characters.
LONGEST = 1_000

#: Header labels and the algorithm (RFC 9052, RFC 9053): ES256 and nothing else.
_ALG, _KID, _ES256 = 1, 4, -7


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a text says that is written in the one canonical form; whether it is true is open."""

    kid: bytes
    claims: Claims
    protected: bytes
    payload: bytes
    signature: bytes

    def signed_by(self, key: EllipticCurvePublicKey) -> bool:
        """Say whether the key signed exactly this."""
        return signing.verifies(
            key, protected=self.protected, payload=self.payload, signature=self.signature
        )


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A text that was looked at: what it says, and the key that fitted it before, if any did."""

    digest: bytes
    shown: Shown
    key: EllipticCurvePublicKey | None


class Memory:
    """Which texts were found genuine, and by which key: as many as were said, the newest.

    Only that a signature fits a key is remembered, which never changes. Whether the key is
    believed, and where the certificate stands, is asked every time.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[bytes, tuple[Shown, EllipticCurvePublicKey]] = OrderedDict()

    def __len__(self) -> int:
        """Return how many are remembered."""
        return len(self._found)

    def look(self, text: str) -> Seen:
        """Return what a text says, and whose key fits it if it was found genuine before.

        Raises:
            NotOurToken, TokenMalformed, TokenHeadersWrong, TokenClaimsWrong: as `opened`.
        """
        digest = sha256(text.encode("utf-8", "surrogatepass")).digest()
        shown, key = self._found.get(digest) or (opened(text), None)
        return Seen(digest=digest, shown=shown, key=key)

    def read(self, seen: Seen, trust: Trusted, *, on: date) -> Claims:
        """Return what a genuine token says, as `read`; remember that its signature fits.

        The oldest is forgotten where there are too many.
        """
        key = signed_with(seen.shown, trust, known=seen.key)
        if seen.key is None:
            self._found[seen.digest] = (seen.shown, key.public_key)
            if len(self._found) > self._most:
                self._found.popitem(last=False)
        return believed(seen.shown, key, trust, on=on)


def write(said: Claims, key: EllipticCurvePrivateKey | Signer) -> str:
    """Return the token that says these claims, signed with a key or by whoever holds it.

    Raises:
        TokenClaimsWrong: the claims could not be read back by the rules of `read`.
    """
    content = claims.to_map(said)
    claims.checked(content)
    signer = KeySigner(key) if isinstance(key, EllipticCurvePrivateKey) else key
    signed = signing.write(content, signer)
    text: str = b45encode(signed).decode("ascii")
    return PREFIX + text


def read(text: str, trust: Trusted, *, on: date) -> Claims:
    """Return what a genuine token says, whether or not its certificate stands on that day.

    Everything is refused that is not written in the one canonical form, so that no two texts
    say the same thing. Algorithm and key id are taken from the signed header only; the key comes
    from the trust list only, must belong to the issuer the token names, and must be allowed to
    certify the qualification. What a key in wrong hands signed is believed only if exactly its
    content is known to have been issued.

    Args:
        text: what was scanned, nothing more and nothing less.
        trust: the keys that are believed.
        on: the day on which the trust list must vouch for the key.

    Raises:
        TokenRefused: one of its subclasses, each for one reason.
    """
    shown = opened(text)
    return believed(shown, signed_with(shown, trust), trust, on=on)


def believed(shown: Shown, key: TrustedKey, trust: Trusted, *, on: date) -> Claims:
    """Return what is shown, if the key that signed it is believed on the day `on`.

    Raises:
        KeyCompromised, KeyOutOfDate, OutOfIssuerScope: for that reason.
    """
    if key.state is KeyState.COMPROMISED and not trust.allows(payload_hash(shown.payload)):
        raise errors.KeyCompromised
    if not key.vouched_for(on):
        raise errors.KeyOutOfDate(on=on)
    if not key.certifies(shown.claims.qualification):
        raise errors.OutOfIssuerScope
    return shown.claims


def verify(text: str, trust: Trusted, *, on: date) -> Claims:
    """Return what a genuine token says if its certificate is within its dates on the day `on`.

    Whether it was suspended or revoked since is not in the token: ask the status list.

    Raises:
        TokenRefused: as `read`.
        NotYetValid: genuine, and it begins later.
        Expired: genuine, and it has ended.
    """
    said = read(text, trust, on=on)
    if on < said.valid_from:
        raise errors.NotYetValid(valid_from=said.valid_from)
    if on > said.valid_until:
        raise errors.Expired(valid_until=said.valid_until)
    return said


def opened(text: str) -> Shown:
    """Return what a text says in the one form in which it may be said; nobody is believed yet.

    Raises:
        NotOurToken, TokenMalformed, TokenHeadersWrong, TokenClaimsWrong: for that reason.
    """
    message = _canonical(_raw(text))
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
    headers, content = _canonical(protected), _canonical(payload)
    return Shown(
        kid=_kid(headers),
        claims=claims.checked(content),
        protected=protected,
        payload=payload,
        signature=signature,
    )


def signed_with(
    shown: Shown, trust: Trusted, *, known: EllipticCurvePublicKey | None = None
) -> TrustedKey:
    """Return the key that signed what is shown.

    Args:
        shown: what a text says.
        trust: the keys that are believed.
        known: the key that was found to fit it before, if it was shown before.

    Raises:
        KeyNotTrusted, IssuerMismatch, SignatureWrong: for that reason.
    """
    named = trust.under(shown.kid)
    if not named:
        raise errors.KeyNotTrusted
    of_issuer = [key for key in named if key.issuer == shown.claims.issuer]
    if not of_issuer:
        raise errors.IssuerMismatch
    for key in of_issuer:
        if key.public_key == known or shown.signed_by(key.public_key):
            return key
    raise errors.SignatureWrong


def _raw(text: str) -> bytes:
    # The signs of the prefix may stand in a token once more by chance: in one of twelve thousand.
    if not text.startswith(PREFIX) or len(text) > LONGEST:
        raise errors.NotOurToken
    try:
        # Bytes, since the decoder forgives line ends in a text.
        raw: bytes = b45decode(text.removeprefix(PREFIX).encode("ascii"))
    except ValueError as error:
        raise errors.TokenMalformed from error
    return raw


def _canonical(raw: bytes) -> Any:
    """Return what the bytes say, if they say it in the only form in which it may be said."""
    try:
        return signing.canonical(raw)
    except signing.Unsound as error:
        raise errors.TokenMalformed from error


def _kid(protected: Any) -> bytes:
    if not isinstance(protected, dict) or set(protected) != {_ALG, _KID}:
        raise errors.TokenHeadersWrong
    kid = protected[_KID]
    if protected[_ALG] != _ES256 or not isinstance(kid, bytes) or len(kid) != KID_BYTES:
        raise errors.TokenHeadersWrong
    return kid
