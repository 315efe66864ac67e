"""Whom a question serves (适用对象): a role, and perhaps one item of the catalogue."""

from __future__ import annotations

from typing import NamedTuple

from server.people.roster import PostRole


class Tag(NamedTuple):
    """One role, and one operation item or every item of that role (None)."""

    role: PostRole
    operation_item: str | None = None
