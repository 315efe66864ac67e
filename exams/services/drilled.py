"""Responses and outcomes of a drill: what made-up candidates would have said (演练作答).

They respond by the Rasch model, so that statistics find in them what was put there: each has an
ability, each question a difficulty, and each word comes some seconds after the one before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import exp
from random import Random
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, update

from exams.lifecycle import State
from exams.models import Attempt, Outcome, Paper, PaperItem
from exams.services import entries, forms, marks, papers
from exams.sync import Entry
from question_bank.kinds import LABELS
from server.db import db
from server.plain_sql import spelling

#: Attempts of one statement.
_AT_ONCE: Final = 200

#: Mean difficulty and its spread, in logits; seconds that a response takes in the middle.
_MEAN, _SPREAD, _SECONDS = -1.2, 0.8, 20.0


def respond(attempt_ids: Sequence[UUID], *, at: datetime, seed: int, spread: float = 1.0) -> None:
    """Let candidates who have begun answer everything and hand in, and grade them.

    Args:
        attempt_ids: Whose attempts.
        at: When they begin to answer.
        seed: Of the dice.
        spread: How far their abilities lie apart, as a standard deviation in logits.
    """
    dice = Random(seed)  # noqa: S311  # made-up candidates need no secret chance
    _share_forms(attempt_ids)
    statement = select(Attempt.id, Attempt.paper_id)
    for begin in range(0, len(attempt_ids), _AT_ONCE):
        some = attempt_ids[begin : begin + _AT_ONCE]
        rows = db.session.execute(statement.where(Attempt.id.in_(some))).all()
        outcomes = [_sit(attempt_id, paper_id, dice, at, spread) for attempt_id, paper_id in rows]
        db.session.execute(insert(Outcome), outcomes)
        db.session.execute(
            update(Attempt)
            .where(Attempt.id.in_(some))
            .values(state=State.GRADED, submitted_at=at)
            .execution_options(synchronize_session=False)
        )


def _share_forms(attempt_ids: Sequence[UUID]) -> None:
    """Give every form of the exam to as many candidates."""
    exam_id = db.session.execute(
        select(Attempt.exam_id).where(Attempt.id == attempt_ids[0])
    ).scalar_one()
    forms_of = [paper.id for paper in papers.of(exam_id)]
    if len(forms_of) == 1:
        return
    for number, paper_id in enumerate(forms_of):
        mine = attempt_ids[number :: len(forms_of)]
        for begin in range(0, len(mine), _AT_ONCE):
            db.session.execute(
                update(Attempt)
                .where(Attempt.id.in_(mine[begin : begin + _AT_ONCE]))
                .values(paper_id=paper_id)
                .execution_options(synchronize_session=False)
            )


def _sit(
    attempt_id: UUID, paper_id: UUID, dice: Random, at: datetime, spread: float
) -> dict[str, Any]:
    """Write the words of one candidate; return the outcome."""
    connection = db.session.connection()
    sheet, difficulty = forms.key_sheet(connection, paper_id), _difficulties(paper_id)
    layout = forms.form(connection, paper_id).slots
    able, moment = dice.gauss(0, spread), at
    moment_in = spelling(connection).moment_in
    new: list[entries.New] = []
    chosen_in: dict[int, int] = {}
    for place in sheet:
        key = sum(1 << LABELS.index(label) for label in place.key)
        knows = dice.random() < 1 / (1 + exp(difficulty[place.slot] - able))
        chosen = key if knows else _other(key, layout[place.slot].option_count, dice)
        moment += timedelta(seconds=dice.lognormvariate(0, 0.5) * _SECONDS)
        word = Entry(slot=place.slot, chosen=chosen, sequence=place.slot, epoch=1)
        chosen_in[place.slot] = chosen
        new.append(entries.new(attempt_id.hex, word, moment_in(moment), late=False))
    entries.keep(connection, new)
    worth = marks.sheet(connection, paper_id).grade(chosen_in)
    return {
        "attempt_id": attempt_id,
        "score": str(worth.score),
        "max_score": str(worth.max_score),
        "passed": worth.passed,
        "graded_at": at,
        "released_at": at,
        "announced_at": at,
    }


def _other(key: int, option_count: int, dice: Random) -> int:
    """Return one option that is not the key."""
    wrong = [1 << option for option in range(option_count) if 1 << option != key]
    return dice.choice(wrong)


_KNOWN: dict[UUID, dict[int, float]] = {}


def _difficulties(paper_id: UUID) -> dict[int, float]:
    """Return the difficulty of each slot: the same for a version on whatever paper."""
    if paper_id not in _KNOWN:
        statement = select(PaperItem.slot, PaperItem.version_id).where(
            PaperItem.paper_id == paper_id
        )
        _KNOWN[paper_id] = {
            slot: Random(version_id.int).gauss(_MEAN, _SPREAD)  # noqa: S311  # as above
            for slot, version_id in db.session.execute(statement)
        }
    return _KNOWN[paper_id]


def true_difficulties(exam_id: UUID) -> dict[UUID, float]:
    """Return what was put into the responses of an exam's drill, by version."""
    statement = (
        select(PaperItem.version_id)
        .join(Paper, Paper.id == PaperItem.paper_id)
        .where(Paper.exam_id == exam_id)
    )
    return {
        version_id: Random(version_id.int).gauss(_MEAN, _SPREAD)  # noqa: S311  # as above
        for version_id in db.session.execute(statement).scalars()
    }
