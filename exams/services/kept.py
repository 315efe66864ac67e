"""What counted in an attempt, whether its words are at hand or in an archive (留存的作答)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection, select

from exams.correction_errors import ResponsesArchived
from exams.models import Attempt, ResponseSheet
from exams.services import endings
from server.archives.models import Archive
from server.db import db


def chosen(connection: Connection, ids: Collection[UUID]) -> dict[UUID, dict[int, int]]:
    """Return the chosen bits that count by slot, of each attempt.

    They are read from the words; of whose words are in an archive, from the sheet. The words are
    asked first: what leaves meanwhile is found in the sheet, never in neither.
    """
    found = endings.chosen(connection, ids)
    missing = [one for one in ids if not found.get(one)]
    return found | sheets(connection, missing) if missing else found


def sheets(connection: Connection, ids: Collection[UUID]) -> dict[UUID, dict[int, int]]:
    """Return what the sheets of archived attempts say was chosen, slot by slot."""
    statement = (
        select(ResponseSheet.attempt_id, ResponseSheet.chosen)
        .join(Attempt, Attempt.id == ResponseSheet.attempt_id)
        .where(Attempt.id.in_(ids), Attempt.archive_id.is_not(None))
    )
    return {attempt_id: _read(column) for attempt_id, column in connection.execute(statement)}


def _read(column: bytes) -> dict[int, int]:
    """Return one column of a sheet: two bytes for each slot, the lower first."""
    masks = memoryview(column).cast("B")
    pairs = zip(masks[::2], masks[1::2], strict=True)
    return {slot: low | high << 8 for slot, (low, high) in enumerate(pairs, start=1) if low or high}


def differing(ids: Collection[UUID]) -> set[UUID]:
    """Return the attempts whose sheet does not hold what their words say."""
    connection = db.session.connection()
    said = endings.chosen(connection, ids)
    statement = select(ResponseSheet.attempt_id, ResponseSheet.chosen)
    rows = connection.execute(statement.where(ResponseSheet.attempt_id.in_(ids)))
    held = {attempt_id: _read(column) for attempt_id, column in rows}
    counting = {
        one: {slot: mask for slot, mask in said.get(one, {}).items() if mask} for one in ids
    }
    return {one for one in ids if held.get(one) != counting[one]}


def check_at_hand(ids: Collection[UUID]) -> None:
    """Make sure that the words of attempts are in the database; asked after they were read.

    Raises:
        ResponsesArchived: some are in an archive.
    """
    statement = (
        select(Archive.name)
        .join(Attempt, Attempt.archive_id == Archive.id)
        .where(Attempt.id.in_(ids), Archive.brought_back_at.is_(None))
        .limit(1)
    )
    name = db.session.execute(statement).scalar_one_or_none()
    if name is not None:
        raise ResponsesArchived(archive=name)
