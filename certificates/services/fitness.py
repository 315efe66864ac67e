"""What `flask doctor` looks at among certificates: signing keys, and coverage (证书体检)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from certificates.models import SigningKey
from certificates.services.counts import recounting
from certificates.trust import KeyState
from server.config import Config
from server.days import civil_day
from server.db import db
from server.doctor.findings import Finding, Level
from server.jobs.models import Job, JobState

#: A key that ends within so many days should have a successor by now.
SOON = timedelta(days=30)


def signing_keys(_config: Config, at: datetime) -> Iterator[Finding]:
    """Look whether each issuer has a key to sign with, for a while yet."""
    today = civil_day(at)
    ends: dict[str, list[bool]] = {}
    for key in db.session.execute(select(SigningKey)).scalars():
        lasts = key.not_after is None or key.not_after > today + SOON
        ends.setdefault(key.issuer.organisation.name, []).append(
            key.state is KeyState.ACTIVE and key.not_before <= today and lasts
        )
    lacking = sorted(name for name, lasting in ends.items() if not any(lasting))
    yield Finding(
        check="signing_keys",
        level=Level.CARE if lacking else Level.FINE,
        zh=f"30 天内将没有可用签发密钥：{'、'.join(lacking)}"
        if lacking
        else f"{len(ends)} 个发证机关均有可用签发密钥",
        en=f"Within 30 days these issuers have no key to sign with: {', '.join(lacking)}."
        if lacking
        else f"All {len(ends)} issuers have a key to sign with.",
    )


def rules_of_coverage(_config: Config, _at: datetime) -> Iterator[Finding]:
    """Look whether coverage was counted by the rules of this release."""
    if not recounting.is_due():
        yield Finding(
            check="coverage_rules",
            level=Level.FINE,
            zh="覆盖率台账按本版本规则计算",
            en="Coverage was counted by the rules of this release.",
        )
        return
    zh, en = _how_far(recounting.last_job())
    yield Finding(
        check="coverage_rules",
        level=Level.CARE,
        zh=f"统计规则已变更，覆盖率台账仍按旧规则计算：{zh}",
        en=f"The rules have changed, and coverage is still what the former ones say: {en}",
    )


def _how_far(job: Job | None) -> tuple[str, str]:
    """Say how far counting anew is; what to do where it does not go on by itself."""
    if job is None:
        return (
            "服务启动后五分钟内自动重算",
            "it is counted anew by itself within five minutes of the server's start.",
        )
    if job.state is JobState.QUEUED:
        return "重算任务排队中", "counting anew waits for its turn."
    if job.state is JobState.RUNNING:
        return (
            f"正在重算（{job.done}/{job.total}）",
            f"it is being counted anew ({job.done} of {job.total}).",
        )
    code = (job.failure or {}).get("code", job.state.value)
    return (
        f"重算未成功（{code}），明日自动再试，也可立即执行 flask coverage rebuild",
        f"counting anew did not succeed ({code}); it is tried again tomorrow, or now by"
        " `flask coverage rebuild`.",
    )


CHECKS = (signing_keys, rules_of_coverage)
