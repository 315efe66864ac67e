"""Frameworks: those that come with the platform, and a bureau's own versions (能力框架服务)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import select

from certificates.competence import frameworks
from certificates.competence.errors import FrameworkInUse
from certificates.competence.models import CompetenceFramework
from server import days
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.paging import Page, page
from server.policy import Identity

_SHIPPED = ("enforcement_officers.json", "safety_managers.json")


def load_reference() -> int:
    """Add the frameworks that come with the platform where they are missing; return how many."""
    added = 0
    for name in _SHIPPED:
        text = files("certificates.competence.data").joinpath(name).read_text("utf-8")
        content = json.loads(text)
        effective_from = date.fromisoformat(content.pop("effective_from"))
        framework_id = uuid5(NAMESPACE_URL, f"competence:{content['key']}:{effective_from}")
        if db.session.get(CompetenceFramework, framework_id) is None:
            frameworks.read(content)
            db.session.add(
                CompetenceFramework(
                    id=framework_id,
                    key=content["key"],
                    effective_from=effective_from,
                    content=content,
                )
            )
            added += 1
    db.session.flush()
    return added


def write(
    framework_id: UUID,
    content: Mapping[str, Any],
    *,
    effective_from: date,
    by: Identity,
    at: datetime,
) -> CompetenceFramework:
    """Write a version of a framework; the same again changes nothing.

    Raises:
        GradesFormCircle, FrameworkUnfit: it contradicts itself.
        FrameworkInUse: it would count from today or earlier, or a version begins on that day.
        IdTaken: another version stands under this id.
    """
    known = db.session.get(CompetenceFramework, framework_id)
    if known is not None:
        if known.content != dict(content) or known.effective_from != effective_from:
            raise IdTaken
        return known
    read = frameworks.read(content)
    same_day = select(CompetenceFramework.id).where(
        CompetenceFramework.key == read.key, CompetenceFramework.effective_from == effective_from
    )
    if effective_from <= days.civil_day(at) or db.session.execute(same_day).first() is not None:
        raise FrameworkInUse
    made = CompetenceFramework(
        id=framework_id,
        key=read.key,
        effective_from=effective_from,
        content=dict(content),
        written_at=at,
        written_by_id=by.account_id,
    )
    db.session.add(made)
    db.session.flush()
    audit.append(
        "competence_framework_written",
        by=by,
        at=at,
        subject_kind="competence_framework",
        subject_id=framework_id,
        after={"key": read.key, "effective_from": effective_from},
    )
    return made


def get(framework_id: UUID) -> CompetenceFramework:
    """Return a version.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(CompetenceFramework, framework_id)
    if found is None:
        raise NotFound
    return found


def in_force(key: str, *, on: date) -> CompetenceFramework:
    """Return the version of a framework that counts on a day.

    Raises:
        NotFound: there is no such framework, or it did not count yet.
    """
    statement = (
        select(CompetenceFramework)
        .where(CompetenceFramework.key == key, CompetenceFramework.effective_from <= on)
        .order_by(CompetenceFramework.effective_from.desc())
    )
    found = db.session.execute(statement.limit(1)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def all_in_force(*, on: date) -> list[CompetenceFramework]:
    """Return the version of every framework that counts on a day, by key."""
    statement = (
        select(CompetenceFramework)
        .where(CompetenceFramework.effective_from <= on)
        .order_by(CompetenceFramework.key, CompetenceFramework.effective_from)
    )
    latest = {each.key: each for each in db.session.execute(statement).scalars()}
    return list(latest.values())


def listed(*, cursor: str | None, limit: int) -> Page:
    """Return a page of all versions, by the day from which they count, the latest first."""
    keys = [CompetenceFramework.effective_from, CompetenceFramework.id]
    return page(select(CompetenceFramework), keys, cursor=cursor, limit=limit, descending=True)
