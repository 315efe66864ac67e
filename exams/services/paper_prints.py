"""Papers on paper: question booklets with answer sheets, and keys for who marks (纸质试卷).

What is printed is what was sealed: the form with its hash, for each form once or for each
candidate in an order of their own, which only form and place decide, so that it can be printed
again after years.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from importlib.resources import files
from typing import Any
from uuid import UUID

import segno

from exams.correction_errors import KeysStillSecret
from exams.errors import ExamNotPublished
from exams.lifecycle import ExamState
from exams.models import Exam
from exams.services import booklets, forms, papers, planning, setting
from exams.services.booklets import Booklet
from exams.services.papers import ShownQuestion
from exams.services.reach import rules_of
from question_bank.kinds import LABELS, Kind
from question_bank.typesetting import Run
from server import days, printing
from server.audit import services as audit
from server.db import db
from server.jobs import services as jobs
from server.jobs.models import Job
from server.policy import Identity, Permission

#: The name of the job.
PRINT = "paper_print"

#: Booklets of one PDF: a room's worth, so that none takes long.
_TOGETHER = 10

_KINDS = {
    Kind.TRUE_FALSE: "判断题",
    Kind.SINGLE_CHOICE: "单项选择题",
    Kind.MULTIPLE_CHOICE: "多项选择题",
}
_NUMBERS = "一二三四五六七八九十"

Told = Callable[[int, int], None]
Keep = Callable[[str, str, bytes], None]


class PrintContent(StrEnum):
    """What is printed."""

    PAPERS = "papers"
    KEYS = "keys"


class PrintFor(StrEnum):
    """For whom."""

    FORMS = "forms"
    CANDIDATES = "candidates"


def ask(
    exam_id: UUID,
    job_id: UUID,
    *,
    content: PrintContent,
    copies_for: PrintFor,
    reason: str,
    by: Identity,
    at: datetime,
) -> Job:
    """Ask for a job that prints the papers or the keys of an exam, with the reason; it is audited.

    Raises:
        NotFound: there is no such exam within the asker's reach.
        ExamNotPublished: its papers are not drawn yet.
        KeysStillSecret: keys are asked for before the exam has closed.
        Unprintable: a formula of its questions cannot be set on paper.
        IdTaken, TooManyJobs: about the job.
    """
    keys = content is PrintContent.KEYS
    permission = Permission.PRINT_KEYS if keys else Permission.PRINT_PAPERS
    exam = planning.get(exam_id, scope=by.scope(permission))
    if exam.state is not ExamState.PUBLISHED:
        raise ExamNotPublished
    if keys and at < exam.closes_at:
        raise KeysStillSecret(closes_at=exam.closes_at.isoformat())
    if not keys:
        setting.check(booklets.version_ids(exam_id))
    wanted = {"exam_id": str(exam_id), "content": content.value, "for": copies_for.value}
    job = jobs.ask(job_id, PRINT, wanted, by=by, at=at)
    audit.append(
        "keys_printed" if keys else "papers_printed",
        by=by,
        at=at,
        subject_kind="exam",
        subject_id=exam_id,
        after={"job_id": job_id, "for": copies_for},
        reason=reason,
        organisation_path=exam.organisation.path,
    )
    return job


def run(wanted: Mapping[str, Any], *, told: Told, keep: Keep, at: datetime) -> Mapping[str, Any]:
    """Print what was asked for, a room's worth at a time. Printing again gives the same pages."""
    exam = db.session.get_one(Exam, UUID(wanted["exam_id"]))
    content = PrintContent(wanted["content"])
    of = booklets.of_forms if PrintFor(wanted["for"]) is PrintFor.FORMS else booklets.of_candidates
    every = of(exam)
    for first in range(0, len(every), _TOGETHER):
        some = every[first : first + _TOGETHER]
        name = f"{content.value}-{first // _TOGETHER + 1:04d}.pdf"
        keep(name, "application/pdf", _printed(exam, content, some, at=at))
        told(min(first + _TOGETHER, len(every)), len(every))
    return {"booklets": len(every)}


def _printed(exam: Exam, content: PrintContent, some: list[Booklet], *, at: datetime) -> bytes:
    standard = rules_of(exam)
    shown = [_shown(one) for one in some]
    pictures = {str(data["code"]): _code(str(data["hash"]), str(data["label"])) for data in shown}
    name = "paper.typ" if content is PrintContent.PAPERS else "key_sheet.typ"
    data = {
        "exam": exam.name,
        "printed": f"{days.civil_day(at).isoformat()}",
        "max_points": standard.max_points,
        "pass_points": standard.max_points * standard.pass_percent / 100,
        "minutes": standard.minutes,
        "most_options": max(len(one["labels"]) for each in shown for one in each["questions"]),
        "papers": shown,
    }
    pictures |= setting.sized(run for each in shown for run in _runs(each))
    return printing.pdf(files("exams").joinpath("templates", name), data, pictures=pictures)


def _runs(shown: Mapping[str, Any]) -> Iterator[Run]:
    for question in shown["questions"]:
        yield from question["stem"]
        for option in question["options"]:
            yield from option


def _shown(booklet: Booklet) -> dict[str, Any]:
    of_slot = {one.slot: one for one in papers.shown(booklet.paper.id).questions}
    keyed = forms.key_sheet(db.session.connection(), booklet.paper.id)
    right = {one.slot: {LABELS.index(label) for label in one.key} for one in keyed}
    questions = []
    for number, slot in enumerate(booklet.order.slots, start=1):
        order = booklet.order.options[slot]
        key = "".join(LABELS[at] for at, option in enumerate(order) if option in right[slot])
        questions.append(_question(number, of_slot[slot], order, key))
    package = booklet.paper.package
    return {
        "label": booklet.label,
        "hash": "" if package is None else package.hash,
        "code": f"code-{booklet.label}.svg",
        "name": booklet.name,
        "seat": booklet.seat,
        "ticket": booklet.ticket,
        "questions": questions,
    }


def _question(
    number: int, shown: ShownQuestion, order: tuple[int, ...], key: str
) -> dict[str, Any]:
    as_written = setting.options(shown)
    options = [as_written[option] for option in order]
    longest = max((setting.width_of(option) for option in options), default=0)
    return {
        "number": number,
        "section": shown.section,
        "section_title": f"{_NUMBERS[shown.section % 10]}、{_KINDS.get(shown.kind, '题目')}",
        "stem": setting.stem(shown),
        "points": shown.points,
        "options": options,
        "labels": list(LABELS[: len(options)]),
        "columns": 4 if longest <= 8 else 2 if longest <= 18 else 1,
        "key": key,
    }


def _code(name: str, label: str) -> bytes:
    """Return the code that a reader of answer sheets knows the paper by."""
    buffer = io.BytesIO()
    segno.make(f"PAPER:{name[:32]}:{label}", error="m").save(buffer, kind="svg", scale=4)
    return buffer.getvalue()
