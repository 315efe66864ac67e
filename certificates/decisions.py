"""What a decision on paper says: its title, and what can be done against it (决定书)."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from certificates.validity import Turn

#: What is written over a decision, by what it decides.
TITLES: dict[Turn, tuple[str, str]] = {
    Turn.SUSPENDED: ("暂扣证书决定书", "Decision to suspend a certificate"),
    Turn.REVOKED: ("撤销证书决定书", "Decision to revoke a certificate"),
    Turn.CANCELLED: ("注销证书决定书", "Decision to cancel a certificate"),
    Turn.VOIDED: ("证书作废决定书", "Decision to void a certificate issued by mistake"),
}

#: What the platform does at once by itself is none yet: a person decides.
AT_ONCE = ("先行暂扣通知书", "Notice of immediate suspension")


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """What the person concerned may do against a decision, between two days."""

    effective_from: date
    effective_until: date | None
    zh: str
    en: str
    source_zh: str


@cache
def shipped() -> tuple[Remedy, ...]:
    """Return the remedies that come with the platform."""
    text = files("certificates.data").joinpath("remedies.csv").read_text("utf-8")
    return tuple(
        Remedy(
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_until=(
                date.fromisoformat(row["effective_until"]) if row["effective_until"] else None
            ),
            zh=row["zh"],
            en=row["en"],
            source_zh=row["source_zh"],
        )
        for row in csv.DictReader(io.StringIO(text))
    )


def remedy(on: date) -> Remedy | None:
    """Return what may be done against a decision of a day; None where no law says it."""
    return next(
        (
            each
            for each in shipped()
            if each.effective_from <= on
            and (each.effective_until is None or on <= each.effective_until)
        ),
        None,
    )
