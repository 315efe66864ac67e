"""Verification by number and name: the same answer and the same work whether or not it exists.

Certificate numbers can be counted through, and the names behind them are worth money. So nothing
is told of a number without the name that stands on the certificate, and only so often: tries are
counted by the address they come from and by the number they are about, in the table that all
processes share (按编号和姓名查验).
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from certificates import numbering
from certificates.models import Certificate
from certificates.services import verification
from certificates.services.verification import Verification
from server.auth import limits
from server.auth.services import tallies
from server.db import db
from server.errors import TooManyRequests
from server.people import ciphers
from server.people.documents import DocumentType, normalised

#: Questions from one address, and about one number, in one window. A gang at a gate may stand
#: behind one address; whoever counts numbers through needs ten thousand times as many.
MOST_FROM_AN_ADDRESS, MOST_ABOUT_A_NUMBER = 60, 10
WINDOW = timedelta(minutes=10)


def find(number: str, name: str, *, address: str, on: date, at: datetime) -> Sequence[Verification]:
    """Return every certificate with this number whose holder has this name, the newest first.

    Empty for a number that was never given out and for a name that is another's alike.

    Args:
        number: as printed; small letters and blanks are forgiven.
        name: of the holder.
        address: where the question comes from.
        on: the day asked about.
        at: the moment.

    Raises:
        TooManyRequests: too many were asked from there, or about this number.
    """
    printed = normalised(number)
    _count("from", limits.place_of(address), MOST_FROM_AN_ADDRESS, at=at)
    _count("about", printed, MOST_ABOUT_A_NUMBER, at=at)
    parsed = numbering.parse(number)
    under = select(Certificate.id, Certificate.content).where(
        (Certificate.number == (str(parsed) if parsed else printed))
        | (Certificate.number_index == _index(printed))
    )
    asked = _spelt(name)
    matching = [
        row.id
        for row in db.session.execute(under)
        if hmac.compare_digest(_spelt(row.content["holder"]["name"]), asked)
    ]
    if not matching:
        return []
    newest = (Certificate.issued_at.desc(), Certificate.edition.desc())
    certificates = select(Certificate).where(Certificate.id.in_(matching)).order_by(*newest)
    return [verification.of(found, on=on) for found in db.session.execute(certificates).scalars()]


def _index(printed: str) -> str:
    """Return the blind index of what is printed after a "T", whatever was asked for."""
    document = printed.removeprefix(numbering.DOCUMENT_PREFIX)
    return ciphers.current().index(DocumentType.RESIDENT_IDENTITY_CARD, document)


def _spelt(name: str) -> bytes:
    """Return a name as it is compared: in one form of Unicode, without blanks and dots."""
    text = unicodedata.normalize("NFKC", name)
    kept = "".join(letter for letter in text if not letter.isspace() and letter not in "·•.")
    return hashlib.sha256(kept.casefold().encode()).digest()


def _count(kind: str, what: str, most: int, *, at: datetime) -> None:
    key = hashlib.sha256(f"verification\0{kind}\0{what}".encode()).hexdigest()
    tally = tallies.locked(key, at=at)
    if tally is not None and tally.count >= most and at < tally.began_at + WINDOW:
        raise TooManyRequests(retry_after=int((tally.began_at + WINDOW - at).total_seconds()) + 1)
    tallies.count(key, tally, at=at, window=WINDOW)
