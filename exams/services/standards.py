"""Qualifications and the dated rules of their exams: finding them, loading them (资格与标准)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import insert, or_, select

from exams.errors import NoStandard
from exams.models import Exam, ExamStandard, Qualification
from server import days
from server.catalogue import operations
from server.db import Base, db
from server.errors import NotFound
from server.paging import Page, page
from server.people.roster import PostRole

#: Under this name the ids of shipped rows are made of their codes: the same everywhere.
_NAMESPACE = uuid5(NAMESPACE_URL, "urn:exam-standards")

#: What no exam leads to: merit in a contest.
MERIT = "safety_contest_merit"

#: Qualifications that are a whole role, in Chinese and English.
_ROLES = {
    PostRole.PRINCIPAL: ("主要负责人", "Principal of an enterprise"),
    PostRole.SAFETY_MANAGER: ("安全生产管理人员", "Safety manager"),
    PostRole.ENFORCEMENT_OFFICER: ("安全生产监管执法人员", "Work safety enforcement officer"),
    PostRole.CONSTRUCTION_PRINCIPAL: (
        "建筑施工企业主要负责人（A类）",
        "Principal of a construction enterprise (A)",
    ),
    PostRole.CONSTRUCTION_PROJECT_LEADER: (
        "建筑施工企业项目负责人（B类）",
        "Project leader in construction (B)",
    ),
    PostRole.CONSTRUCTION_SAFETY_MANAGER: (
        "建筑施工企业专职安全生产管理人员（C类）",
        "Full-time safety manager in construction (C)",
    ),
}


def get(qualification_id: UUID) -> Qualification:
    """Return the qualification.

    Raises:
        NotFound: there is no such qualification.
    """
    found = db.session.get(Qualification, qualification_id)
    if found is None:
        raise NotFound
    return found


def find(code: str) -> Qualification | None:
    """Return the qualification with this code, or None."""
    return db.session.execute(
        select(Qualification).where(Qualification.code == code)
    ).scalar_one_or_none()


def listed(*, role: PostRole | None = None, cursor: str | None = None, limit: int = 50) -> Page:
    """Return a page of the qualifications that exams lead to, by code."""
    statement = select(Qualification).where(Qualification.code != MERIT)
    if role is not None:
        statement = statement.where(Qualification.role == role)
    return page(statement, [Qualification.code], cursor=cursor, limit=limit)


def history(qualification_id: UUID) -> list[ExamStandard]:
    """Return every standard there ever was for the qualification, the oldest first.

    Raises:
        NotFound: there is no such qualification.
    """
    get(qualification_id)
    statement = select(ExamStandard).where(ExamStandard.qualification_id == qualification_id)
    return list(db.session.execute(statement.order_by(ExamStandard.effective_from)).scalars())


def counting(qualification: Qualification, *, on: date) -> ExamStandard:
    """Return the standard that counts on a day.

    Raises:
        NoStandard: none does.
    """
    statement = select(ExamStandard).where(
        ExamStandard.qualification_id == qualification.id,
        ExamStandard.effective_from <= on,
        or_(ExamStandard.effective_until.is_(None), ExamStandard.effective_until >= on),
    )
    newest = statement.order_by(ExamStandard.effective_from.desc()).limit(1)
    found = db.session.execute(newest).scalar_one_or_none()
    if found is None:
        raise NoStandard(qualification=qualification.code, on=on.isoformat())
    return found


def of(exam: Exam) -> ExamStandard:
    """Return the standard that an exam goes by: once published, whatever is approved later.

    Raises:
        NoStandard: it is not published, and none counts on its day.
    """
    if exam.standard is not None:
        return exam.standard
    return counting(exam.qualification, on=days.civil_day(exam.opens_at))


def load_reference() -> int:
    """Add the shipped qualifications and standards that are missing; return how many.

    Repeating it changes nothing, and what was corrected here stays corrected.
    """
    qualifications = list(_qualifications())
    rows = [row for one in qualifications for row in _standards(one)]
    return _add(Qualification, qualifications) + _add(ExamStandard, rows)


def _add(table: type[Base], rows: list[dict[str, Any]]) -> int:
    known = set(db.session.execute(select(table.__table__.c.id)).scalars())
    missing = [row for row in rows if row["id"] not in known]
    if missing:
        db.session.execute(insert(table.__table__), missing)  # type: ignore[arg-type]  # a table, as everywhere
    return len(missing)


def _qualifications() -> Iterator[dict[str, Any]]:
    """Return the roles that are qualifications, and every item any catalogue ever had."""
    for role, (name_zh, name_en) in _ROLES.items():
        yield _qualification(role.value, name_zh, name_en, role, None)
    # Whoever takes part in a contest may earn it; no post calls for it, and no exam leads to it.
    yield _qualification(
        MERIT,
        "安全知识竞赛优胜",
        "Merit in a safety knowledge contest",
        PostRole.EMPLOYEE,
        None,
    )
    items = {code: one for version in operations.versions() for code, one in version.items.items()}
    for code, one in items.items():
        yield _qualification(
            one.slug, one.name_zh, one.name_en, PostRole.SPECIAL_OPERATIONS_WORKER, code
        )


def _qualification(
    code: str, name_zh: str, name_en: str, role: PostRole, item: str | None
) -> dict[str, Any]:
    return {
        "id": uuid5(_NAMESPACE, code),
        "code": code,
        "name_zh": name_zh,
        "name_en": name_en,
        "role": role,
        "operation_item": item,
    }


@cache
def _shipped() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        files("exams").joinpath("standards.json").read_text("utf-8")
    )
    return found


def _standards(qualification: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for one in _shipped():
        if qualification["role"] not in one["roles"]:
            continue
        row = {name: value for name, value in one.items() if name != "roles"}
        until = one["effective_until"]
        yield row | {
            "id": uuid5(_NAMESPACE, f"{qualification['code']} {one['effective_from']}"),
            "qualification_id": qualification["id"],
            "effective_from": date.fromisoformat(one["effective_from"]),
            "effective_until": date.fromisoformat(until) if until else None,
            "partial_credit": False,
            "maximum_age": None,
        }
