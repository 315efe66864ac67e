"""What systems use: counted against the quota, and told to the people it is about (用量、告知).

Each answer counts before it is given, with the people it tells of, in the group commit: on a busy
morning many gates share one transaction, and beside an exam they take one place in its queue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Connection, Select, select

from server import queues
from server.days import beginning_of, civil_day
from server.db import db
from server.exchange.errors import QuotaSpent
from server.exchange.models import ExchangeAgreement, ExchangeDisclosure, ExchangeUsage
from server.exchange.terms import Ability
from server.group_commit import Store
from server.paging import Page, page
from server.plain_sql import Insertion, Statement, spelling

_COLUMNS: Final = {
    "key": "text",
    "agreement_id": "uuid",
    "day": "date",
    "ability": "text",
    "units": "integer",
    "refused_count": "integer",
}

# Two processes that count the same at once: the second waits for the row, and then for its lock.
_THERE = Insertion("exchange_usage", _COLUMNS, "ON CONFLICT DO NOTHING")
_HELD = Statement(
    sqlite="""
        SELECT json_group_array(json_array(u.key, u.units, u.refused_count))
        FROM json_each(?) asked CROSS JOIN exchange_usage u ON u.key = asked.value
    """,
    postgresql="""
        SELECT json_agg(json_build_array(key, units, refused_count))::text FROM (
            SELECT * FROM exchange_usage WHERE key = ANY(%s::text[]) ORDER BY key FOR UPDATE) held
    """,
)
_KEEP = Insertion(
    "exchange_usage",
    _COLUMNS,
    "ON CONFLICT (key) DO UPDATE SET units = excluded.units,"
    " refused_count = excluded.refused_count",
)
_TELL = Insertion(
    "exchange_disclosure",
    {
        "person_id": "uuid",
        "day": "date",
        "agreement_id": "uuid",
        "ability": "text",
        "times": "integer",
    },
    "ON CONFLICT (person_id, day, agreement_id, ability)"
    " DO UPDATE SET times = exchange_disclosure.times + excluded.times",
)


class Use(NamedTuple):
    """A system is about to be told something."""

    agreement_id: UUID
    ability: Ability
    at: datetime
    units: int
    quota: int
    #: Whom it is told of.
    people: tuple[UUID, ...] = ()

    @property
    def key(self) -> str:
        """Under which it is counted."""
        return f"{self.agreement_id.hex}:{civil_day(self.at).isoformat()}:{self.ability.value}"


def count(connection: Connection, uses: Sequence[Use]) -> Sequence[QuotaSpent | None]:
    """Count uses in the order they came; each is answered by nothing, or that it is too much."""
    kept = _locked(connection, uses)
    answers: list[QuotaSpent | None] = []
    told: Counter[tuple[str, str, str, str]] = Counter()
    for use in uses:
        units, refused = kept[use.key]
        spent = units + use.units > use.quota
        kept[use.key] = (units, refused + 1) if spent else (units + use.units, refused)
        answers.append(_spent(use.at) if spent else None)
        if not spent:
            day = civil_day(use.at).isoformat()
            rows = ((each.hex, day, use.agreement_id.hex, use.ability.value) for each in use.people)
            told.update(rows)
    _KEEP.write(connection, [_row(use, *kept[use.key]) for use in _one_each(uses)])
    if told:
        _TELL.write(connection, [(*row, times) for row, times in sorted(told.items())])
    return answers


#: For the group commit.
USES: Store[Use, None] = Store("exchange_uses", count)


def note(
    agreement: ExchangeAgreement,
    ability: Ability,
    *,
    at: datetime,
    units: int = 1,
    people: Iterable[UUID] = (),
) -> None:
    """Count what a system is about to be told; it is on the disk when this returns.

    Raises:
        QuotaSpent: the agreement gives no more of it today.
    """
    use = Use(
        agreement_id=agreement.id,
        ability=ability,
        at=at,
        units=units,
        quota=agreement.daily_quota,
        people=tuple(people),
    )
    queues.submit(USES, use)


def of_agreement(agreement_id: UUID, *, since: date) -> list[ExchangeUsage]:
    """Return what a system used day by day, the latest first."""
    statement = (
        select(ExchangeUsage)
        .where(ExchangeUsage.agreement_id == agreement_id, ExchangeUsage.day >= since)
        .order_by(ExchangeUsage.day.desc(), ExchangeUsage.ability)
    )
    return list(db.session.execute(statement).scalars())


def of_person(person_id: UUID, *, cursor: str | None, limit: int) -> Page:
    """Return a page of which systems were told of a person, the latest day first."""
    told, agreed = ExchangeDisclosure, ExchangeAgreement
    statement = (
        select(
            told.day,
            told.agreement_id,
            told.ability,
            told.times,
            agreed.name,
            agreed.purpose,
            agreed.organisation_id,
        )
        .join(agreed, agreed.id == told.agreement_id)
        .where(told.person_id == person_id)
    )
    order = [told.day, told.agreement_id, told.ability]
    rows = cast("Select[Any]", statement)
    return page(rows, order, cursor=cursor, limit=limit, descending=True)


def _locked(connection: Connection, uses: Sequence[Use]) -> dict[str, tuple[int, int]]:
    """Return what was used under all keys, locked in their order."""
    if connection.dialect.name != "sqlite":  # which has one writer at a time
        _THERE.write(connection, [_row(use, 0, 0) for use in _one_each(uses)])
    kept = {use.key: (0, 0) for use in uses}
    for key, units, refused in _HELD.run(connection, spelling(connection).many_in(sorted(kept))):
        kept[key] = (units, refused)
    return kept


def _one_each(uses: Sequence[Use]) -> list[Use]:
    return [use for _, use in sorted({use.key: use for use in uses}.items())]


def _row(use: Use, units: int, refused: int) -> tuple[object, ...]:
    day = civil_day(use.at).isoformat()
    return use.key, use.agreement_id.hex, day, use.ability.value, units, refused


def _spent(at: datetime) -> QuotaSpent:
    tomorrow = beginning_of(civil_day(at) + timedelta(days=1))
    return QuotaSpent(retry_after=int((tomorrow - at).total_seconds()) + 1)
