"""Score sheets of practicals: dated data, written, found and loaded (实操评分表)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import insert, select

from exams import scoring, sheet_frames
from exams.models import Practical, Qualification, ScoreSheet
from exams.practical_errors import NoScoreSheet, ScoreSheetContradictory, ScoreSheetInUse
from exams.scoring import Item, Sheet, Step, Subject, Veto
from exams.services import standards
from server.audit import services as audit
from server.catalogue import operations
from server.db import db
from server.errors import IdTaken
from server.policy import Identity

_NAMESPACE = uuid5(NAMESPACE_URL, "urn:score-sheets")


@dataclass(frozen=True, kw_only=True)
class SheetDraft:
    """A score sheet as somebody writes it."""

    qualification_id: UUID
    effective_from: date
    minutes: int
    pass_percent: int
    tolerance: str
    subjects: list[dict[str, Any]]
    source: str


def of(row: ScoreSheet) -> Sheet:
    """Return a stored sheet as the rules of scoring understand it."""
    return Sheet(
        subjects=subjects(row.subjects),
        pass_percent=row.pass_percent,
        tolerance=Fraction(row.tolerance),
    )


def subjects(stored: Sequence[Mapping[str, Any]]) -> tuple[Subject, ...]:
    """Return subjects as they lie in the table as the rules understand them."""
    return tuple(
        Subject(
            code=one["code"],
            name=one["name"],
            weight=Fraction(one["weight"]),
            items=tuple(_item(item) for item in one["items"]),
        )
        for one in stored
    )


def _item(stored: Mapping[str, Any]) -> Item:
    return Item(
        code=stored["code"],
        name=stored["name"],
        steps=tuple(
            Step(code=step["code"], text=step["text"], points=Fraction(step["points"]))
            for step in stored["steps"]
        ),
        vetoes=tuple(Veto(code=veto["code"], text=veto["text"]) for veto in stored["vetoes"]),
    )


def counting(qualification: Qualification, *, on: date) -> ScoreSheet:
    """Return the sheet that counts on a day: the latest that has begun.

    Raises:
        NoScoreSheet: none has.
    """
    statement = select(ScoreSheet).where(
        ScoreSheet.qualification_id == qualification.id, ScoreSheet.effective_from <= on
    )
    newest = statement.order_by(ScoreSheet.effective_from.desc()).limit(1)
    found = db.session.execute(newest).scalar_one_or_none()
    if found is None:
        raise NoScoreSheet(qualification=qualification.code, on=on.isoformat())
    return found


def history(qualification_id: UUID) -> list[tuple[ScoreSheet, date | None]]:
    """Return every sheet there ever was, the oldest first, with the last day on which it counts.

    Raises:
        NotFound: there is no such qualification.
    """
    standards.get(qualification_id)
    statement = select(ScoreSheet).where(ScoreSheet.qualification_id == qualification_id)
    rows = list(db.session.execute(statement.order_by(ScoreSheet.effective_from)).scalars())
    ends = [one.effective_from - timedelta(days=1) for one in rows[1:]]
    return list(zip(rows, [*ends, None][: len(rows)], strict=True))


def write(sheet_id: UUID, draft: SheetDraft, *, by: Identity, at: datetime) -> ScoreSheet:
    """Write a score sheet under the id given, or write it anew while nothing rests on it.

    Raises:
        NotFound: there is no such qualification.
        ScoreSheetContradictory: weights that do not add up to 100, or anything else.
        ScoreSheetInUse: practicals were planned by it, and it would change.
        IdTaken: it stands for another qualification.
    """
    standards.get(draft.qualification_id)
    found = list(scoring.faults(subjects(draft.subjects)))
    if found:
        raise ScoreSheetContradictory(faults=found)
    known = db.session.get(ScoreSheet, sheet_id)
    if known is None:
        known = ScoreSheet(id=sheet_id, written_at=at, **vars(draft))
        db.session.add(known)
    elif all(getattr(known, name) == value for name, value in vars(draft).items()):
        return known
    else:
        _rewrite(known, draft, at=at)
    db.session.flush()
    audit.append(
        "score_sheet_written",
        by=by,
        at=at,
        subject_kind="score_sheet",
        subject_id=sheet_id,
        after={"effective_from": known.effective_from, "source": known.source},
    )
    return known


def _rewrite(known: ScoreSheet, draft: SheetDraft, *, at: datetime) -> None:
    if known.qualification_id != draft.qualification_id:
        raise IdTaken
    used = select(Practical.id).where(Practical.score_sheet_id == known.id).limit(1)
    if db.session.execute(used).first() is not None:
        raise ScoreSheetInUse
    for name, value in vars(draft).items():
        setattr(known, name, value)
    known.written_at = at


def load_reference(*, at: datetime) -> int:
    """Add the shipped score sheets that are missing; return how many."""
    rows = [row for one in shipped() if (row := _shipped(one, at)) is not None]
    known = set(db.session.execute(select(ScoreSheet.id)).scalars())
    missing = [row for row in rows if row["id"] not in known]
    if missing:
        db.session.execute(insert(ScoreSheet), missing)
    return len(missing)


def shipped() -> list[dict[str, Any]]:
    """Return the score sheets that come with the platform: by a standard, or by the frame."""
    by_standard = _data("score_sheets.json")
    families = {
        item.slug: code.split(".")[0]
        for version in operations.versions()
        for code, item in version.items.items()
    }
    return [*by_standard, *sheet_frames.sheets(_data("score_sheet_frames.json"), families)]


def _data(name: str) -> Any:
    return json.loads(files("exams").joinpath(name).read_text("utf-8"))


def _shipped(one: Mapping[str, Any], at: datetime) -> dict[str, Any] | None:
    qualification = standards.find(one["qualification"])
    if qualification is None:
        return None
    values = {name: value for name, value in one.items() if name != "qualification"}
    return values | {
        "id": uuid5(_NAMESPACE, f"{one['qualification']} {one['effective_from']}"),
        "qualification_id": qualification.id,
        "effective_from": date.fromisoformat(one["effective_from"]),
        "written_at": at,
    }
