"""The names of participants, which are kept closed (参赛者姓名)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import undefer

from exams.contests.models import ContestParticipant
from server.db import db
from server.people import ciphers


def rekey(*, limit: int) -> int:
    """Close with the key in use what older keys closed; return how many names it was done for.

    Args:
        limit: names done at most; call again until none is left.

    Raises:
        DocumentUnreadable: the key of somebody's name is no longer given.
    """
    cipher = ciphers.current()
    stale = (
        select(ContestParticipant)
        .where(
            ContestParticipant.name_key_id != cipher.key_id,
            # Nobody's: withdrawn, or made up for a drill.
            ContestParticipant.name_cipher != b"",
        )
        .options(undefer(ContestParticipant.name_cipher))
        .limit(limit)
    )
    participants = db.session.execute(stale).scalars().all()
    for one in participants:
        sealed = ciphers.Sealed(key_id=one.name_key_id, cipher=one.name_cipher)
        fresh = cipher.seal(cipher.open(sealed, person_id=one.id), person_id=one.id)
        one.name_cipher, one.name_key_id = fresh.cipher, fresh.key_id
    db.session.flush()
    return len(participants)
