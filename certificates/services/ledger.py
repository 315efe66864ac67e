"""What coverage reads from the training files: what stands, up to a day (培训记录)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from certificates import facts
from certificates.facts import RecordFact
from server.db import db
from server.records.entries import RecordKind
from server.records.models import Record


def record_facts(people: Select[*tuple[Any, ...]], *, until: date) -> list[RecordFact]:
    """Return what the files of these people say of training and assessment, up to a day.

    What was corrected does not count, its correction does. A training whose assessment was
    failed is no completed training. An attempt that was voided is neither passed nor failed.
    """
    correction = aliased(Record)
    corrected = select(correction.id).where(correction.corrects_id == Record.id).exists()
    statement = select(
        Record.person_id,
        Record.subject_id,
        Record.kind,
        Record.happened_on,
        Record.purpose,
        Record.role,
        Record.item,
        Record.content,
    ).where(
        Record.person_id.in_(people),
        Record.kind.in_([RecordKind.TRAINING, RecordKind.EXAM]),
        Record.happened_on <= until,
        ~corrected,
    )
    rows = db.session.execute(statement).all()
    voided = {row.subject_id for row in rows if row.content.get("voided")}
    return [
        RecordFact(
            person_id=row.person_id,
            kind=kind,
            on=row.happened_on,
            purpose=row.purpose,
            role=row.role,
            item=row.item,
        )
        for row in rows
        if row.subject_id not in voided and (kind := _kind(row.kind, row.content)) is not None
    ]


def _kind(kind: RecordKind, content: dict[str, Any]) -> facts.RecordKind | None:
    passed = content.get("passed")
    if kind is RecordKind.TRAINING:
        return None if passed is False else facts.RecordKind.TRAINED
    return facts.RecordKind.PASSED if passed is True else facts.RecordKind.FAILED
