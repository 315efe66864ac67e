"""Rules of validity by date: loading the shipped ones, finding one (有效期规则)."""

from __future__ import annotations

import csv
import io
from datetime import date
from importlib.resources import files
from typing import Any

from sqlalchemy import or_, select

from certificates.errors import NoRuleInForce
from certificates.models import CertificateRule
from exams.models.standards import Qualification
from server.db import db
from server.people.roster import PostRole

_WHOLE = ("years", "review_every_years", "warn_days")
_DAYS = ("reviews_end_on", "effective_from", "effective_until")


def in_force(qualification: Qualification, *, on: date) -> CertificateRule:
    """Return the rule by which a certificate issued on the day `on` stands.

    Raises:
        NoRuleInForce: no rule counts for the qualification's role on that day.
    """
    found = find(qualification.role, on=on)
    if found is None:
        raise NoRuleInForce(qualification=qualification.code, on=on.isoformat())
    return found


def find(role: PostRole, *, on: date) -> CertificateRule | None:
    """Return the rule of a role that counts on the day `on`; None where the role has none."""
    until = CertificateRule.effective_until
    return db.session.execute(
        select(CertificateRule)
        .where(
            CertificateRule.role == role,
            CertificateRule.effective_from <= on,
            or_(until.is_(None), until >= on),
        )
        .order_by(CertificateRule.effective_from.desc())
        .limit(1)
    ).scalar_one_or_none()


def listed() -> list[CertificateRule]:
    """Return every rule, by role and first day."""
    order = (CertificateRule.role, CertificateRule.effective_from)
    return list(db.session.execute(select(CertificateRule).order_by(*order)).scalars())


def load_reference() -> int:
    """Bring the rules to those that come with the platform; return how many changed.

    Rules added by an installation of its own stay as they are.
    """
    known = {rule.code: rule for rule in db.session.execute(select(CertificateRule)).scalars()}
    changed = 0
    for values in shipped():
        rule = known.get(values["code"])
        if rule is None:
            db.session.add(CertificateRule(**values))
            changed += 1
        elif any(getattr(rule, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(rule, name, value)
            changed += 1
    db.session.flush()
    return changed


def shipped() -> list[dict[str, Any]]:
    """Return the rules that come with the platform, as values of columns."""
    text = files("certificates.data").joinpath("rules.csv").read_text("utf-8")
    return [_values(row) for row in csv.DictReader(io.StringIO(text))]


def _values(row: dict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {name: text or None for name, text in row.items()}
    for name in _WHOLE:
        values[name] = int(row[name]) if row[name] else None
    for name in _DAYS:
        values[name] = date.fromisoformat(row[name]) if row[name] else None
    return {**values, "role": PostRole(row["role"])}
