"""An independent reader of certificate tokens: no network, no code of the platform (离线验证).

What a gate would do, written from the published format only: `SC1:` + base45 of a COSE_Sign1 with
ES256 over a CWT, checked with another library than the one that wrote it, against a trust list
that was pinned before.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import cbor2
from base45 import b45decode
from pycose.headers import KID, Algorithm
from pycose.keys.ec2 import EC2Key
from pycose.messages.cosemessage import CoseMessage
from pycose.messages.sign1message import Sign1Message

_SHANGHAI = timezone(timedelta(hours=8))

#: Claims: issuer, end, beginning, and the certificate itself.
_ISS, _EXP, _NBF, _CERTIFICATE = 1, 4, 5, -65537


class NotGenuine(Exception):
    """The token is not one that a pinned key has signed."""


@dataclass(frozen=True, kw_only=True)
class Scanned:
    """What a genuine token says."""

    issuer: str
    serial: str
    holder: str
    document_masked: str
    qualification: str
    valid_from: date
    valid_until: date


def scan(token: str, pinned: Mapping[str, Any], *, on: date) -> Scanned:
    """Return what a token says, if one of the pinned keys has signed it and the day is in it.

    Args:
        token: the text of the QR code.
        pinned: the trust list as it was published before the scan.
        on: the day of the scan.

    Raises:
        NotGenuine: the token is malformed, signed by nobody we know, or not of this day.
    """
    if not token.startswith("SC1:"):
        raise NotGenuine("It is not a certificate of this platform.")
    message = _message(token)
    kid = message.phdr.get(KID)
    entries = [entry for entry in pinned["keys"] if bytes.fromhex(entry["kid"]) == kid]
    claims = cbor2.loads(message.payload or b"")
    for entry in entries:
        message.key = _key(entry["jwk"])
        if entry["issuer"] == claims[_ISS] and message.verify_signature():
            return _in_time(_scanned(claims), on)
    raise NotGenuine("No pinned key has signed it.")


def _message(token: str) -> Sign1Message:
    try:
        message = CoseMessage.decode(b45decode(token.removeprefix("SC1:")))
    except Exception as error:  # Whatever hostile bytes make the decoders raise.
        raise NotGenuine("It cannot be read.") from error
    if not isinstance(message, Sign1Message) or message.uhdr:
        raise NotGenuine("It is not one signed message.")
    algorithm = message.phdr.get(Algorithm)
    if getattr(algorithm, "identifier", None) != -7:
        raise NotGenuine("It is not signed with ES256.")
    return message


def _key(jwk: Mapping[str, str]) -> EC2Key:
    return EC2Key(crv="P_256", x=_coordinate(jwk["x"]), y=_coordinate(jwk["y"]))


def _coordinate(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _scanned(claims: Mapping[int, Any]) -> Scanned:
    content = claims[_CERTIFICATE]
    return Scanned(
        issuer=claims[_ISS],
        serial=content[1],
        holder=content[2],
        document_masked=content[3],
        qualification=content[4],
        valid_from=_day(claims[_NBF]),
        valid_until=_day(claims[_EXP]) - timedelta(days=1),
    )


def _day(seconds: int) -> date:
    return datetime.fromtimestamp(seconds, UTC).astimezone(_SHANGHAI).date()


def _in_time(scanned: Scanned, on: date) -> Scanned:
    if not scanned.valid_from <= on <= scanned.valid_until:
        raise NotGenuine("It is genuine, but not of this day.")
    return scanned
