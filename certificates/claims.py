"""What a certificate's signed code says, and the one way in which it may say it (二维码内容)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from certificates import errors

#: Longest name, in characters, that fits a code that cheap phones read.
LONGEST_NAME = 40

#: Unicode categories of characters that are not seen and could disguise a name.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

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
    if text.isprintable():  # then there is none of them in it
        return text
    return "".join(each for each in text if unicodedata.category(each) not in _UNSEEN)


def checked(content: Any) -> Claims:
    """Return what the content of a token says.

    Raises:
        TokenClaimsWrong: it says something else than a token may, or says it otherwise.
    """
    try:
        claims = _from_map(content)
    except (TypeError, ValueError, LookupError, AttributeError, OverflowError) as error:
        raise errors.TokenClaimsWrong from error
    if to_map(claims) != content:
        raise errors.TokenClaimsWrong
    return claims


def to_map(claims: Claims) -> dict[int, Any]:
    """Return the claims by their numbers, as they are signed."""
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
