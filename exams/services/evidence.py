"""Responses alike, in step or too fast: a report on an exam, as evidence for people (异常作答报告).

It loads numpy, so that nothing an exam needs may import it. It changes nothing: no point, no
state; who reads it decides, with the seats and the conduct in hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np
from sqlalchemy import select

from exams.lifecycle import State
from exams.models import Attempt, Enrolment, ResponseEntry
from exams.services import forms, kept
from exams.statistics import pace, similarity, synchrony
from exams.statistics.responses import Figures, Numbers
from question_bank.kinds import LABELS
from server.db import db

#: Pairs and candidates of each kind that a report lists, the most remarkable first.
MOST_LISTED: Final = 200

#: Seconds between two arrivals below which both came in one message: nobody knows what they took.
_TOGETHER: Final = 0.5


@dataclass(frozen=True, kw_only=True)
class _Sitting:
    """The attempts on one form, as arrays of candidates × places."""

    attempts: Sequence[Any]
    #: What counts, as bits; `similarity.MISSING` where nothing does.
    chosen: Numbers
    #: When the last word for a place came, in seconds.
    came: Figures


def report(exam_id: UUID, told: Callable[[int, int], None]) -> dict[str, Any]:
    """Compare all graded attempts of an exam, form by form.

    Args:
        exam_id: the exam.
        told: hears how many of how many forms are done.

    Raises:
        ResponsesArchived: responses are in an archive.
    """
    shown = []
    papers = _attempts(exam_id)
    for number, (paper_id, attempts) in enumerate(sorted(papers.items()), start=1):
        shown.append(_form(paper_id, _sitting(attempts)))
        told(number, len(papers))
    return {"exam_id": str(exam_id), "forms": shown, "method": _method()}


def _form(paper_id: UUID, sitting: _Sitting) -> dict[str, Any]:
    connection = db.session.connection()
    keys = [
        sum(1 << LABELS.index(label) for label in place.key)
        for place in forms.key_sheet(connection, paper_id)
    ]
    right = sitting.chosen == np.array(keys)[None, :]
    sections = np.array([place.section for place in forms.form(connection, paper_id).places])
    alike = similarity.compare(sitting.chosen, right)
    in_step = synchrony.compare(sitting.came, sections)
    fast = pace.compare(_seconds(sitting.came))
    share = right.mean(axis=1) if len(right) else right
    return {
        "paper_id": str(paper_id),
        "attempt_count": len(sitting.attempts),
        "alike": _found(alike, alike.pair_count)
        | {
            "pairs": [
                _both(sitting, pair)
                | {
                    "matches": pair.matches,
                    "identical_wrong": pair.identical_wrong,
                    "expected": round(pair.expected, 1),
                }
                for pair in alike.pairs[:MOST_LISTED]
            ]
        },
        "in_step": _found(in_step, in_step.pair_count)
        | {
            "pairs": [
                _both(sitting, pair)
                | {"together": pair.together, "expected": round(pair.expected, 2)}
                for pair in in_step.pairs[:MOST_LISTED]
            ]
        },
        "fast": _found(fast, fast.candidate_count)
        | {
            "attempts": [
                {
                    "attempt_id": str(sitting.attempts[one.one].id),
                    "ratio": round(one.ratio, 3),
                    "right_share": round(float(share[one.one]), 3),
                    "p": one.p,
                }
                for one in fast.fast[:MOST_LISTED]
            ]
        },
    }


def _found(found: Any, compared: int) -> dict[str, Any]:
    return {
        "compared_count": compared,
        "level": found.level,
        "expected_false_count": found.expected_false,
        "found_count": len(found.fast if isinstance(found, pace.Found) else found.pairs),
    }


def _both(sitting: _Sitting, pair: similarity.Pair | synchrony.Pair) -> dict[str, Any]:
    one, other = sitting.attempts[pair.one], sitting.attempts[pair.other]
    return {
        "attempt_ids": [str(one.id), str(other.id)],
        "rooms": [one.room, other.room],
        "p": pair.p,
    }


def _method() -> dict[str, Any]:
    return {
        "family_level": similarity.FAMILY_LEVEL,
        "highest_level": similarity.HIGHEST_LEVEL,
        "fewest_candidates": similarity.FEWEST,
        "window_seconds": synchrony.WINDOW,
        "zh": "仅供人工核查，不作任何自动处理；expected_false_count 为无人作弊时平均误报数的上限。",
        "en": "Evidence for people; nothing follows from it by itself. `expected_false_count` is "
        "how many would be shown on average if all were honest, at most.",
    }


def _attempts(exam_id: UUID) -> Mapping[UUID, list[Any]]:
    statement = (
        select(Attempt.id, Attempt.paper_id, Enrolment.room)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Attempt.exam_id == exam_id, Attempt.state == State.GRADED)
        .order_by(Attempt.id)
    )
    found: dict[UUID, list[Any]] = {}
    for row in db.session.execute(statement):
        found.setdefault(row.paper_id, []).append(row)
    return found


def _sitting(attempts: Sequence[Any]) -> _Sitting:
    places = len(forms.form(db.session.connection(), attempts[0].paper_id).places)
    chosen = np.full((len(attempts), places), similarity.MISSING, dtype=np.int64)
    came = np.full((len(attempts), places), np.nan)
    numbers = {attempt.id: number for number, attempt in enumerate(attempts)}
    columns = (
        ResponseEntry.attempt_id,
        ResponseEntry.slot,
        ResponseEntry.chosen,
        ResponseEntry.received_at,
    )
    ids = list(numbers)
    for begin in range(0, len(ids), 500):
        statement = (
            select(*columns)
            .where(ResponseEntry.attempt_id.in_(ids[begin : begin + 500]), ~ResponseEntry.late)
            .order_by(ResponseEntry.epoch, ResponseEntry.sequence, ResponseEntry.chosen)
        )
        for attempt_id, slot, mask, received_at in db.session.execute(statement):
            cell = numbers[attempt_id], slot - 1
            chosen[cell] = mask or similarity.MISSING
            came[cell] = received_at.timestamp()
        kept.check_at_hand(ids[begin : begin + 500])
    return _Sitting(attempts=attempts, chosen=chosen, came=came)


def _seconds(came: Figures) -> Figures:
    """Return what each response took: the time since the one before it; NaN in one message."""
    order = np.argsort(came, axis=1)
    sorted_ = np.take_along_axis(came, order, axis=1)
    took = np.full_like(came, np.nan)
    steps = np.diff(sorted_, axis=1)
    steps[steps < _TOGETHER] = np.nan
    np.put_along_axis(took, order[:, 1:], steps, axis=1)
    return took
