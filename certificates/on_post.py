"""Whether somebody may work at a post on a day, and everything that stands in the way (上岗判定).

One person at one post: the certificate of every item valid on the day, all levels of induction
before the post, teaching again after a change of post or a year away, the yearly hours, the
rotation of enforcement officers, health, age, bars, days off work after a violation. Every reason
is named, not the first alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache

from certificates import inducting
from certificates.definitions import due_on, months_later
from certificates.on_post_facts import Person, Spell
from certificates.on_post_reasons import Code, Reason
from certificates.on_post_rules import Asked, Requirement, asked
from certificates.validity import Status
from server.people.roster import EXAMINED_AS, PostRole

#: Reasons for want of a certificate, by the best one there is.
_LACKING = {
    Status.EXPIRED: Code.CERTIFICATE_EXPIRED,
    Status.REPLACED: Code.CERTIFICATE_EXPIRED,
    Status.SUSPENDED: Code.CERTIFICATE_SUSPENDED,
    Status.REVOKED: Code.CERTIFICATE_REVOKED,
    Status.CANCELLED: Code.CERTIFICATE_REVOKED,
    Status.NOT_YET_VALID: Code.CERTIFICATE_NOT_YET_VALID,
}
#: The best first.
_RANK = [
    Status.VALID,
    Status.EXPIRING,
    Status.SUSPENDED,
    Status.NOT_YET_VALID,
    Status.EXPIRED,
    Status.REVOKED,
    Status.CANCELLED,
    Status.REPLACED,
    Status.VOIDED,
]


def reasons(person: Person, post: Spell, *, high_risk: bool, on: date) -> tuple[Reason, ...]:
    """Return everything that stands between a person and a post on the day, and every warning.

    Args:
        person: what is known of them.
        post: the post; held on the day.
        high_risk: whether the employer is in a high-risk industry.
        on: the day.
    """
    rules = asked(post.role, high_risk=high_risk, on=on)
    return tuple(
        [
            *_about_person(person, post, rules, on),
            *_about_certificates(person, post, rules, on),
            *inducting.lacking(person, post, rules, on),
            *_about_hours(person, post, rules, on),
            *_about_rotation(person, post, rules, on),
        ]
    )


def _about_person(
    person: Person, post: Spell, rules: dict[Requirement, Asked], on: date
) -> Iterator[Reason]:
    role = certified_as(post.role)
    if any(
        bar.role is None or (bar.role == role and (bar.item is None or bar.item in post.items))
        for bar in person.bars
    ):
        yield Reason(Code.BARRED, True, "《安全生产法》")
    age = rules.get(Requirement.MINIMUM_AGE)
    if age and person.birth_on and months_later(person.birth_on, 12 * age.amount) > on:
        yield Reason(Code.TOO_YOUNG, age.blocks, age.source_zh, due=str(age.amount))
    if person.fit is False:
        yield Reason(Code.UNFIT, True, "《安全生产法》")
    if person.off_work_until is not None and on <= person.off_work_until:
        yield Reason(Code.OFF_WORK, True)


def _about_certificates(
    person: Person, post: Spell, rules: dict[Requirement, Asked], on: date
) -> Iterator[Reason]:
    rule = rules.get(Requirement.CERTIFICATE)
    if rule is None:
        return
    role = certified_as(post.role)
    items: list[str | None] = [*sorted(post.items)]
    for item in items or [None]:
        held = [one.status for one in person.papers if one.role == role and one.item == item]
        best = min(held, key=_RANK.index, default=None)
        if best is Status.EXPIRING:
            yield Reason(Code.CERTIFICATE_EXPIRING, False, rule.source_zh, item=item)
        elif best is not Status.VALID and due_on(post.role, post.from_on) <= on:
            code = Code.CERTIFICATE_MISSING if best is None else _lacking(best)
            yield Reason(code, rule.blocks, rule.source_zh, item=item)
        yield from _about_practical(person, post, rules, item)


def _lacking(best: Status) -> Code:
    return _LACKING.get(best, Code.CERTIFICATE_MISSING)


def _about_practical(
    person: Person, post: Spell, rules: dict[Requirement, Asked], item: str | None
) -> Iterator[Reason]:
    rule = rules.get(Requirement.PRACTICAL_MONTHS)
    if rule is None or item is None:
        return
    left = inducting.left_before(person.spells, post, item=item)
    if left is None or months_later(left, rule.amount) > post.from_on:
        return
    if not any(of in (None, item) and day >= left for of, day in person.practicals):
        yield Reason(
            Code.PRACTICAL_AGAIN, rule.blocks, rule.source_zh, item=item, due=str(rule.amount)
        )


def _about_hours(
    person: Person, post: Spell, rules: dict[Requirement, Asked], on: date
) -> Iterator[Reason]:
    rule = rules.get(Requirement.ANNUAL_HOURS)
    year_ago = months_later(on, -12)
    if rule is None or engaged_since(person.spells, post) > year_ago:
        return
    done = sum((one.hours for one in person.taught if year_ago < one.on <= on), Decimal(0))
    if done < rule.amount:
        yield Reason(
            Code.ANNUAL_HOURS,
            rule.blocks,
            rule.source_zh,
            done=f"{done.normalize():f}",
            due=str(rule.amount),
        )


def _about_rotation(
    person: Person, post: Spell, rules: dict[Requirement, Asked], on: date
) -> Iterator[Reason]:
    rule = rules.get(Requirement.ROTATION_MONTHS)
    if rule is not None and rotation_due_on(person, post, rule) <= on:
        yield Reason(Code.ROTATION, rule.blocks, rule.source_zh, due=str(rule.amount))


def rotation_due_on(person: Person, post: Spell, rule: Asked) -> date:
    """Return the first day on which the last rotation, or the appointment, is too long ago."""
    trained = [one.on for one in person.taught if one.purpose == "rotation"]
    return months_later(max([engaged_since(person.spells, post), *trained]), rule.amount)


def engaged_since(spells: Sequence[Spell], post: Spell) -> date:
    """Return the first day of the unbroken service at the employer that the post belongs to."""
    since = post.from_on
    for each in sorted(spells, key=lambda one: one.from_on, reverse=True):
        if each.at == post.at and (each.until_on or date.max) >= since:
            since = min(since, each.from_on)
    return since


@cache
def certified_as(role: str) -> str:
    """Return the role whose qualification a post calls for."""
    return EXAMINED_AS.get(PostRole(role), PostRole(role)).value
