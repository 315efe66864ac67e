"""The laws and phrases that come with the platform (随附法规), loaded and corrected at start."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from question_bank.models import Law, LawArticle, LawKind, LawPhrase
from question_bank.services import reliances
from server.db import Base, db

#: Under this name the ids of shipped rows are made of their codes: the same everywhere.
_NAMESPACE = uuid5(NAMESPACE_URL, "urn:law-library")


def law_id(code: str) -> UUID:
    """Return the id of a shipped law."""
    return uuid5(_NAMESPACE, code)


def article_id(code: str, name: int | str) -> UUID:
    """Return the id of an article of a shipped law, by its number or its name in the file."""
    return uuid5(_NAMESPACE, f"{code}/{name}")


def load(*, at: datetime) -> int:
    """Load what is missing, correct what changed in the files, and return how many rows.

    The end of a law that somebody entered here stays, unless the file says one itself. When
    anything changed, every question is looked at again.
    """
    changed = sum(_put(row, at=at) for row in rows())
    db.session.flush()
    if changed:
        reliances.settle_all()
    return changed


def rows() -> Iterator[Base]:
    """Yield every shipped row: laws first, then articles, successors before those they replace."""
    laws = sorted(_file("laws.json"), key=lambda law: "replaced_by" in law)
    yield from (_law(law) for law in laws)
    yield from (_article(law, one) for law in laws for one in law["articles"])
    yield from (_phrase(one) for one in _file("phrases.json"))


def _law(law: dict[str, Any]) -> Law:
    successor = law.get("replaced_by")
    return Law(
        id=law_id(law["code"]),
        code=law["code"],
        kind=LawKind(law["kind"]),
        title=law["title"],
        number=law["number"],
        issuer=law["issuer"],
        owner_id=None,
        summary=law["summary"],
        valid_from=_day(law, "valid_from"),
        valid_until=_day(law, "valid_until"),
        replaced_by_id=law_id(successor) if successor else None,
        source=law["source"],
    )


def _article(law: dict[str, Any], one: dict[str, Any]) -> LawArticle:
    successor = one.get("replaced_by")
    return LawArticle(
        id=article_id(law["code"], one.get("ref", one["article"])),
        law_id=law_id(law["code"]),
        ordinal=one["article"],
        subject=one["subject"],
        text=one["text"],
        verbatim=False,
        valid_from=_day(law, "valid_from"),
        valid_until=_day(law, "valid_until"),
        replaced_by_id=article_id(law["replaced_by"], successor) if successor else None,
        source=one["source"],
    )


def _phrase(one: dict[str, Any]) -> LawPhrase:
    number = one["article"]
    return LawPhrase(
        id=uuid5(_NAMESPACE, f"phrase/{one['code']}"),
        code=one["code"],
        law_id=law_id(one["law"]),
        article_id=None if number is None else article_id(one["law"], number),
        all_of=one["all_of"],
        none_of=one["none_of"],
        note=one["note"],
    )


def _put(row: Any, *, at: datetime) -> bool:
    """Store a shipped row or bring the stored one up to the file; say whether anything changed."""
    known = db.session.get(type(row), row.id)
    stamped = hasattr(row, "written_at")
    if known is None:
        if stamped:
            row.written_at = at
        db.session.add(row)
        db.session.flush()
        return True
    names = [column.key for column in row.__mapper__.columns if column.key != "written_at"]
    differing = {
        name: getattr(row, name)
        for name in names
        if getattr(row, name) != getattr(known, name) and not _said_here(name, row)
    }
    for name, value in differing.items():
        setattr(known, name, value)
    if differing and stamped:
        known.written_at = at
    return bool(differing)


def _said_here(name: str, row: Any) -> bool:
    """Say whether a value was entered at this installation and the file is silent about it."""
    return name in ("valid_until", "replaced_by_id") and getattr(row, name) is None


def _day(law: dict[str, Any], name: str) -> date | None:
    return date.fromisoformat(law[name]) if name in law else None


@cache
def _file(name: str) -> list[dict[str, Any]]:
    text = files("question_bank").joinpath("law_library", name).read_text("utf-8")
    loaded: list[dict[str, Any]] = json.loads(text)
    return loaded
