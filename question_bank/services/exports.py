"""Exports (导出): questions of a bank as a file, for a purpose, by a job, told to the audit."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from question_bank.content import Content
from question_bank.errors import FormatNeedsKeys, KeysNotAllowed, TooManyToExport
from question_bank.formats import moodle_writing, qti_writing, tables_writing
from question_bank.formats.exported import Export
from question_bank.formats.files import Format
from question_bank.kinds import Kind
from question_bank.lifecycle import State
from question_bank.models import Question, QuestionBank, QuestionVersion
from question_bank.pictures import Picture
from question_bank.services import banks, images
from question_bank.services.writing import markup_of
from server import days
from server.audit import services as audit
from server.db import db, transaction
from server.jobs import services as jobs
from server.jobs.models import Job
from server.jobs.work import Kind as JobKind
from server.jobs.work import Running
from server.people.models import Person
from server.policy import Identity, Permission

#: Questions of one export: a bank of a whole province, and no more at once.
MOST: Final = 20_000
#: The name of the job.
EXPORTING: Final = "question_export"

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: format: (file name, media type, writer)
WRITERS: Final[Mapping[Format, tuple[str, str, Callable[[Export], bytes]]]] = {
    Format.XLSX: ("questions.xlsx", _XLSX, tables_writing.xlsx),
    Format.CSV: ("questions.csv", "text/csv", tables_writing.comma_separated),
    Format.JSON: ("questions.json", "application/json", tables_writing.as_json),
    Format.QTI: ("questions.zip", "application/zip", qti_writing.package),
    Format.MOODLE_XML: ("questions.xml", "application/xml", moodle_writing.moodle_xml),
    Format.GIFT: ("questions.gift.txt", "text/plain", moodle_writing.gift),
}
#: Formats in which a question without its key cannot be said.
NEED_KEYS: Final = frozenset({Format.MOODLE_XML, Format.GIFT})


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What an export is to hold."""

    bank_id: UUID
    format: Format
    with_keys: bool
    #: What it is for; stands in the audit and in the file.
    purpose: str
    state: State | None = None
    kind: Kind | None = None
    topic: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as a job keeps it."""
        return {
            "bank_id": str(self.bank_id),
            "format": self.format.value,
            "with_keys": self.with_keys,
            "purpose": self.purpose,
            "state": self.state,
            "kind": self.kind,
            "topic": self.topic,
        }


def ask(export_id: UUID, wanted: Wanted, *, by: Identity, at: datetime) -> Job:
    """Ask for an export under the id given; the file comes out of the job of the same id.

    Raises:
        NotFound: the bank lies outside the asker's scope.
        KeysNotAllowed: the asker may not take keys out of this bank.
        FormatNeedsKeys: the format cannot say a question without its key.
        TooManyToExport: more questions than one export may hold.
        IdTaken, TooManyJobs: see `server.jobs.services.ask`.
    """
    bank = banks.get(wanted.bank_id, scope=by.scope(Permission.EXPORT_QUESTIONS))
    if wanted.with_keys:
        _check_keys(bank.id, by)
    elif wanted.format in NEED_KEYS:
        raise FormatNeedsKeys
    count = db.session.execute(
        select(func.count())
        .select_from(Question)
        .join(QuestionVersion, _is_newest())
        .where(*_conditions(wanted.as_json()))
    ).scalar_one()
    if count > MOST:
        raise TooManyToExport(most=MOST, count=count)
    known = db.session.get(Job, export_id)
    values = wanted.as_json() | {"person_id": str(by.person_id)}
    job = jobs.ask(export_id, EXPORTING, values, by=by, at=at)
    if known is None:
        _tell("question_export_asked", export_id, values | {"count": count}, by=by, at=at)
    return job


def _check_keys(bank_id: UUID, by: Identity) -> None:
    scope = by.scope(Permission.EXPORT_KEYS)
    allowed = select(QuestionBank.id).where(QuestionBank.id == bank_id, banks.owned_within(scope))
    if scope.nowhere or db.session.execute(allowed).first() is None:
        raise KeysNotAllowed


def run(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write the file of an export and tell the audit what was taken out."""
    running.told(0, 0)
    by = Identity(account_id=running.asked_by, person_id=UUID(wanted["person_id"]))
    contents = _contents(wanted)
    names = {name for one in contents if one.markup for name in one.markup.images}
    shown = {
        name: Picture(
            sha256=one.sha256,
            media_type=one.media_type,
            width=one.width,
            height=one.height,
            content=one.content,
        )
        for name, one in images.contents(names).items()
    }
    export = Export(
        questions=contents,
        images=shown,
        with_keys=wanted["with_keys"],
        watermark=_watermark(running, wanted, by),
    )
    db.session.rollback()
    running.told(0, len(contents))
    name, media_type, write = WRITERS[Format(wanted["format"])]
    content = write(export)
    running.keep(name, media_type, content)
    told = {"count": len(contents), "sha256": hashlib.sha256(content).hexdigest()}
    with transaction():
        _tell("question_exported", running.job_id, dict(wanted) | told, by=by, at=running.at())
    running.told(len(contents), len(contents))
    return {"question_count": len(contents)}


def _watermark(running: Running, wanted: Mapping[str, Any], by: Identity) -> str:
    person = db.session.get(Person, by.person_id)
    who = "—" if person is None else person.name
    day = days.civil_day(running.asked_at)
    return f"{who} 于 {day} 导出，用途：{wanted['purpose']}（编号 {running.job_id}）"


def _is_newest() -> ColumnElement[bool]:
    return (QuestionVersion.question_id == Question.id) & (
        QuestionVersion.number == Question.newest
    )


def _conditions(wanted: Mapping[str, Any]) -> Sequence[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = [Question.bank_id == UUID(wanted["bank_id"])]
    if wanted["state"] is None:
        chosen.append(Question.state != State.RETIRED)
    else:
        chosen.append(Question.state == State(wanted["state"]))
    if wanted["kind"] is not None:
        chosen.append(QuestionVersion.kind == Kind(wanted["kind"]))
    if wanted["topic"] is not None:
        chosen.append(QuestionVersion.topic == wanted["topic"])
    return chosen


def _contents(wanted: Mapping[str, Any]) -> list[Content]:
    statement = (
        select(QuestionVersion)
        .join(Question, _is_newest())
        .where(*_conditions(wanted))
        .order_by(QuestionVersion.topic, Question.created_at, Question.id)
    )
    return [_content(version) for version in db.session.execute(statement).scalars()]


def _content(version: QuestionVersion) -> Content:
    values = {
        "stem_html": version.stem_html,
        "options": version.options,
        "explanation_html": version.explanation_html,
    }
    return Content(
        kind=version.kind,
        stem=version.stem,
        options=tuple(option["text"] for option in version.options),
        key=tuple(version.key),
        explanation=version.explanation,
        topic=version.topic,
        difficulty=None if version.difficulty is None else Decimal(version.difficulty),
        law_citation=version.law_citation,
        markup=markup_of(values),
    )


def _tell(
    action: str, export_id: UUID, values: Mapping[str, Any], *, by: Identity, at: datetime
) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="question_export",
        subject_id=export_id,
        after={name: value for name, value in values.items() if name != "person_id"},
    )


KINDS = (JobKind(name=EXPORTING, run=run),)
