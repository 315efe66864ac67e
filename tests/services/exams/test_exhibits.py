"""Photos and signatures of a practical: kept sealed by who scores it, shown to who examines."""

from __future__ import annotations

from hashlib import sha256

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from exams.models import PracticalExhibit
from exams.models.practicals import ExhibitKind
from exams.practical_errors import ExhibitDiffers
from exams.services import exhibits
from server.audit.models import AuditEntry
from server.db import db
from server.errors import NotFound
from server.people.errors import PhotoRefused
from server.policy import Role
from tests.factories import exams as a
from tests.factories import practicals as the
from tests.factories.photos import a_png
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

PHOTO = a_png(120, 110)
NAME = sha256(PHOTO).hexdigest()


def keep(practical, by, content=PHOTO, name=NAME, kind=ExhibitKind.PHOTO):
    """Keep a picture, as the phone of an examiner sends it."""
    return exhibits.keep(practical.id, name, content, kind=kind, by=by, at=NOON)


def audited(practical):
    """Return what the audit says of a practical and its pictures."""
    db.session.commit()
    said = select(AuditEntry.action).where(AuditEntry.subject_id == practical.id)
    return [one for one in db.session.scalars(said) if "exhibit" in one]


def test_a_photo_and_a_signature_are_kept_once_sealed_and_every_look_is_audited():
    practical, (first, second) = the.a_practical()
    signature = a_png(200, 100)
    kept = keep(practical, first)
    assert keep(practical, first) is kept
    keep(
        practical, second, signature, sha256(signature).hexdigest(), ExhibitKind.CANDIDATE_SIGNATURE
    )

    (row,) = db.session.scalars(
        select(PracticalExhibit)
        .where(PracticalExhibit.kind == ExhibitKind.PHOTO)
        .options(undefer(PracticalExhibit.sealed))
    )
    assert PHOTO not in row.sealed
    assert (row.size, row.person_id, row.late) == (len(PHOTO), first.person_id, False)
    shown = exhibits.opened(practical.id, NAME, by=second, at=NOON)
    assert (shown.content, shown.media_type) == (PHOTO, "image/png")
    assert audited(practical) == ["practical_exhibit_kept"] * 2 + ["practical_exhibit_opened"]


def test_what_comes_after_the_sheet_was_handed_in_is_kept_and_flagged():
    practical, (first, _) = the.a_practical()
    the.score(practical, first)

    assert keep(practical, first).late


def test_only_who_scores_keeps_pictures_and_only_what_they_are_called_by():
    practical, (first, _) = the.a_practical()
    stranger = a.identity_of(the.a_stranger(practical).id, Role.EXAMINER)
    candidate = a.identity_of(practical.candidate_id)

    with pytest.raises(NotFound):
        keep(practical, stranger)
    with pytest.raises(ExhibitDiffers):
        keep(practical, first, name="0" * 64)
    with pytest.raises(PhotoRefused):
        keep(practical, first, b"no picture", sha256(b"no picture").hexdigest())
    keep(practical, first)
    with pytest.raises(NotFound):
        exhibits.opened(practical.id, NAME, by=candidate, at=NOON)
