"""What a backup says of itself: what was in the database when it was made (备份清单)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from server.backups.errors import BackupFailed

#: The form of a manifest; a newer form is refused by older code.
FORM = 1


@dataclass(frozen=True)
class TableContent:
    """The content of one table."""

    rows: int
    #: The sum of a hash of every row, in hexadecimal: no order of rows matters to it, and a row
    #: that is missing, changed or there twice does.
    digest: str


@dataclass(frozen=True)
class AuditEnd:
    """The end of the audit chain."""

    sequence: int
    hash: str


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a database holds: its schema, each table, and where its audit chain ends."""

    schema: str
    tables: Mapping[str, TableContent]
    audit: AuditEnd


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup says of itself. It names no person and may be read by anybody."""

    #: Unique, and in the order of time.
    name: str
    made_at: datetime
    #: `sqlite` or `postgresql`: a backup returns into the same kind of database.
    database: str
    contents: Contents

    def to_json(self) -> str:
        """Return the text that is stored."""
        values = {"form": FORM, **asdict(self), "made_at": self.made_at.isoformat()}
        return json.dumps(values, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Read what `to_json` wrote.

        Raises:
            BackupFailed: it is no manifest, or one of a newer form.
        """
        try:
            values: dict[str, Any] = json.loads(text)
            if values["form"] != FORM:
                raise BackupFailed(
                    f"This backup has form {values['form']}, and this code reads form {FORM}:"
                    " restore it with the release that made it."
                )
            contents = values["contents"]
            return cls(
                name=values["name"],
                made_at=datetime.fromisoformat(values["made_at"]),
                database=values["database"],
                contents=Contents(
                    schema=contents["schema"],
                    tables={
                        name: TableContent(**table) for name, table in contents["tables"].items()
                    },
                    audit=AuditEnd(**contents["audit"]),
                ),
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BackupFailed("The manifest of this backup cannot be read.") from None


def differences(expected: Contents, found: Contents) -> list[str]:
    """Say table by table what differs between what was backed up and what came back."""
    said = []
    if expected.schema != found.schema:
        said.append(f"schema: {expected.schema} was backed up, {found.schema} came back")
    for name in sorted(expected.tables.keys() | found.tables.keys()):
        before, after = expected.tables.get(name), found.tables.get(name)
        if before == after:
            continue
        if before is None or after is None:
            said.append(f"{name}: {'came from nowhere' if before is None else 'is missing'}")
        elif before.rows != after.rows:
            said.append(f"{name}: {before.rows} rows were backed up, {after.rows} came back")
        else:
            said.append(f"{name}: rows changed")
    if expected.audit != found.audit:
        said.append(
            f"audit: its end was {expected.audit.sequence}, and is {found.audit.sequence} now"
        )
    return said
