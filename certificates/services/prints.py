"""Printing certificates: signed pages, cards, sheets, pictures for phones (证书打印服务)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import undefer

from certificates import keys, printouts
from certificates.batch_errors import NothingToPrint, SealMissing
from certificates.models import Certificate, IssueBatch, IssueBatchLine
from certificates.printouts import Printable
from server.db import db
from server.people.models import Person, Photo
from server.people.services import disclosures
from server.policy import Identity

#: Certificates that one job prints as signed pages, and as cards.
MOST_PAGES, MOST_CARDS = 500, 1_000

#: Certificates in one file of a print.
AT_ONCE = 100

#: The kind of job that prints a part of a batch.
JOB = "certificate_prints"


class Form(StrEnum):
    """What is printed (打印形式)."""

    #: A signed page of A4 for each.
    PAGES = "pages"
    #: Cards for a PVC printer.
    CARDS = "cards"
    #: Ten cards on a sheet of A4.
    SHEETS = "sheets"


def page_of(certificate: Certificate) -> bytes:
    """Return a certificate as a signed page of A4.

    Raises:
        SealMissing: nothing is there to sign it with.
    """
    return _sealed(printable([certificate])[0], at=certificate.issued_at)


def whole_of(
    certificate: Certificate,
    form: Form,
    disclosure_id: UUID,
    *,
    reason: str,
    by: Identity,
    at: datetime,
) -> bytes:
    """Return a page or card on which the document number stands whole, as official ones have it.

    That it was disclosed, to whom and why, is written down as any disclosure is.

    Raises:
        NotFound: the holder is outside the asker's scope.
        IdTaken, NumberNotMasked, DocumentUnreadable: as `disclosures.disclose`.
        SealMissing: nothing is there to sign a page with.
    """
    told = disclosures.disclose(certificate.person_id, disclosure_id, reason=reason, by=by, at=at)
    (one,) = printable([certificate])
    one = replace(one, document=told.document_number)
    if form is Form.PAGES:
        return _sealed(one, at=certificate.issued_at)
    return printouts.cards([one], at=certificate.issued_at)


def card_of(certificate: Certificate) -> bytes:
    """Return a certificate as a card, front and back."""
    return printouts.cards(printable([certificate]), at=certificate.issued_at)


def picture_of(certificate: Certificate) -> bytes:
    """Return a certificate as a picture for a phone."""
    return printouts.phone(printable([certificate])[0])


def printable(certificates: Sequence[Certificate]) -> list[Printable]:
    """Return certificates ready to be set in type, with the photos of their holders."""
    wanted = select(Person.id, Photo.content).join(Photo, Photo.hash == Person.photo_hash)
    ids = [each.person_id for each in certificates]
    rows = db.session.execute(wanted.where(Person.id.in_(ids))).all()
    photos = {row[0]: printouts.shown(row[1]) for row in rows}
    return [
        Printable(content=each.content, token=each.token, photo=photos.get(each.person_id))
        for each in certificates
    ]


def of_batch(batch: IssueBatch, *, first: int, last: int, form: Form) -> list[Certificate]:
    """Return the certificates at some places of a batch, in their order.

    Raises:
        NothingToPrint: none was issued there.
    """
    most = MOST_PAGES if form is Form.PAGES else MOST_CARDS
    statement = (
        select(Certificate)
        .join(IssueBatchLine, IssueBatchLine.certificate_id == Certificate.id)
        .where(
            IssueBatchLine.batch_id == batch.id,
            IssueBatchLine.place.between(first, min(last, first + most - 1)),
        )
        .order_by(IssueBatchLine.place)
        .options(undefer(Certificate.token))
    )
    found = list(db.session.execute(statement).scalars())
    if not found:
        raise NothingToPrint
    return found


def file_of(
    some: Sequence[Certificate], form: Form, *, number: int, at: datetime
) -> tuple[str, str, bytes]:
    """Return one file of a print: its name, its media type, its content.

    Args:
        some: at most `AT_ONCE` certificates.
        form: what is printed.
        number: how many were printed before.
        at: the moment written into it.
    """
    name = f"{form.value}-{number + 1:04d}"
    if form is Form.PAGES:
        return f"{name}.zip", "application/zip", _archive(some, at=at)
    setting = printouts.cards if form is Form.CARDS else printouts.sheets
    return f"{name}.pdf", "application/pdf", setting(printable(some), at=at)


def _archive(some: Sequence[Certificate], *, at: datetime) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for one, ready in zip(some, printable(some), strict=True):
            entry = zipfile.ZipInfo(f"{one.serial}.pdf", date_time=at.timetuple()[:6])
            archive.writestr(entry, _sealed(ready, at=one.issued_at))
    return output.getvalue()


def _sealed(one: Printable, *, at: datetime) -> bytes:
    said: Mapping[str, str] = one.content["issuer"]
    return sealed(
        printouts.certificate(one, at=at.astimezone(UTC)),
        issuer=said["name"],
        reason=f"{one.content.get('title_zh') or '证书'} {one.content['serial']}",
    )


def sealed(document: bytes, *, issuer: str, reason: str) -> bytes:
    """Return a document with the seal of the installation, signed in the name of an issuer.

    Raises:
        SealMissing: nothing is there to sign it with.
    """
    from certificates import seals  # pyHanko takes half a second to load

    chain = keys.ring().seal_chain()
    if chain is None:
        raise SealMissing
    return seals.sealed(
        document,
        keys.ring().of(keys.SEAL),
        seals.certificates_of(chain),
        name=issuer,
        reason=reason,
    )
