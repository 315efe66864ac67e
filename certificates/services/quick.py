"""What strangers ask in crowds, answered in one statement and without objects (查验快速应答).

On a result day everybody verifies at once. The answers are those of `verification` and `numbered`,
word for word (a test compares both); each is made of one statement, and of the same rules.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from certificates import moves, serials, tokens
from certificates.models import EventKind
from certificates.services import numbered
from certificates.services.trusting import Found
from certificates.services.verification import NEVER_ISSUED_ZH, STATE_QUERY, Standing
from certificates.validity import Happening, Status, Turn, Validity, status
from server.people.ciphers import DocumentCipher
from server.plain_sql import Statement

_EVENTS_SQLITE: Final = """
    json((SELECT json_group_array(json_array(e.kind, e.effective_on)) FROM (
        SELECT kind, effective_on FROM certificate_event
        WHERE certificate_id = c.id ORDER BY sequence) e))
"""
_EVENTS_POSTGRESQL: Final = """
    (SELECT json_agg(json_build_array(e.kind, e.effective_on) ORDER BY e.sequence)
        FROM certificate_event e WHERE e.certificate_id = c.id)
"""
_WARN_DAYS: Final = "(SELECT r.warn_days FROM certificate_rule r WHERE r.id = c.rule_id)"

#: A certificate as `_Facts`.
_FACTS_SQLITE: Final = f"""
    json_array(c.serial, c.number, c.valid_from, c.valid_until, json(c.review_days),
        json(c.content), {_WARN_DAYS}, {_EVENTS_SQLITE})
"""
_FACTS_POSTGRESQL: Final = f"""
    json_build_array(c.serial, c.number, c.valid_from, c.valid_until, c.review_days,
        c.content, {_WARN_DAYS}, {_EVENTS_POSTGRESQL})
"""

# What is put together here are the fixed texts above; what is asked comes as parameters.
_BY_SERIAL = Statement(
    sqlite=f"""
        SELECT json_group_array({_FACTS_SQLITE}) FROM certificate c WHERE c.serial = ?
    """,  # noqa: S608  # fixed texts
    postgresql=f"""
        SELECT json_agg({_FACTS_POSTGRESQL})::text FROM certificate c WHERE c.serial = %s
    """,  # noqa: S608  # fixed texts
)

_BY_TOKEN = Statement(
    sqlite=f"""
        SELECT json_array(
            json((SELECT json_group_array({_FACTS_SQLITE}) FROM certificate c WHERE c.serial = ?)),
            json((SELECT json_group_array(json_array(i.code, o.name, json(k.jwk),
                    json(i.qualifications), k.not_before, k.not_after, k.state))
                FROM signing_key k JOIN issuer i ON i.id = k.issuer_id
                JOIN organisation o ON o.id = i.organisation_id WHERE k.kid = ?)))
    """,  # noqa: S608  # fixed texts
    postgresql=f"""
        SELECT json_build_array(
            (SELECT json_agg({_FACTS_POSTGRESQL}) FROM certificate c WHERE c.serial = %s),
            (SELECT json_agg(json_build_array(i.code, o.name, k.jwk,
                    i.qualifications, k.not_before, k.not_after, k.state))
                FROM signing_key k JOIN issuer i ON i.id = k.issuer_id
                JOIN organisation o ON o.id = i.organisation_id WHERE k.kid = %s))::text
    """,  # noqa: S608  # fixed texts
)

_BY_NUMBER = Statement(
    sqlite=f"""
        SELECT json_group_array({_FACTS_SQLITE}) FROM (
            SELECT * FROM certificate WHERE number = ? OR number_index = ?
            ORDER BY issued_at DESC, edition DESC) c
    """,  # noqa: S608  # fixed texts
    postgresql=f"""
        SELECT json_agg({_FACTS_POSTGRESQL} ORDER BY c.issued_at DESC, c.edition DESC)::text
        FROM certificate c WHERE c.number = %s OR c.number_index = %s
    """,  # noqa: S608  # fixed texts
)

#: Scanned codes whose signature was found good, kept in each process: 30 MB at most.
_GENUINE = tokens.Memory(20_000)


class _Facts(NamedTuple):
    """A certificate as it comes out of the database."""

    serial: str
    number: str
    valid_from: str
    valid_until: str
    review_days: list[str]
    content: dict[str, Any]
    warn_days: int
    #: What befell it, and the day from which it counts, in order.
    events: list[tuple[str, str]]


def by_serial(connection: Connection, asked: str, *, on: date) -> bytes:
    """Return the answer about the certificate with a serial, as JSON."""
    serial = serials.read(asked) or ""
    return _written(_answer(serial, _BY_SERIAL.run(connection, serial), on))


def by_token(connection: Connection, text: str, *, on: date) -> bytes:
    """Return the answer about the certificate of a signed token, as JSON.

    Raises:
        TokenRefused: one of its subclasses, each for one reason.
    """
    seen = _GENUINE.look(text)
    said, kid = seen.shown.claims.serial, seen.shown.kid.hex()
    facts, keys = _BY_TOKEN.run(connection, serials.read(said) or "", kid)
    claims = _GENUINE.read(seen, Found(connection, keys or ()), on=on)
    told = _answer(serials.read(said) or "", facts or (), on)
    return _written(told | {"serial": claims.serial, "genuine": True})


def by_number(
    connection: Connection, number: str, name: str, *, cipher: DocumentCipher, on: date
) -> bytes:
    """Return the answer about the certificates with a number and a holder's name, as JSON."""
    facts = _BY_NUMBER.run(connection, *numbered.known_by(number, cipher))
    items = [
        _answer(found[0], [found], on)
        for found in facts
        if numbered.is_named(_Facts(*found).content, name)
    ]
    return _written({"items": items, "state_query": STATE_QUERY})


def _written(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()


def _answer(serial: str, rows: Sequence[Any], on: date) -> dict[str, Any]:
    facts = _Facts(*rows[0]) if rows else None
    standing = Standing.NEVER_ISSUED if facts is None else _standing(facts, on)
    zh = NEVER_ISSUED_ZH if facts is None else moves.STATUS_ZH[Status(standing.value)]
    day = on.isoformat()
    changed = [] if facts is None else [since for _, since in facts.events[1:] if since <= day]
    return {
        "serial": serial,
        "on": day,
        "standing": standing.value,
        "standing_zh": zh,
        "stands": standing in (Standing.VALID, Standing.EXPIRING),
        "since": max(changed, default=None),
        "number": None if facts is None else facts.number,
        "content": None if facts is None else facts.content,
        "state_query": STATE_QUERY,
    }


def _standing(facts: _Facts, on: date) -> Standing:
    days = Validity(
        first_day=date.fromisoformat(facts.valid_from),
        last_day=date.fromisoformat(facts.valid_until),
        review_days=tuple(map(date.fromisoformat, facts.review_days)),
    )
    happenings = [
        Happening(turn=Turn(kind), effective_on=date.fromisoformat(since))
        for kind, since in facts.events
        if kind != EventKind.ISSUED
    ]
    found = status(days, on, happenings=happenings, warn=timedelta(days=facts.warn_days))
    return Standing(found.value)
