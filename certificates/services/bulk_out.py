"""The whole feed of a system as one signed package, made by a job (批量导出)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import rfc8785

from certificates import bulk_packages, exchange_packages, keys, statements
from certificates.bulk_packages import BulkTable
from certificates.services import feeding
from server.db import db
from server.exchange.feed_rules import cursor_behind
from server.exchange.models import ExchangeAgreement
from server.exchange.services import agreements, feed, usage
from server.exchange.services.asking import identity_of
from server.exchange.terms import Ability
from server.jobs import services as jobs
from server.jobs.models import Job

#: The job, and the name of its file.
JOB, FILE = "exchange_package", "package.zip"

#: Entries that are read at once.
_AT_ONCE = 1_000


def ask(job_id: UUID, agreement: ExchangeAgreement, *, format: str, at: datetime) -> Job:
    """Ask for the whole feed as files; the same again is harmless.

    Raises:
        IdTaken: another job stands under this id.
        TooManyJobs: too many are unfinished.
    """
    wanted = {"agreement_id": str(agreement.id), "format": format}
    return jobs.ask(job_id, JOB, wanted, by=identity_of(agreement), at=at)


def made(
    job_id: UUID, agreement_id: UUID, format: str, *, at: datetime, told: Callable[[int, int], None]
) -> tuple[bytes, dict[str, Any]]:
    """Return the package, and how many rows each table has.

    Raises:
        AgreementOver: the agreement has ended meanwhile.
        QuotaSpent: it gives no more today.
    """
    agreement = agreements.standing(agreement_id, on=at.date())
    following = [each for each in feeding.FOLLOWING if agreement.may(each)]
    tables = {kind: BulkTable(kind, format) for kind in bulk_packages.TABLES}
    seq, end = 0, feed.head()
    while seq < end:
        some = feeding.read(agreement, following, seq=seq, limit=_AT_ONCE, until=end)
        for item in some.items:
            moment = item.entered_at.isoformat().replace("+00:00", "Z")
            rows = bulk_packages.rows_of(item.seq, item.kind, moment, item.content)
            tables[item.kind].add(rows)
        if some.items:
            usage.note(
                agreement, Ability.TAKE_FILES, at=at, units=len(some.items), people=some.people
            )
        db.session.expunge_all()
        agreement = agreements.standing(agreement_id, on=at.date())
        seq = some.until_seq
        told(seq, end)
    sheets = list(tables.values())
    said: dict[str, Any] = {
        "$schema": exchange_packages.PROFILE,
        "id": str(job_id),
        "name": f"exchange-{agreement.region.code}",
        "created": at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "exchange": {
            "agreement_id": str(agreement.id),
            "until_seq": end,
            "cursor": cursor_behind(end, agreement.id),
        },
        "resources": [exchange_packages.resource(each) for each in sheets],
    }
    manifest = rfc8785.dumps(said)
    signature = _signature(job_id, agreement, manifest, at)
    counts = {kind: table.count for kind, table in tables.items()}
    return exchange_packages.packed(manifest, signature, sheets), {"rows": counts, "until_seq": end}


def _signature(job_id: UUID, agreement: ExchangeAgreement, manifest: bytes, at: datetime) -> str:
    claims = {
        "iss": keys.ring().address or exchange_packages.ISSUER,
        "aud": str(agreement.id),
        "jti": str(job_id),
        "iat": int(at.timestamp()),
        "exp": int((at + exchange_packages.LIFETIME).timestamp()),
        "manifest_sha256": exchange_packages.digest(manifest),
    }
    return statements.signed(bulk_packages.TYP, claims, keys.ring().of(keys.EXCHANGE))
