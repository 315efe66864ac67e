"""One's own certificates, for all who look at the same moment: result day (同时查证).

`certificates.services.standing.held` shows those of one person as objects; this shows those of all
who ask, by the same rules, in one statement for any number (a test compares both).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from certificates import moves
from certificates.models import EventKind
from certificates.validity import Happening, Turn, Validity, review_due_on, status
from server.days import civil_day
from server.plain_sql import Spelling, Statement, hyphened, spelling

_FIELDS: Final = (
    "c.person_id, c.id, c.serial, c.number, c.edition, c.remark, c.qualification_id, c.issuer_id, "
    "c.valid_from, c.valid_until, c.attempt_id, c.previous_id, c.content_hash, c.issued_at, "
    "c.token, r.warn_days"
)
_EVENT: Final = (
    "e.sequence, e.kind, e.effective_on, e.reason, e.ground, e.document, e.by_id IS NULL, e.at"
)

# What is put together here are the fixed texts above; who asks comes as a parameter.
_HELD = Statement(
    sqlite=f"""
        SELECT json_group_array(json_array({_FIELDS}, json(c.review_days), json(c.content), json((
            SELECT json_group_array(json_array({_EVENT})) FROM (
                SELECT * FROM certificate_event
                WHERE certificate_id = c.id ORDER BY sequence) e))))
        FROM json_each(?) asked CROSS JOIN certificate c ON c.person_id = asked.value
        JOIN certificate_rule r ON r.id = c.rule_id
    """,  # noqa: S608  # fixed texts
    postgresql=f"""
        SELECT json_agg(json_build_array({_FIELDS}, c.review_days, c.content, (
            SELECT json_agg(json_build_array({_EVENT}) ORDER BY e.sequence)
            FROM certificate_event e WHERE e.certificate_id = c.id)))::text
        FROM certificate c JOIN certificate_rule r ON r.id = c.rule_id
        WHERE c.person_id = ANY(%s::uuid[])
    """,  # noqa: S608  # fixed texts
)


class Look(NamedTuple):
    """Whose certificates are asked about, and when."""

    person_id: UUID
    at: datetime


class _Row(NamedTuple):
    """A certificate as it comes out of the database; ids and moments as it spells them."""

    person_id: str
    id: str
    serial: str
    number: str
    edition: int
    remark: str | None
    qualification_id: str
    issuer_id: str
    valid_from: str
    valid_until: str
    attempt_id: str | None
    previous_id: str | None
    content_hash: str
    issued_at: str
    token: str
    warn_days: int
    review_days: Sequence[str]
    content: Mapping[str, Any]
    events: Sequence[Sequence[Any]] | None


def seen(connection: Connection, looks: Sequence[Look]) -> list[list[dict[str, Any]]]:
    """Return the certificates of each person as `CertificateWithTokenOut` shows them.

    The newest come first. Each stands as it does on the day of looking.
    """
    spelt = spelling(connection)
    found: dict[UUID, list[_Row]] = {one.person_id: [] for one in looks}
    for fields in _HELD.run(connection, spelt.ids_in(found)):
        row = _Row(*fields)
        found[UUID(row.person_id)].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: row.number)
        rows.sort(key=lambda row: row.valid_from, reverse=True)
    return [
        [_shown(spelt, row, civil_day(one.at)) for row in found[one.person_id]] for one in looks
    ]


def _shown(spelt: Spelling, row: _Row, on: date) -> dict[str, Any]:
    events = [_event(spelt, *fields) for fields in row.events or ()]
    befell = [
        Happening(turn=Turn(event["kind"]), effective_on=date.fromisoformat(event["effective_on"]))
        for event in events
        if event["kind"] != EventKind.ISSUED
    ]
    days = Validity(
        first_day=date.fromisoformat(row.valid_from),
        last_day=date.fromisoformat(row.valid_until),
        review_days=tuple(map(date.fromisoformat, row.review_days)),
    )
    stands = status(days, on, happenings=befell, warn=timedelta(days=row.warn_days))
    due = review_due_on(days, [one.effective_on for one in befell if one.turn is Turn.REVIEWED])
    return {
        "id": hyphened(row.id),
        "serial": row.serial,
        "number": row.number,
        "edition": row.edition,
        "remark": row.remark,
        "person_id": hyphened(row.person_id),
        "qualification_id": hyphened(row.qualification_id),
        "issuer_id": hyphened(row.issuer_id),
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "review_due_on": due and due.isoformat(),
        "status": stands.value,
        "status_zh": moves.STATUS_ZH[stands],
        "status_on": on.isoformat(),
        "attempt_id": row.attempt_id and hyphened(row.attempt_id),
        "previous_id": row.previous_id and hyphened(row.previous_id),
        "content": row.content,
        "content_hash": row.content_hash,
        "issued_at": spelt.moment_out(row.issued_at).isoformat(),
        "events": events,
        "token": row.token,
    }


def _event(
    spelt: Spelling,
    sequence: int,
    kind: str,
    effective_on: str,
    reason: str,
    ground: str | None,
    document: str | None,
    by_platform: bool | int,
    at: str,
) -> dict[str, Any]:
    return {
        "sequence": sequence,
        "kind": kind,
        "effective_on": effective_on,
        "reason": reason,
        "ground": ground,
        "document": document,
        "by_platform": bool(by_platform),
        "at": spelt.moment_out(at).isoformat(),
    }
