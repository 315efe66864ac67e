"""What strangers ask in crowds, answered in one statement and without objects (查验快速应答).

On a result day everybody verifies at once. The answer is the one of `verification`, word for word
(a test compares both); it is made of one statement over columns, and of the same rules.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from certificates import moves, serials, tokens
from certificates.models import Certificate, CertificateEvent, CertificateRule, EventKind
from certificates.services.trusting import Register
from certificates.services.verification import NEVER_ISSUED_ZH, STATE_QUERY, Standing
from certificates.validity import Happening, Status, Turn, Validity, status


def _composed() -> Select[Any]:
    """Return the one statement: a certificate, the days of its rule, and all that befell it."""
    certificate, event = Certificate.__table__.c, CertificateEvent.__table__.c
    return (
        select(
            certificate.number,
            certificate.valid_from,
            certificate.valid_until,
            certificate.review_days,
            certificate.content,
            CertificateRule.__table__.c.warn_days,
            event.kind,
            event.effective_on,
        )
        .join(CertificateRule.__table__, CertificateRule.__table__.c.id == certificate.rule_id)
        .join(CertificateEvent.__table__, event.certificate_id == certificate.id)
        .where(certificate.serial == bindparam("serial"))
        .order_by(event.sequence)
    )


_STATEMENT = _composed()

#: Scanned codes whose signature was found good, kept in each process: 30 MB at most.
_GENUINE = tokens.Memory(20_000)


def by_serial(connection: Connection, asked: str, *, on: date) -> bytes:
    """Return the answer about the certificate with a serial, as JSON."""
    return json.dumps(_found(connection, asked, on), ensure_ascii=False).encode()


def by_token(connection: Connection, text: str, *, on: date) -> bytes:
    """Return the answer about the certificate of a signed token, as JSON.

    Raises:
        TokenRefused: one of its subclasses, each for one reason.
    """
    claims = tokens.read(text, Register(connection), on=on, memory=_GENUINE)
    told = _found(connection, claims.serial, on) | {"serial": claims.serial, "genuine": True}
    return json.dumps(told, ensure_ascii=False).encode()


def _found(connection: Connection, asked: str, on: date) -> dict[str, Any]:
    serial = serials.read(asked)
    rows = connection.execute(_STATEMENT, {"serial": serial}).all() if serial else []
    return _answer(serial or "", rows, on)


def _answer(serial: str, rows: Sequence[Row[Any]], on: date) -> dict[str, Any]:
    standing = Standing.NEVER_ISSUED if not rows else _standing(rows, on)
    zh = NEVER_ISSUED_ZH if not rows else moves.STATUS_ZH[Status(standing.value)]
    changed = [row.effective_on for row in rows[1:] if row.effective_on <= on]
    return {
        "serial": serial,
        "on": on.isoformat(),
        "standing": standing.value,
        "standing_zh": zh,
        "stands": standing in (Standing.VALID, Standing.EXPIRING),
        "since": max(changed).isoformat() if changed else None,
        "number": rows[0].number if rows else None,
        "content": rows[0].content if rows else None,
        "state_query": STATE_QUERY,
    }


def _standing(rows: Sequence[Row[Any]], on: date) -> Standing:
    first = rows[0]
    days = Validity(
        first_day=first.valid_from,
        last_day=first.valid_until,
        review_days=tuple(date.fromisoformat(day) for day in first.review_days),
    )
    happenings = [
        Happening(turn=Turn(row.kind.value), effective_on=row.effective_on)
        for row in rows
        if row.kind is not EventKind.ISSUED
    ]
    found = status(days, on, happenings=happenings, warn=timedelta(days=first.warn_days))
    return Standing(found.value)
