"""How equal the papers of an exam are, how sure that is, and what neighbours share (公平性报告)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import numpy as np
from sqlalchemy import select

from exams import estimates
from exams.batch import evenness, neighbours
from exams.batch.evenness import Evenness
from exams.batch.neighbours import Overlap
from exams.batch.stock import Places, Specification, Stock
from exams.errors import ExamNotPublished
from exams.models import Exam, Paper, PaperItem
from exams.services import allotting, pool, specifications
from server.db import db


@dataclass(frozen=True, kw_only=True)
class PaperReport:
    """How equal the papers of an exam are, by what is known of its questions now."""

    evenness: Evenness
    #: What two papers share, over all pairs.
    overlap: Overlap
    #: What people share who sit beside each other; None where nobody has a seat.
    neighbours: Overlap | None
    #: Questions that came up, and how often the commonest did.
    question_count: int
    most_uses: int
    #: SHA-256 of the chance by which they were drawn, known before; and that chance, afterwards.
    seed_commitment: str | None
    seed: str | None

    @property
    def papers(self) -> list[Mapping[str, float]]:
        """For each form, expected points and the standard error of that."""
        pairs = zip(self.evenness.expected.tolist(), self.evenness.error.tolist(), strict=True)
        return [
            {"form": form, "expected_points": round(mean, 2), "error_points": round(error, 2)}
            for form, (mean, error) in enumerate(pairs, start=1)
        ]


def report(exam: Exam, *, at: datetime) -> PaperReport:
    """Say how equal the papers of an exam are.

    Raises:
        ExamNotPublished: none is drawn yet.
    """
    rows = db.session.execute(
        select(Paper.id.label("paper_id"), Paper.form, PaperItem.version_id, PaperItem.section)
        .join(PaperItem, PaperItem.paper_id == Paper.id)
        .where(Paper.exam_id == exam.id)
        .order_by(Paper.form, PaperItem.slot)
    ).all()
    if not rows:
        raise ExamNotPublished
    candidates = pool.of_versions({row.version_id for row in rows}, exam.qualification)
    place_of = {one.version_id: place for place, one in enumerate(candidates)}
    section = np.zeros(len(candidates), dtype=np.int64)
    for row in rows:
        section[place_of[row.version_id]] = row.section
    known = estimates.of(candidates)
    nothing = np.zeros(len(candidates), dtype=np.int64)
    stock = Stock(
        section=section,
        topic=nothing,
        facility=np.array([one.facility for one in known]),
        error=np.array([one.error for one in known]),
        group=nothing,
        used=nothing,
        topics=[],
    )
    forms = max(row.form for row in rows)
    papers = np.array([place_of[row.version_id] for row in rows]).reshape(forms, -1)
    every = np.array([(one, other) for one in range(forms) for other in range(one)], dtype=np.int64)
    wanted = Specification(
        sections=specifications.rules(exam.specification), target=exam.specification.target_points
    )
    near = _near(exam.id, {row.paper_id: row.form - 1 for row in rows})
    return PaperReport(
        evenness=evenness.of(stock, wanted, papers, pass_mark=_pass_mark(exam)),
        overlap=neighbours.overlap(papers, every.reshape(-1, 2)),
        neighbours=neighbours.overlap(papers, near) if len(near) else None,
        question_count=len(candidates),
        most_uses=int(np.bincount(papers.ravel()).max()),
        seed_commitment=None if exam.seed is None else _commitment(exam.seed),
        seed=exam.seed if at >= exam.closes_at else None,
    )


def _near(exam_id: UUID, place_of: Mapping[UUID, int]) -> Places:
    """Return the forms of everybody who sits beside somebody, as places in the papers."""
    pairs = [(place_of[one], place_of[other]) for one, other in allotting.seated_pairs(exam_id)]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _commitment(seed: str) -> str:
    return sha256(bytes.fromhex(seed)).hexdigest()


def _pass_mark(exam: Exam) -> float:
    if exam.standard is None:
        raise ValueError("A published exam has a standard.")
    return exam.standard.max_points * exam.standard.pass_percent / 100
