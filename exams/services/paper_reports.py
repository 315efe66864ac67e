"""How equal the papers of an exam are, how sure that is, and what neighbours share (公平性报告)."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import numpy as np
from sqlalchemy import select

from exams import estimates
from exams.assembly import Candidate
from exams.batch import evenness, neighbours
from exams.batch.evenness import Evenness
from exams.batch.neighbours import Overlap
from exams.batch.stock import Places, Specification, Stock
from exams.errors import ExamNotPublished
from exams.lifecycle import ExamState
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
    forms = list(_forms(exam.id))
    if exam.state is not ExamState.PUBLISHED or not forms:
        raise ExamNotPublished
    papers, candidates = _read(exam, len(forms))
    section = np.zeros(len(candidates), dtype=np.int64)
    section[papers] = _sections(forms[0])
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
    wanted = Specification(
        sections=specifications.rules(exam.specification), target=exam.specification.target_points
    )
    near = _near(exam.id, {paper_id: place for place, paper_id in enumerate(forms)})
    return PaperReport(
        evenness=evenness.of(stock, wanted, papers, pass_mark=_pass_mark(exam)),
        overlap=neighbours.overlap_of_all(papers),
        neighbours=neighbours.overlap(papers, near) if len(near) else None,
        question_count=len(candidates),
        most_uses=int(np.bincount(papers.ravel()).max()),
        seed_commitment=None if exam.seed is None else _commitment(exam.seed),
        seed=exam.seed if at >= exam.closes_at else None,
    )


def _forms(exam_id: UUID) -> Iterable[UUID]:
    """Return the forms of an exam in order."""
    return db.session.scalars(select(Paper.id).where(Paper.exam_id == exam_id).order_by(Paper.form))


def _read(exam: Exam, forms: int) -> tuple[Places, list[Candidate]]:
    """Return the forms as places among questions, and the questions; a million rows, one by one."""
    statement = (
        select(PaperItem.version_id)
        .join(Paper, Paper.id == PaperItem.paper_id)
        .where(Paper.exam_id == exam.id)
        .order_by(Paper.form, PaperItem.slot)
        .execution_options(yield_per=10_000)
    )
    met: dict[UUID, int] = {}
    read = array("q", (met.setdefault(one, len(met)) for one in db.session.scalars(statement)))
    candidates = pool.of_versions(met, exam.qualification)
    place_of = {one.version_id: place for place, one in enumerate(candidates)}
    places = np.array([place_of[one] for one in met], dtype=np.int64)
    return places[np.frombuffer(read, dtype=np.int64)].reshape(forms, -1), candidates


def _sections(paper_id: UUID) -> Places:
    """Return the section of each place of a form: all forms of an exam have the same."""
    statement = select(PaperItem.section).where(PaperItem.paper_id == paper_id)
    return np.array(list(db.session.scalars(statement.order_by(PaperItem.slot))), dtype=np.int64)


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
