"""Response sheets: what counted in each graded attempt, gathered once and for all (作答表)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import numpy as np
from sqlalchemy import Connection, Select, delete, exists, func, insert, literal, select

from exams.lifecycle import State
from exams.models import Attempt, Exam, LateDecision, Outcome, Paper, ResponseSheet
from exams.services.figured import BEHIND
from exams.statistics import sheets
from exams.statistics.responses import Numbers
from exams.statistics.sheets import Words
from server.db import db
from server.plain_sql import spelling

#: Sheets of one transaction.
AT_ONCE: Final = 500

_COLUMNS: Final = 6

# One row for each attempt: numbers in a text cost a tenth of what as many rows would.
_WORDS = {
    "sqlite": """
        SELECT attempt_id, group_concat(slot || ' ' || epoch || ' ' || sequence || ' ' || chosen
            || ' ' || CAST((julianday(received_at) - 2440587.5) * 864000 AS INTEGER), ' ')
        FROM json_each(?) asked CROSS JOIN response_entry ON attempt_id = asked.value
        WHERE NOT late GROUP BY attempt_id
    """,
    "postgresql": """
        SELECT attempt_id::text, string_agg(slot || ' ' || epoch || ' ' || sequence || ' ' || chosen
            || ' ' || floor(date_part('epoch', received_at) * 10)::bigint, ' ')
        FROM response_entry WHERE attempt_id = ANY(%s::uuid[]) AND NOT late GROUP BY attempt_id
    """,
}


def gather(*, at: datetime) -> set[UUID]:
    """Write some of the sheets that are missing; return the qualifications they belong to.

    Call it until it returns nothing.
    """
    rows = _missing(limit=AT_ONCE)
    if not rows:
        return set()
    ids = [row.id for row in rows]
    connection = db.session.connection()
    words = _read(connection, {one: number for number, one in enumerate(ids)})
    counts = _slot_counts(connection, {row.paper_id for row in rows})
    made = sheets.write(
        words,
        np.array([counts[row.paper_id] for row in rows]),
        np.array([int(row.started_at.timestamp() * 10) for row in rows]),
    )
    if any(row.is_there for row in rows):
        db.session.execute(delete(ResponseSheet).where(ResponseSheet.attempt_id.in_(ids)))
    # The table, not the class: of fifteen thousand rows the mapper made a second.
    connection.execute(
        insert(ResponseSheet.__table__),  # type: ignore[arg-type]  # a table, as everywhere
        [
            {
                "attempt_id": row.id,
                "qualification_id": row.qualification_id,
                "paper_id": row.paper_id,
                "candidate_id": row.candidate_id,
                "graded_at": row.graded_at,
                "chosen": sheet.chosen,
                "tenths": sheet.tenths,
                "made_at": at,
            }
            for row, sheet in zip(rows, made, strict=True)
        ],
    )
    return {row.qualification_id for row in rows}


def newest(qualification_id: UUID, *, limit: int) -> Sequence[Any]:
    """Return the sheets of the newest attempts that stand, in the order in which they were graded.

    Of each candidate the first attempt, as long as it is among them.
    """
    columns = (
        ResponseSheet.paper_id,
        ResponseSheet.candidate_id,
        ResponseSheet.chosen,
        ResponseSheet.tenths,
    )
    statement = (
        select(*columns)
        .join(Attempt, Attempt.id == ResponseSheet.attempt_id)
        .where(ResponseSheet.qualification_id == qualification_id, Attempt.state == State.GRADED)
        .order_by(ResponseSheet.graded_at.desc(), ResponseSheet.attempt_id.desc())
        .limit(limit)
    )
    rows = db.session.connection().execute(statement)
    firsts = {row.candidate_id: row for row in rows}
    return list(reversed(firsts.values()))


def _watermark() -> datetime | None:
    newest_of = db.session.execute(select(func.max(ResponseSheet.graded_at))).scalar_one()
    return None if newest_of is None else newest_of - BEHIND


def _missing(*, limit: int) -> Sequence[Any]:
    """Return attempts without a sheet, or else those of which late words were admitted since."""
    mine = ResponseSheet.attempt_id == Attempt.id
    since = _watermark()
    new = _graded(is_there=False).where(~exists().where(mine))
    if since is not None:
        new = new.where(Outcome.graded_at >= since)
    connection = db.session.connection()
    found = connection.execute(new.limit(limit)).all()
    if found or since is None:
        return found
    again = (
        _graded(is_there=True)
        .join(ResponseSheet, mine)
        .join(LateDecision, LateDecision.attempt_id == Attempt.id)
        .where(LateDecision.admitted, LateDecision.decided_at > ResponseSheet.made_at)
    )
    return connection.execute(again.distinct().limit(limit)).all()


def _graded(*, is_there: bool) -> Select[*tuple[Any, ...]]:
    columns = (
        Attempt.id,
        Attempt.paper_id,
        Attempt.candidate_id,
        Attempt.started_at,
        Exam.qualification_id,
        Outcome.graded_at,
        literal(is_there).label("is_there"),
    )
    statement = select(*columns)
    return (
        statement.join(Outcome, Outcome.attempt_id == Attempt.id)
        .join(Exam, Exam.id == Attempt.exam_id)
        .where(Attempt.state == State.GRADED)
        .order_by(Outcome.graded_at)
    )


def _read(connection: Connection, numbers: dict[UUID, int]) -> Words:
    """Return all words of some attempts, those included that an examiner admitted."""
    spelt = spelling(connection)
    rows = connection.exec_driver_sql(
        _WORDS[connection.dialect.name], (spelt.ids_in(numbers),)
    ).fetchall()
    tables = [
        _numbered(numbers[spelt.id_out(attempt_id)], _parsed(text)) for attempt_id, text in rows
    ]
    tables += [_numbered(numbers[of], table) for of, table in _admitted(list(numbers))]
    whole = np.concatenate(tables) if tables else np.zeros((0, _COLUMNS), dtype=np.int64)
    sheet, slot, epoch, sequence, chosen, came = whole.T
    return Words(sheet=sheet, slot=slot, epoch=epoch, sequence=sequence, chosen=chosen, came=came)


def _parsed(text: str) -> Numbers:
    return np.fromstring(text, dtype=np.int64, sep=" ").reshape(-1, _COLUMNS - 1)


def _numbered(number: int, table: Numbers) -> Numbers:
    return np.column_stack((np.full(len(table), number), table))


def _admitted(ids: list[UUID]) -> Iterator[tuple[UUID, Numbers]]:
    statement = select(LateDecision.attempt_id, LateDecision.entries).where(
        LateDecision.attempt_id.in_(ids), LateDecision.admitted
    )
    for attempt_id, entries in db.session.execute(statement):
        rows = [
            (*entry[:4], int(datetime.fromisoformat(entry[4]).timestamp() * 10))
            for entry in entries
        ]
        if rows:
            yield attempt_id, np.array(rows, dtype=np.int64)


def _slot_counts(connection: Connection, paper_ids: set[UUID]) -> dict[UUID, int]:
    statement = select(Paper.id, Paper.layout).where(Paper.id.in_(paper_ids))
    return {paper_id: len(layout) for paper_id, layout in connection.execute(statement)}
