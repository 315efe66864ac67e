"""Pages by cursor, the same for every list (分页)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate
from sqlalchemy import Select, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from server.db import db
from server.errors import Invalid, Message

#: Things on a page when nothing else is asked for, and at most.
USUAL_LIMIT, MOST = 50, 200

#: Days that a list may be asked about: each begins and ends at moments every zone can name.
DAYS = validate.Range(date(1990, 1, 1), date(2200, 1, 1))


class PageQuery(Schema):
    """Which page of a list. Subclass it to add filters."""

    cursor = fields.String(
        load_default=None,
        validate=validate.Length(max=1000),
        metadata={"description": "The `next_cursor` of the page before."},
    )
    limit = fields.Integer(
        load_default=USUAL_LIMIT,
        strict=True,
        validate=validate.Range(1, MOST),
        metadata={"description": "Things on a page."},
    )


class BadCursor(Invalid):
    """The cursor was not made by this list."""

    code = "bad_cursor"

    def __init__(self) -> None:
        super().__init__(
            {"cursor": [Message(en="Not a cursor of this list.", zh="不是本列表的游标。")]}
        )


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some things of a list, in order, and where the next ones begin."""

    items: Sequence[Any]
    next_cursor: str | None


def narrowed(
    statement: Select[Any], wanted: Mapping[InstrumentedAttribute[Any], object]
) -> Select[Any]:
    """Return the statement for what equals the values wanted; None asks for nothing."""
    asked = (column == value for column, value in wanted.items() if value is not None)
    return statement.where(*asked)


def page(
    statement: Select[Any],
    keys: Sequence[InstrumentedAttribute[Any]],
    *,
    cursor: str | None,
    limit: int,
    descending: bool = False,
) -> Page:
    """Run `statement` for one page, in the order of `keys`.

    The cost does not grow with the number of the page: the cursor holds the keys of the last
    thing shown, and the next page begins behind them.

    Args:
        statement: selects one mapped thing (or rows that have the key columns as attributes).
        keys: columns that together order the things without ties.
        cursor: where the page begins; None for the first.
        limit: things on the page.
        descending: newest first, for keys that are moments.

    Raises:
        BadCursor: the cursor belongs to another list, or to none.
    """
    if cursor is not None:
        after = tuple_(*(literal(value, key.type) for value, key in _pairs(cursor, keys)))
        here = tuple_(*keys)
        statement = statement.where(here < after if descending else here > after)
    ordered = statement.order_by(*(key.desc() if descending else key for key in keys))
    result = db.session.execute(ordered.limit(limit + 1))
    found = (
        result.scalars().all()
        if len(statement.selected_columns) == 1 or _one_entity(statement)
        else result.all()
    )
    shown = found[:limit]
    more = len(found) > limit
    return Page(items=shown, next_cursor=cursor_behind(shown[-1], keys) if more else None)


def _one_entity(statement: Select[Any]) -> bool:
    return len(statement.column_descriptions) == 1


def cursor_behind(thing: Any, keys: Sequence[InstrumentedAttribute[Any]]) -> str:
    """Return the cursor of the page that begins behind a thing."""
    values = [_text(getattr(thing, key.key)) for key in keys]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _text(value: Any) -> Any:
    return (
        value.isoformat()
        if isinstance(value, (date, datetime))
        else (str(value) if isinstance(value, UUID) else value)
    )


def _pairs(
    cursor: str, keys: Sequence[InstrumentedAttribute[Any]]
) -> list[tuple[Any, InstrumentedAttribute[Any]]]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(values, list) or len(values) != len(keys):
            raise BadCursor
        return [
            (_value(value, key.type.python_type), key)
            for value, key in zip(values, keys, strict=True)
        ]
    except (ValueError, TypeError, RecursionError):
        raise BadCursor from None


def _value(value: Any, kind: type) -> Any:
    if kind is UUID:
        return UUID(value)
    if kind in (datetime, date):
        return kind.fromisoformat(value)
    if type(value) is not kind or (isinstance(value, str) and "\x00" in value):
        raise BadCursor
    return value
