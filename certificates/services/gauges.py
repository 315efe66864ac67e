"""What an operator watches among certificates and coverage (证书与覆盖率指标)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from cryptography import x509
from sqlalchemy import func, select

from certificates import keys
from certificates.models import (
    CoverageWaiting,
    SigningKey,
    StatusListEdition,
)
from certificates.services.counts import latest, recounting
from certificates.trust import KeyState
from server.config import Config
from server.days import civil_day
from server.db import db
from server.gauges.readings import Gauge, Reading, age


def coverage(_config: Config, at: datetime) -> Iterator[Reading]:
    """Read who waits to be counted, for how long, and what the last full check found."""
    waiting, since = db.session.execute(select(func.count(), func.min(CoverageWaiting.since))).one()
    yield Reading(
        name="platform_coverage_waiting",
        meaning="People and organisations whose facts are not counted yet.",
        value=waiting,
    )
    yield Reading(
        name="platform_coverage_lag_seconds",
        meaning="Seconds by which coverage lags behind the facts.",
        value=age(at, since),
    )
    yield Reading(
        name="platform_coverage_recount_due",
        meaning="1 while coverage is what the rules of a former release say.",
        value=int(recounting.is_due()),
    )
    check = latest.check()
    if check is not None:
        yield Reading(
            name="platform_coverage_differences",
            meaning="Cells in which the last full check of coverage found another number.",
            value=len(check.differences),
        )
        yield Reading(
            name="platform_coverage_check_age_seconds",
            meaning="Seconds since the last full check of coverage.",
            value=age(at, check.checked_at),
        )


def signing_keys(_config: Config, at: datetime) -> Iterator[Reading]:
    """Read for how many days each issuer can still sign with the keys it has; -1 without end."""
    today = civil_day(at)
    days: dict[str, int] = {}
    statement = select(SigningKey).where(SigningKey.state == KeyState.ACTIVE)
    for key in db.session.execute(statement).scalars():
        left = -1 if key.not_after is None else max(0, (key.not_after - today).days)
        issuer = key.issuer.organisation.name
        before = days.get(issuer, 0)
        days[issuer] = -1 if -1 in (left, before) else max(left, before)
    for issuer, left in days.items():
        yield Reading(
            name="platform_signing_key_days",
            meaning="Days for which an issuer can sign with the keys it has; -1: without end.",
            value=left,
            labels={"issuer": issuer},
        )


def status_list(_config: Config, at: datetime) -> Iterator[Reading]:
    """Read how old the list is by which gates refuse what was revoked."""
    made_at = db.session.execute(select(func.max(StatusListEdition.made_at))).scalar()
    if made_at is not None:
        yield Reading(
            name="platform_status_list_age_seconds",
            meaning="Seconds since the signed list of certificates that do not stand was made.",
            value=age(at, made_at),
        )


def seal(_config: Config, at: datetime) -> Iterator[Reading]:
    """Read for how many days the certificates of the seal on printed pages last."""
    chain = keys.ring().seal_chain()
    if chain is not None:
        ends = min(one.not_valid_after_utc for one in x509.load_pem_x509_certificates(chain))
        yield Reading(
            name="platform_seal_days",
            meaning="Days until a certificate of the seal on printed pages ends.",
            value=max(0, (ends - at).days),
        )


GAUGES: tuple[Gauge, ...] = (coverage, signing_keys, status_list, seal)
