"""The responses of one qualification, read and marked for statistics (统计样本)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np
from sqlalchemy import func, select

from exams.models import Exam, ExamStandard, KeyCorrection, Paper, PaperItem, PaperSpecification
from exams.regrading import Remedy
from exams.services import sheets
from exams.statistics import sheets as columns
from exams.statistics.responses import Figures, Numbers, Responses, Truths
from question_bank import marking
from question_bank.kinds import Kind
from question_bank.models import QuestionVersion
from server.db import db

#: Candidates whose first attempts stand behind the figures, the newest: five million responses.
MOST_CANDIDATES: Final = 50_000

#: More values than the chosen bits of ten options have.
_BITS: Final = 1 << 10


@dataclass(frozen=True, kw_only=True)
class Version:
    """What statistics need of a question version. Never leaves the server."""

    id: UUID
    question_id: UUID
    kind: Kind
    labels: tuple[str, ...]
    #: As it counts now: a regrade may have corrected it.
    key: frozenset[str]
    #: What a regrade did about the question; None where it stands as it was asked.
    remedy: Remedy | None
    #: The share that the bank expects to respond rightly.
    stated: float | None


@dataclass(frozen=True, kw_only=True)
class Form:
    """One paper of the sample."""

    paper_id: UUID
    exam_id: UUID
    partial_credit: bool
    pass_percent: int
    #: The version of each slot, as a number in the sample.
    items: Numbers
    #: The points of each slot; none where a regrade took the question out.
    worth: Figures
    #: The slots whose points everybody was given by a regrade.
    given: Truths
    #: For each slot, for each option of the form, its place among the options as written.
    orders: Sequence[Sequence[int]]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Marked responses, in the order in which their attempts were graded."""

    responses: Responses
    versions: Sequence[Version]
    forms: Sequence[Form]
    candidate_ids: Sequence[UUID]
    #: Which form each candidate sat.
    form_of: Numbers
    #: What was chosen, as bits in the order the options were written.
    written: Numbers
    #: What each response took; NaN where it is not known.
    seconds: Figures


def read(qualification_id: UUID) -> Sample | None:
    """Return the sample of a qualification, None where nobody has sat."""
    rows = sheets.newest(qualification_id, limit=MOST_CANDIDATES)
    return of(rows) if rows else None


def of(rows: Sequence[Any]) -> Sample:
    """Return the sample of some response sheets, of which there is at least one."""
    forms, versions = _forms({row.paper_id for row in rows})
    numbers = {form.paper_id: number for number, form in enumerate(forms)}
    form_of = np.array([numbers[row.paper_id] for row in rows], dtype=np.int64)
    sizes = np.array([len(form.items) for form in forms])[form_of]
    place = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    starts = np.cumsum([0, *(len(form.items) for form in forms)])[:-1]
    cell = np.repeat(starts[form_of], sizes) + place
    chosen = columns.read(b"".join(row.chosen for row in rows))
    share, written = _marked(forms, versions, cell, chosen)
    tenths = columns.read(b"".join(row.tenths for row in rows))
    return Sample(
        responses=Responses(
            person=np.repeat(np.arange(len(rows)), sizes),
            item=np.concatenate([form.items for form in forms])[cell],
            share=share,
            worth=np.concatenate([form.worth for form in forms])[cell],
            person_count=len(rows),
            item_count=len(versions),
            form_of=form_of,
        ),
        versions=versions,
        forms=forms,
        candidate_ids=[row.candidate_id for row in rows],
        form_of=form_of,
        written=written,
        seconds=np.where(tenths > 0, tenths / 10, np.nan),
    )


def _forms(paper_ids: set[UUID]) -> tuple[list[Form], list[Version]]:
    papers = (
        select(
            Paper.id,
            Paper.exam_id,
            func.coalesce(PaperSpecification.partial_credit, ExamStandard.partial_credit).label(
                "partial_credit"
            ),
            ExamStandard.pass_percent,
        )
        .join(Exam, Exam.id == Paper.exam_id)
        .join(ExamStandard, ExamStandard.id == Exam.standard_id)
        .join(PaperSpecification, PaperSpecification.id == Exam.specification_id)
        .where(Paper.id.in_(paper_ids))
        .order_by(Paper.id)
    )
    places = (
        select(PaperItem.paper_id, PaperItem.version_id, PaperItem.points, PaperItem.option_order)
        .where(PaperItem.paper_id.in_(paper_ids))
        .order_by(PaperItem.paper_id, PaperItem.slot)
    )
    by_paper: dict[UUID, list[Any]] = {}
    for row in db.session.execute(places):
        by_paper.setdefault(row.paper_id, []).append(row)
    versions = _versions({row.version_id for rows in by_paper.values() for row in rows})
    numbers = {version.id: number for number, version in enumerate(versions)}
    forms = [
        _form(paper, by_paper[paper.id], numbers, versions)
        for paper in db.session.execute(papers).all()
    ]
    return forms, versions


def _form(
    paper: Any, places: Sequence[Any], numbers: dict[UUID, int], versions: Sequence[Version]
) -> Form:
    items = np.array([numbers[row.version_id] for row in places])
    remedies = [versions[item].remedy for item in items]
    points = np.array([float(row.points) for row in places])
    excluded = np.array([remedy is Remedy.EXCLUDED for remedy in remedies])
    return Form(
        paper_id=paper.id,
        exam_id=paper.exam_id,
        partial_credit=bool(paper.partial_credit),
        pass_percent=paper.pass_percent,
        items=items,
        worth=np.where(excluded, 0.0, points),
        given=np.array([remedy is Remedy.FULL_MARKS for remedy in remedies]),
        orders=[row.option_order for row in places],
    )


def _versions(ids: set[UUID]) -> list[Version]:
    wanted, found = sorted(ids), []
    corrections = _corrections()
    for begin in range(0, len(wanted), 5000):
        statement = select(
            QuestionVersion.id,
            QuestionVersion.question_id,
            QuestionVersion.kind,
            QuestionVersion.options,
            QuestionVersion.key,
            QuestionVersion.difficulty,
        ).where(QuestionVersion.id.in_(wanted[begin : begin + 5000]))
        found += [
            Version(
                id=row.id,
                question_id=row.question_id,
                kind=row.kind,
                labels=tuple(option["label"] for option in row.options),
                key=frozenset(corrections.get(row.id, (None, ()))[1] or row.key),
                remedy=corrections.get(row.id, (None, ()))[0],
                stated=None if row.difficulty is None else float(row.difficulty),
            )
            for row in db.session.execute(statement)
        ]
    return sorted(found, key=lambda version: version.id)


def _corrections() -> dict[UUID, tuple[Remedy | None, Sequence[str]]]:
    """Return what regrades did about versions, the latest of each: there are never many."""
    statement = select(KeyCorrection.version_id, KeyCorrection.remedy, KeyCorrection.key)
    ordered = statement.order_by(KeyCorrection.effective_at, KeyCorrection.regrade_id)
    return {row.version_id: (row.remedy, row.key) for row in db.session.execute(ordered)}


def _marked(
    forms: Sequence[Form], versions: Sequence[Version], cell: Numbers, chosen: Numbers
) -> tuple[Figures, Numbers]:
    """Mark every response: each choice in each place once, for many candidates choose the same."""
    places = [(form, slot) for form in forms for slot in range(len(form.items))]
    distinct, which = np.unique(cell * _BITS + np.minimum(chosen, _BITS - 1), return_inverse=True)
    share, written = np.empty(len(distinct)), np.empty(len(distinct), dtype=np.int64)
    for number, code in enumerate(distinct.tolist()):
        form, slot = places[code // _BITS]
        version, order = versions[form.items[slot]], form.orders[slot]
        bits = sum(1 << place for at, place in enumerate(order) if code >> at & 1)
        labels = [label for at, label in enumerate(version.labels) if bits >> at & 1]
        share[number] = float(
            marking.mark(version.kind, labels, version.key, partial_credit=form.partial_credit)
        )
        written[number] = bits
    return share[which], written[which]
