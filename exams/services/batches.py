"""Papers of one exam made together, and how equal they are (整场组卷与公平性)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import numpy as np
from sqlalchemy import select

from exams import estimates
from exams.assembly import Candidate, DrawnItem
from exams.batch import checking, evenness, making, neighbours, proof
from exams.batch.evenness import Evenness
from exams.batch.neighbours import Overlap
from exams.batch.stock import Places, Specification, Stock
from exams.errors import ExamNotPublished, PoolTooSmall
from exams.models import Exam, Paper, PaperItem, PaperSpecification
from exams.paper_errors import RequiredNotInPool, TargetOutOfReach
from exams.services import pool, specifications
from server.db import db


@dataclass(frozen=True, kw_only=True)
class PaperReport:
    """How equal the papers of an exam are, by what is known of its questions now."""

    evenness: Evenness
    #: What two papers share, over all pairs.
    overlap: Overlap
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


def applies(specification: PaperSpecification, forms: int) -> bool:
    """Say whether papers are made together: a batch knows each kind in one section only."""
    kinds = [section["kind"] for section in specification.sections]
    asks = (
        forms > 1
        or specification.target_points is not None
        or specification.required_question_ids
        or specification.excluded_question_ids
    )
    return bool(asks) and len(set(kinds)) == len(kinds)


def draw(
    specification: PaperSpecification, questions: Sequence[Candidate], forms: int, *, seed: bytes
) -> list[list[DrawnItem]]:
    """Make the papers of an exam together, and check them by other code before they are fixed.

    Raises:
        PoolTooSmall: the bank cannot carry the specification; says what is short.
        TargetOutOfReach: the bank carries the sections, but not at the difficulty asked for.
        RequiredNotInPool: a required question cannot be drawn.
    """
    stock, wanted = _laid_out(specification, questions)
    try:
        batch = making.make(stock, wanted, forms, seed=seed)
    except making.CannotBeCarried:
        raise _why(stock, wanted, forms) from None
    verdict = _checked(questions, stock, wanted, batch.papers)
    if not verdict.is_right:
        raise _why(stock, wanted, forms)
    return [_placed(row, questions, stock, wanted) for row in batch.papers.tolist()]


def _why(stock: Stock, wanted: Specification, forms: int) -> PoolTooSmall | TargetOutOfReach:
    lacking = proof.shortages(stock, wanted, forms)
    if lacking.shortages:
        return PoolTooSmall([asdict(shortage) for shortage in lacking.shortages])
    if lacking.beside_target:
        return TargetOutOfReach(
            target=wanted.target or 0.0, nearest=round((wanted.target or 0) + lacking.beside_target)
        )
    # No proof, and still no papers: questions that say the same, or a narrow cap, stand in the way.
    return PoolTooSmall(
        [
            {"section": place, "kind": rule.kind, "topic": None, "needed": rule.count, "missing": 1}
            for place, rule in enumerate(wanted.sections)
        ]
    )


def _laid_out(
    specification: PaperSpecification, questions: Sequence[Candidate]
) -> tuple[Stock, Specification]:
    sections = specifications.rules(specification)
    kinds = {rule.kind: place for place, rule in enumerate(sections)}
    topics = sorted({one.topic for one in questions})
    topic_of = {topic: place for place, topic in enumerate(topics)}
    group_of: dict[UUID, int] = {}
    known = estimates.of(questions)
    stock = Stock(
        section=np.array([kinds.get(one.kind, -1) for one in questions], dtype=np.int64),
        topic=np.array([topic_of[one.topic] for one in questions], dtype=np.int64),
        facility=np.array([one.facility for one in known]),
        error=np.array([one.error for one in known]),
        group=np.array(
            [group_of.setdefault(one.group, len(group_of)) for one in questions], dtype=np.int64
        ),
        used=np.array([one.exposure_count for one in questions], dtype=np.int64),
        topics=topics,
    )
    place_of = {str(one.question_id): place for place, one in enumerate(questions)}
    if not set(specification.required_question_ids) <= place_of.keys():
        raise RequiredNotInPool
    return stock, Specification(
        sections=sections,
        target=specification.target_points,
        tolerance=specification.tolerance_points,
        cap=specification.most_uses,
        required=frozenset(place_of[one] for one in specification.required_question_ids),
        excluded=frozenset(
            place_of[one] for one in specification.excluded_question_ids if one in place_of
        ),
    )


def _placed(
    row: Sequence[int], questions: Sequence[Candidate], stock: Stock, wanted: Specification
) -> list[DrawnItem]:
    return [
        DrawnItem(
            slot=slot,
            section=int(stock.section[place]),
            candidate=questions[place],
            points=wanted.sections[int(stock.section[place])].points,
        )
        for slot, place in enumerate(row, start=1)
    ]


def _checked(
    questions: Sequence[Candidate], stock: Stock, wanted: Specification, papers: Places
) -> checking.Verdict:
    bank = {
        place: checking.Asked(
            kind=one.kind, topic=one.topic, facility=float(stock.facility[place]), group=one.group
        )
        for place, one in enumerate(questions)
    }
    sections = [
        checking.Wanted(
            kind=rule.kind,
            count=rule.count,
            points=rule.points,
            topics={name: (one.minimum, one.maximum) for name, one in rule.topics.items()},
        )
        for rule in wanted.sections
    ]
    return checking.check(
        papers.tolist(),
        bank,
        sections,
        target=wanted.target,
        tolerance=wanted.tolerance,
        cap=wanted.cap,
        required=wanted.required,
        excluded=wanted.excluded,
    )


def report(exam: Exam, *, at: datetime) -> PaperReport:
    """Say how equal the papers of an exam are.

    Raises:
        ExamNotPublished: none is drawn yet.
    """
    rows = db.session.execute(
        select(Paper.form, PaperItem.version_id, PaperItem.section)
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
    return PaperReport(
        evenness=evenness.of(stock, wanted, papers, pass_mark=_pass_mark(exam)),
        overlap=neighbours.overlap(papers, every.reshape(-1, 2)),
        question_count=len(candidates),
        most_uses=int(np.bincount(papers.ravel()).max()),
        seed_commitment=None if exam.seed is None else _commitment(exam.seed),
        seed=exam.seed if at >= exam.closes_at else None,
    )


def _commitment(seed: str) -> str:
    return sha256(bytes.fromhex(seed)).hexdigest()


def _pass_mark(exam: Exam) -> float:
    if exam.standard is None:
        raise ValueError("A published exam has a standard.")
    return exam.standard.max_points * exam.standard.pass_percent / 100
