"""Verification by number and name: the same answer and the same work whether or not it exists.

Certificate numbers can be counted through, and the names behind them are worth money. So nothing
is told of a number without the name that stands on the certificate, and only so often: see
`guarding` (按编号和姓名查验).
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from certificates import numbering
from certificates.models import Certificate
from certificates.services import verification
from certificates.services.verification import Verification
from server.db import db
from server.people import ciphers
from server.people.ciphers import DocumentCipher
from server.people.documents import DocumentType, normalised


def find(number: str, name: str, *, on: date) -> Sequence[Verification]:
    """Return every certificate with this number whose holder has this name, the newest first.

    Empty for a number that was never given out and for a name that is another's alike.

    Args:
        number: as printed; small letters and blanks are forgiven.
        name: of the holder.
        on: the day asked about.
    """
    printed, index = known_by(number, ciphers.current())
    under = select(Certificate.id, Certificate.content).where(
        (Certificate.number == printed) | (Certificate.number_index == index)
    )
    matching = [row.id for row in db.session.execute(under) if is_named(row.content, name)]
    if not matching:
        return []
    newest = (Certificate.issued_at.desc(), Certificate.edition.desc())
    certificates = select(Certificate).where(Certificate.id.in_(matching)).order_by(*newest)
    return [verification.of(found, on=on) for found in db.session.execute(certificates).scalars()]


def known_by(number: str, cipher: DocumentCipher) -> tuple[str, str]:
    """Return the number as it is stored, and the blind index of what is printed after a "T"."""
    printed, parsed = normalised(number), numbering.parse(number)
    document = printed.removeprefix(numbering.DOCUMENT_PREFIX)
    return (
        str(parsed) if parsed else printed,
        cipher.index(DocumentType.RESIDENT_IDENTITY_CARD, document),
    )


def is_named(content: Mapping[str, Any], name: str) -> bool:
    """Say whether a certificate's holder has this name, in a time that tells nothing of it."""
    return hmac.compare_digest(_spelt(content["holder"]["name"]), _spelt(name))


def _spelt(name: str) -> bytes:
    """Return a name as it is compared: in one form of Unicode, without blanks and dots."""
    text = unicodedata.normalize("NFKC", name)
    kept = "".join(letter for letter in text if not letter.isspace() and letter not in "·•.")
    return hashlib.sha256(kept.casefold().encode()).digest()
