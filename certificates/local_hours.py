"""Pure: what somebody at a post lacks of the hours that the region asks for (本地学时).

An authority may ask for more hours than the law (`/v1/hours-rules`). Who was taught under such a
rule with fewer is told so. It warns and keeps nobody from work: only the law does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from certificates import inducting, on_post
from certificates.definitions import months_later
from certificates.on_post_facts import Person, Spell
from certificates.on_post_reasons import Code, Reason

#: Types of training that are asked about here.
INDUCTION: Final = "induction"
RE_TRAINING: Final = "re_training"

#: Lacks of the law that are put right first: hours are counted once an induction is whole.
_FIRST: Final = frozenset(
    {
        *(Code.INDUCTION_PLANT, Code.INDUCTION_WORKSHOP, Code.INDUCTION_TEAM),
        *(Code.POST_CHANGE_WORKSHOP, Code.POST_CHANGE_TEAM),
    }
)


class LocalHours(NamedTuple):
    """Hours that an authority asks for, in force on the day that is asked about."""

    #: The path of its region: it holds there and beneath.
    region: str
    type: str
    roles: frozenset[str]
    #: Only at employers in (or outside) high-risk industries; None at all.
    high_risk: bool | None
    hours: Decimal
    from_on: date
    #: The document, with its article.
    source_zh: str


def lacking(
    person: Person,
    post: Spell,
    rules: Sequence[LocalHours],
    told: Sequence[Reason],
    *,
    high_risk: bool,
    on: date,
) -> Iterator[Reason]:
    """Yield what is lacking on the day of the hours that the region asks for.

    Args:
        person: what is known of them.
        post: the post.
        rules: those of the regions in which the post is, in force on the day.
        told: what the law lacks; what it tells already is not told again.
        high_risk: whether the employer is in a high-risk industry.
        on: the day.
    """
    fitting = [
        rule for rule in rules if post.role in rule.roles and rule.high_risk in (None, high_risk)
    ]
    if fitting:
        yield from _of_induction(person, post, fitting, told, on)
        yield from _of_a_year(person, post, fitting, told, on)


def _of_induction(
    person: Person, post: Spell, rules: Sequence[LocalHours], told: Sequence[Reason], on: date
) -> Iterator[Reason]:
    """An induction is held to the rule of the day on which its last lesson was given."""
    lessons = inducting.first_lessons(person, post, on)
    if not lessons or any(reason.code in _FIRST for reason in told):
        return
    given = max(one.on for one in lessons)
    done = sum((one.hours for one in lessons), Decimal(0))
    asked = [rule for rule in rules if rule.type == INDUCTION and rule.from_on <= given]
    yield from _short(Code.LOCAL_INDUCTION_HOURS, asked, done, told, Code.INDUCTION_HOURS)


def _of_a_year(
    person: Person, post: Spell, rules: Sequence[LocalHours], told: Sequence[Reason], on: date
) -> Iterator[Reason]:
    """A year is held to a rule that held on each of its days."""
    year_ago = months_later(on, -12)
    if on_post.engaged_since(person.spells, post) > year_ago:
        return
    done = sum((one.hours for one in person.taught if year_ago < one.on <= on), Decimal(0))
    asked = [rule for rule in rules if rule.type == RE_TRAINING and rule.from_on <= year_ago]
    yield from _short(Code.LOCAL_ANNUAL_HOURS, asked, done, told, Code.ANNUAL_HOURS)


def _short(
    code: Code, asked: Sequence[LocalHours], done: Decimal, told: Sequence[Reason], of_law: Code
) -> Iterator[Reason]:
    rule = max(asked, key=lambda one: (one.hours, one.from_on), default=None)
    if rule is None or done >= rule.hours:
        return
    if any(each.code is of_law and Decimal(each.due or 0) >= rule.hours for each in told):
        return
    due = f"{rule.hours.normalize():f}"
    yield Reason(code, False, rule.source_zh, done=f"{done.normalize():f}", due=due)
