"""The rows that the audit adds, for any number of entries in one statement (审计行).

A crowd that hands in writes an entry each, all in one transaction while nobody else may append.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from server.audit.chain import Head, Link
from server.plain_sql import Insertion, Spelling, Statement, spelling

_ENTRIES = Insertion(
    "audit_entry",
    {
        "sequence": "bigint",
        "previous_hash": "text",
        "hash": "text",
        "at": "timestamptz",
        "action": "text",
        "account_id": "uuid",
        "person_id": "uuid",
        "address": "text",
        "subject_kind": "text",
        "subject_id": "uuid",
        "organisation_path": "text",
        "region_path": "text",
        "before": "jsonb",
        "after": "jsonb",
        "reason": "text",
    },
)

_HEAD = Statement(
    sqlite="""
        UPDATE audit_head SET sequence = asked.value ->> 0, hash = asked.value ->> 1
        FROM json_each(?) asked WHERE audit_head.id = 1
    """,
    postgresql="""
        UPDATE audit_head SET sequence = asked.sequence, hash = asked.hash
        FROM unnest(%s::bigint[], %s::text[]) AS asked (sequence, hash) WHERE audit_head.id = 1
    """,
)


def write(connection: Connection, links: Sequence[Link], head: Head) -> None:
    """Add entries to the end of the chain, and move the end."""
    spelt = spelling(connection)
    _ENTRIES.write(connection, [_row(spelt, one) for one in links])
    _HEAD.write(connection, [(head.sequence, head.hash)])


def _row(spelt: Spelling, link: Link) -> tuple[Any, ...]:
    content = link.content
    return (
        link.sequence,
        link.previous_hash,
        link.hash,
        spelt.moment_in(content.at),
        content.action,
        _digits(content.account_id),
        _digits(content.person_id),
        content.address,
        content.subject_kind,
        content.subject_id.hex,
        content.organisation_path,
        content.region_path,
        _document(content.before),
        _document(content.after),
        content.reason,
    )


def _digits(of: UUID | None) -> str | None:
    return None if of is None else of.hex


def _document(document: Mapping[str, Any] | None) -> str | None:
    return None if document is None else json.dumps(document)
