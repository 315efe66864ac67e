"""Longer papers for a drill: as many questions as are to be measured with (加长演练试卷).

A demonstration bank may hold fewer questions than the longest papers ask. What a save, a start or a
hand-in costs depends on how many places a paper has and not on what is asked there, so the
questions of the drawn paper come again until there are enough.
"""

from __future__ import annotations

from datetime import datetime
from itertools import cycle, islice
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from exams.models import Paper, PaperItem, PaperPackage
from exams.services import packages, papers
from server.db import db


def lengthen(exam_id: UUID, question_count: int, *, at: datetime) -> None:
    """Give every paper of an exam so many places at least, and seal it anew."""
    for paper in papers.of(exam_id):
        missing = question_count - len(paper.layout)
        if missing > 0:
            _lengthen(paper, missing)
            db.session.execute(delete(PaperPackage).where(PaperPackage.paper_id == paper.id))
            db.session.expire(paper, ["package"])
            packages.seal(paper.id, at=at)


def _lengthen(paper: Paper, missing: int) -> None:
    statement = select(PaperItem).where(PaperItem.paper_id == paper.id).order_by(PaperItem.slot)
    items = list(db.session.execute(statement).scalars())
    drawn: list[Any] = list(paper.layout)
    last = items[-1].section
    again = list(islice(cycle(zip(items, drawn, strict=True)), missing))
    rows = [
        {
            "paper_id": paper.id,
            "slot": len(drawn) + number,
            "section": last,
            "version_id": item.version_id,
            "points": item.points,
            "option_order": item.option_order,
        }
        for number, (item, _) in enumerate(again, start=1)
    ]
    db.session.execute(insert(PaperItem), rows)
    paper.layout = drawn + [[last, *place[1:]] for _, place in again]
    db.session.flush()
