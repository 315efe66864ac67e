"""Publishing a large exam: its papers are drawn, sealed and stored by a job (大批量制卷).

Thousands of forms take a minute, and no transaction lasts longer than some of them need. Until
the last one lies there the exam is a draft, and nobody sees any; then it is published, or its
sitting opened, in one short step. A job that is taken up again goes on where it stopped: the same
chance draws the same forms. What a job leaves that was cancelled or failed is cleared away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import delete, func, or_, select

from exams.drafts import MOST_AT_ONCE
from exams.lifecycle import ExamState
from exams.models import Exam, Paper, PaperItem, PaperMaking, PaperPackage, Sitting
from exams.paper_errors import PapersBeingMade
from exams.services import askers, drawn_forms, planning, readying, sitting_moves
from exams.services.drawn_forms import Lot
from exams.services.papers import Words
from exams.services.readying import Ready
from exams.services.sitting_moves import Wanted
from exams.sittings import SittingMove
from question_bank.services import uses
from server.audit import services as audit
from server.db import db, transaction
from server.jobs import services as jobs
from server.jobs.models import UNFINISHED, Job
from server.jobs.work import Lost, Running
from server.policy import Identity, Permission

#: The name of the job.
KIND: Final = "exam_publication"

#: Forms of one transaction: a hundred questions each take it some 40 milliseconds.
_AT_ONCE: Final = 20

#: Forms of which one transaction clears the rows away.
_CLEARED: Final = 20

#: Makings whose jobs came to no good end; for the work that clears up after them.
ABANDONED = (
    select(PaperMaking)
    .outerjoin(Job, Job.id == PaperMaking.job_id)
    .where(or_(Job.id.is_(None), Job.state.not_in(UNFINISHED)))
)


def is_large(exam_id: UUID, *, by: Identity) -> bool:
    """Say whether a job publishes an exam, for it has yet to be and takes long.

    Raises:
        NotFound: there is no such exam within the asker's scope.
    """
    exam = planning.get(exam_id, scope=by.scope(Permission.PLAN_EXAMS))
    return exam.form_count > MOST_AT_ONCE and planning.awaits_papers(exam)


def ask(exam_id: UUID, *, seed: bytes, by: Identity, at: datetime) -> Job:
    """Ask for a job that publishes an exam, or opens the sitting that it is. Asking again is once.

    Args:
        exam_id: the exam.
        seed: 32 bytes of secret chance for its papers.
        by: who asks, alone may look and cancel, and publishes.
        at: the moment.

    Raises:
        NotFound: there is no such exam within the asker's scope.
        PapersBeingMade: somebody else has asked for it.
        TooManyJobs: about the job.
        DomainError: whatever stands in the way of publishing but for the papers themselves.
    """
    exam = planning.locked(exam_id, scope=by.scope(Permission.PLAN_EXAMS))
    making = db.session.get(PaperMaking, exam_id)
    known = None if making is None else db.session.get(Job, making.job_id)
    if known is not None and known.state in UNFINISHED:
        if known.asked_by != by.account_id:
            raise PapersBeingMade
        return known
    planning.check(exam)
    sitting = db.session.get(Sitting, exam_id)
    if sitting is not None:
        sitting_moves.check_opening(sitting)
    wanted = {"exam_id": str(exam_id), **askers.kept(by, Permission.PLAN_EXAMS)}
    job = jobs.ask(uuid4(), KIND, wanted, by=by, at=at)
    if making is None:
        making = PaperMaking(exam_id=exam_id)
        db.session.add(making)
    making.job_id, making.seed, making.asked_at, making.digest = job.id, seed.hex(), at, None
    db.session.flush()
    audit.append(
        "exam_publication_asked",
        by=by,
        at=at,
        subject_kind="exam",
        subject_id=exam_id,
        after={"job_id": job.id, "form_count": exam.form_count},
        organisation_path=exam.organisation.path,
    )
    return job


def run(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Draw, seal and store the papers of an exam, some at a time, and publish it."""
    exam_id = UUID(wanted["exam_id"])
    exam = db.session.get_one(Exam, exam_id)
    if exam.state is ExamState.DRAFT:
        making = db.session.get(PaperMaking, exam_id)
        if making is None or making.job_id != running.job_id:
            raise Lost
        seed, at = bytes.fromhex(making.seed), making.asked_at
        lot = drawn_forms.draw(exam, seed=seed, at=at)
        ready = Ready(plan=readying.plan_of(exam), asked=lot.asked(), made=None)
        running.told(0, len(lot))
        _begin(exam_id, lot.digest(), running)
        _store(exam_id, lot, running, at=at)
        by = askers.again(running.asked_by, wanted)
        with transaction():
            db.session.delete(_mine(exam_id, running.job_id))
            db.session.flush()
            _publish(exam_id, ready, seed=seed, by=by, at=running.at())
    return {"exam_id": str(exam_id), "form_count": exam.form_count}


def _begin(exam_id: UUID, digest: str, running: Running) -> None:
    """Keep what lies there where it is the beginning of the same forms, or clear it away."""
    with transaction():
        is_same = _mine(exam_id, running.job_id).digest == digest
    while not is_same and _clear_some(exam_id, running.job_id):
        running.told(0, 0)
    with transaction():
        _mine(exam_id, running.job_id).digest = digest


def _store(exam_id: UUID, lot: Lot, running: Running, *, at: datetime) -> None:
    """Store the forms that do not lie there yet."""
    words, noted = Words(), set[UUID]()
    done = db.session.scalars(select(func.count()).where(Paper.exam_id == exam_id)).one()
    while some := lot.some(done, _AT_ONCE):
        running.told(done, len(lot))
        exam = db.session.get_one(Exam, exam_id)
        made = readying.sealed(exam, some, words=words, at=at)
        with transaction():
            _mine(exam_id, running.job_id)
            made.store(exam, at=at, noted=noted)
        done += len(some)
    running.told(done, len(lot))


def _mine(exam_id: UUID, job_id: UUID) -> PaperMaking:
    """Return the making of a job, which nobody else may change until the transaction ends.

    Raises:
        Lost: another job makes them now, or they are made.
    """
    making = db.session.get(PaperMaking, exam_id, with_for_update=True, populate_existing=True)
    if making is None or making.job_id != job_id:
        raise Lost
    return making


def _publish(exam_id: UUID, ready: Ready, *, seed: bytes, by: Identity, at: datetime) -> None:
    """Publish an exam whose papers lie there, or open the sitting that it is."""
    if db.session.get(Sitting, exam_id) is None:
        planning.publish(exam_id, seed=seed, by=by, at=at, ready=ready)
    else:
        wanted = Wanted(move=SittingMove.OPEN, seed=seed, ready=ready)
        sitting_moves.make(exam_id, wanted, by=by, at=at)


def abandoned() -> Sequence[PaperMaking]:
    """Return the makings whose jobs came to no good end: what they left is in nobody's way."""
    return db.session.scalars(ABANDONED).all()


def clear(*, pieces: int) -> int:
    """Clear away what such jobs left, in so many transactions at most; return how many forms."""
    cleared = 0
    for exam_id, job_id in [(one.exam_id, one.job_id) for one in abandoned()]:
        some = _CLEARED
        while some and pieces:
            some, pieces = _clear_some(exam_id, job_id), pieces - 1
            cleared += some
        if not some:
            _let_go(exam_id, job_id)
    return cleared


def _clear_some(exam_id: UUID, job_id: UUID) -> int:
    """Throw away some forms that nobody was given, in one transaction; return how many."""
    with transaction():
        try:
            _mine(exam_id, job_id)
        except Lost:
            return 0
        some = select(Paper.id).where(Paper.exam_id == exam_id).limit(_CLEARED)
        found = list(db.session.scalars(some))
        for column in (PaperPackage.paper_id, PaperItem.paper_id, Paper.id):
            gone = delete(column.class_).where(column.in_(found))
            db.session.execute(gone.execution_options(synchronize_session=False))
        return len(found)


def _let_go(exam_id: UUID, job_id: UUID) -> None:
    """Forget a making of which nothing is left."""
    with transaction():
        try:
            db.session.delete(_mine(exam_id, job_id))
        except Lost:
            return
        uses.forget(exam_id)
