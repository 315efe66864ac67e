"""Rules of validity by date: the shipped ones, local ones, the one that counts (有效期规则)."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date, datetime
from importlib.resources import files
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from certificates.errors import NoRuleInForce
from certificates.life_errors import (
    LettersTaken,
    RuleOverlaps,
    RuleShipped,
    RuleSpanEmpty,
    RuleUsed,
)
from certificates.models import Certificate, CertificateRule
from certificates.numbering import Numbering
from certificates.services import issuers
from exams.models.standards import Qualification
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken
from server.paging import narrowed
from server.people.roster import PostRole
from server.policy import Identity, Permission

_WHOLE = ("years", "review_every_years", "warn_days", "renewal_window_days")
_DAYS = ("reviews_end_on", "effective_from", "effective_until")
_TRUTHS = ("extendable", "two_to_lift")


def in_force(
    qualification: Qualification, *, on: date, issuer_id: UUID | None = None
) -> CertificateRule:
    """Return the rule by which a certificate issued on the day `on` stands.

    A rule of the issuer's own goes before one for all, one for the qualification before one for
    its role.

    Raises:
        NoRuleInForce: no rule counts for the qualification on that day.
    """
    counting = [
        rule
        for rule in _counting(qualification.role, on)
        if rule.qualification_code in (None, qualification.code)
        and rule.issuer_id in (None, issuer_id)
    ]
    if not counting:
        raise NoRuleInForce(qualification=qualification.code, on=on.isoformat())
    return max(counting, key=_precedence)


def find(role: PostRole, *, on: date) -> CertificateRule | None:
    """Return the rule for a whole role that counts everywhere on the day `on`, or None."""
    counting = [
        rule
        for rule in _counting(role, on)
        if rule.qualification_code is None and rule.issuer_id is None
    ]
    return max(counting, key=_precedence, default=None)


def _counting(role: PostRole, on: date) -> list[CertificateRule]:
    until = CertificateRule.effective_until
    statement = select(CertificateRule).where(
        CertificateRule.role == role,
        CertificateRule.effective_from <= on,
        or_(until.is_(None), until >= on),
    )
    return list(db.session.execute(statement).scalars())


def _precedence(rule: CertificateRule) -> tuple[bool, bool, date]:
    return rule.issuer_id is not None, rule.qualification_code is not None, rule.effective_from


def add(
    rule_id: UUID, issuer_id: UUID, values: Mapping[str, Any], *, by: Identity, at: datetime
) -> CertificateRule:
    """Add a kind of certificate of an issuer's own, or correct it; the same again does nothing.

    Args:
        rule_id: made by who asks.
        issuer_id: for whose certificates alone it counts.
        values: columns of `CertificateRule`.
        by: who adds it; must be allowed to where the issuer is.
        at: the moment.

    Raises:
        NotFound: there is no such issuer within the asker's scope.
        RuleShipped: the rule comes with the platform.
        IdTaken: it is the rule of another issuer, or its code is another rule's.
        RuleSpanEmpty, RuleOverlaps, RuleUsed, LettersTaken: see there.
    """
    issuer = issuers.get(issuer_id, scope=by.scope(Permission.MANAGE_ORGANISATIONS))
    known = _changeable(rule_id, issuer.id, values)
    _check_span(rule_id, issuer.id, values)
    _check_letters(values)
    rule = known or CertificateRule(id=rule_id, issuer_id=issuer.id)
    changed = {name: value for name, value in values.items() if getattr(rule, name) != value}
    if not changed:
        return rule
    if known is not None and changed.keys() - {"effective_until"} and _is_used(rule_id):
        raise RuleUsed
    for name, value in changed.items():
        setattr(rule, name, value)
    db.session.add(rule)
    db.session.flush()
    audit.append(
        "certificate_rule_added" if known is None else "certificate_rule_corrected",
        by=by,
        at=at,
        subject_kind="certificate_rule",
        subject_id=rule.id,
        after={name: str(value) for name, value in changed.items()},
        organisation_path=issuer.organisation.path,
    )
    return rule


def _changeable(
    rule_id: UUID, issuer_id: UUID, values: Mapping[str, Any]
) -> CertificateRule | None:
    known = db.session.get(CertificateRule, rule_id)
    if known is not None and known.issuer_id is None:
        raise RuleShipped
    named = db.session.execute(
        select(CertificateRule).where(CertificateRule.code == values["code"])
    ).scalar_one_or_none()
    if (known is not None and known.issuer_id != issuer_id) or named not in (None, known):
        raise IdTaken
    return known


def _check_span(rule_id: UUID, issuer_id: UUID, values: Mapping[str, Any]) -> None:
    first, last = values["effective_from"], values["effective_until"] or date.max
    if last < first:
        raise RuleSpanEmpty
    beside = select(CertificateRule).where(
        CertificateRule.id != rule_id,
        CertificateRule.issuer_id == issuer_id,
        CertificateRule.role == values["role"],
        CertificateRule.qualification_code.is_(None)
        if values["qualification_code"] is None
        else CertificateRule.qualification_code == values["qualification_code"],
        CertificateRule.effective_from <= last,
    )
    for other in db.session.execute(beside).scalars():
        if (other.effective_until or date.max) >= first:
            raise RuleOverlaps(rule=other.code)


def _check_letters(values: Mapping[str, Any]) -> None:
    other = select(CertificateRule.id).where(
        CertificateRule.letters == values["letters"], CertificateRule.kind != values["kind"]
    )
    if db.session.execute(other).first() is not None:
        raise LettersTaken(letters=values["letters"])


def _is_used(rule_id: UUID) -> bool:
    issued = select(Certificate.id).where(Certificate.rule_id == rule_id).limit(1)
    return db.session.execute(issued).first() is not None


def listed(
    *, role: PostRole | None = None, in_force_on: date | None = None
) -> list[CertificateRule]:
    """Return every rule, by role and first day; only those that count on a day."""
    order = (CertificateRule.role, CertificateRule.effective_from)
    wanted = narrowed(select(CertificateRule).order_by(*order), {CertificateRule.role: role})
    if in_force_on is not None:
        until = CertificateRule.effective_until
        wanted = wanted.where(
            CertificateRule.effective_from <= in_force_on,
            or_(until.is_(None), until >= in_force_on),
        )
    return list(db.session.execute(wanted).scalars())


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
    for name in _TRUTHS:
        values[name] = row[name] == "true"
    return {**values, "role": PostRole(row["role"]), "numbering": Numbering(row["numbering"])}
