"""Photos and signatures of practicals: named by their content, kept sealed (现场照片与签名)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import undefer

from exams import keys
from exams.models import PracticalExhibit
from exams.models.practicals import ExhibitKind
from exams.practical_errors import ExhibitDiffers
from exams.services import practicals
from server.audit import services as audit
from server.db import db
from server.errors import NotFound
from server.people import photos
from server.policy import Identity, Permission


@dataclass(frozen=True, kw_only=True)
class OpenedExhibit:
    """An exhibit in clear."""

    media_type: str
    content: bytes = field(repr=False)


def keep(
    practical_id: UUID, name: str, content: bytes, *, kind: ExhibitKind, by: Identity, at: datetime
) -> PracticalExhibit:
    """Keep a picture under the hash of its content. Sending it again changes nothing.

    What comes after the sheet was handed in is kept, too, and flagged.

    Raises:
        NotFound: the asker does not score this practical.
        ExhibitDiffers: the content is another than its name says.
        PhotoRefused: it is no picture that can be kept.
    """
    practical = practicals.get(practical_id, scope=by.scope(Permission.EXAMINE))
    mine = [one for one in practical.scorers if one.person_id == by.person_id]
    if not mine:
        raise NotFound
    if hashlib.sha256(content).hexdigest() != name:
        raise ExhibitDiffers
    known = db.session.get(PracticalExhibit, (practical_id, name))
    if known is not None:
        return known
    sound = photos.read(content)
    made = PracticalExhibit(
        practical_id=practical_id,
        hash=name,
        kind=kind,
        media_type=sound.media_type,
        size=len(content),
        sealed=keys.current().seal_file(content, bound=bound(practical_id, name)),
        person_id=by.person_id,
        received_at=at,
        late=mine[0].handed_in_at is not None,
    )
    db.session.add(made)
    db.session.flush()
    told = {"hash": name, "kind": kind, "late": made.late}
    practicals.tell("practical_exhibit_kept", practical, told, by=by, at=at)
    return made


def opened(practical_id: UUID, name: str, *, by: Identity, at: datetime) -> OpenedExhibit:
    """Return an exhibit in clear, for who examines where the practical was held; it is audited.

    Raises:
        NotFound: there is none within the asker's scope.
    """
    practical = practicals.get(practical_id, scope=by.scope(Permission.EXAMINE))
    found = db.session.get(
        PracticalExhibit, (practical_id, name), options=[undefer(PracticalExhibit.sealed)]
    )
    if found is None:
        raise NotFound
    audit.append(
        "practical_exhibit_opened",
        by=by,
        at=at,
        subject_kind="practical",
        subject_id=practical_id,
        after={"hash": name},
        organisation_path=practical.organisation.path,
    )
    content = keys.current().open_file(found.sealed, bound=bound(practical_id, name))
    return OpenedExhibit(media_type=found.media_type, content=content)


def bound(practical_id: UUID, name: str) -> bytes:
    """Return what is bound into a sealed file: whose it is."""
    return practical_id.bytes + name.encode()
