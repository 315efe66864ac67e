"""Verdicts: may this person work here today, and if not, why and what to do (上岗判定)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from certificates import local_hours, on_post
from certificates.local_hours import LocalHours
from certificates.on_post_facts import Person
from certificates.on_post_reasons import Code, Reason
from certificates.services.on_post import gathering
from certificates.services.on_post.gathering import Gathered, Held
from server.db import db
from server.organisations import services as organisations
from server.organisations.models import Organisation
from server.organisations.models import within as organisations_within
from server.paging import Page, cursor_behind, page
from server.people.models import Post
from server.people.services import posts
from server.regions.models import beneath
from server.regions.tree import is_beneath
from server.scopes import EVERYWHERE, Scope

#: People looked at in one go. More of them at once would take twice the time: whatever Python
#: collects of its garbage, it looks at everybody's facts again.
_MANY = 1_000

#: Posts looked through at once for a filter.
_STEP = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a person may work at a post on a day."""

    person_id: UUID
    #: None where the person holds no post there on the day.
    post_id: UUID | None
    organisation_id: UUID | None
    role: str | None
    items: tuple[str, ...]
    on: date
    reasons: tuple[Reason, ...]

    @property
    def may_work(self) -> bool:
        """Whether nothing keeps the person from the post; warnings do not."""
        return not any(reason.blocks for reason in self.reasons)


@dataclass(frozen=True, kw_only=True)
class Summary:
    """How many of an enterprise may work on a day, and what keeps the others."""

    on: date
    post_count: int
    may_work_count: int
    #: How many posts each reason keeps from work, by its code.
    reasons: dict[str, int]


def of(person_ids: Collection[UUID], *, on: date, under: str | None = None) -> list[Verdict]:
    """Return the verdict on every post that these people hold on the day.

    Args:
        person_ids: who is asked about.
        on: the day.
        under: the path of an organisation: only posts there or beneath; whoever has none there
            may not work there.
    """
    every: list[UUID] = list(dict.fromkeys(person_ids))
    found: list[Verdict] = []
    for start in range(0, len(every), _MANY):
        some = every[start : start + _MANY]
        found += _judged(gathering.gather(some, on=on), on=on, under=under)
    met = {verdict.person_id for verdict in found}
    return found + [_without_post(each, on) for each in every if each not in met]


def at(organisation_id: UUID, *, on: date, scope: Scope = EVERYWHERE) -> list[Verdict]:
    """Return the verdict on every post held on the day at an organisation or beneath it.

    Raises:
        NotFound: there is no such organisation within the scope.
    """
    return list(_at(organisation_id, on=on, scope=scope))


def summary(organisation_id: UUID, *, on: date, scope: Scope = EVERYWHERE) -> Summary:
    """Count who may work at an organisation on the day, and what keeps the others.

    Raises:
        NotFound: there is no such organisation within the scope.
    """
    posts, may_work, kept = 0, 0, Counter[str]()
    for verdict in _at(organisation_id, on=on, scope=scope):
        posts += 1
        may_work += verdict.may_work
        kept.update({reason.code.value for reason in verdict.reasons if reason.blocks})
    return Summary(
        on=on,
        post_count=posts,
        may_work_count=may_work,
        reasons=dict(sorted(kept.items())),
    )


def listed(
    scope: Scope,
    *,
    on: date,
    organisation_id: UUID | None = None,
    may_work: bool | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the verdicts on posts held on the day within the scope.

    Args:
        scope: where the asker may see people.
        on: the day.
        organisation_id: only posts there or beneath.
        may_work: only who may, or only who may not.
        cursor: where the page begins.
        limit: verdicts on the page.

    Raises:
        NotFound: there is no such organisation within the scope.
    """
    statement = (
        select(Post)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(organisations_within(scope), posts.is_held(on))
    )
    if organisation_id is not None:
        organisations.get(organisation_id, scope=scope)
        statement = statement.where(_beneath(organisation_id))
    if may_work is None:
        some = page(statement, [Post.id], cursor=cursor, limit=limit)
        return replace(some, items=_of_posts(some.items, on))
    return _filtered(statement, may_work, on=on, cursor=cursor, limit=limit)


def _filtered(
    statement: Select[Any], may_work: bool, *, on: date, cursor: str | None, limit: int
) -> Page:
    """Look through posts step by step until a page of those that fit is full."""
    found: list[Verdict] = []
    while True:
        some = page(statement, [Post.id], cursor=cursor, limit=_STEP)
        for post, verdict in zip(some.items, _of_posts(some.items, on), strict=True):
            if verdict.may_work is not may_work:
                continue
            found.append(verdict)
            if len(found) == limit:
                return Page(items=found, next_cursor=cursor_behind(post, [Post.id]))
        if some.next_cursor is None:
            return Page(items=found, next_cursor=None)
        cursor = some.next_cursor


def _of_posts(held: Sequence[Post], on: date) -> list[Verdict]:
    people = {post.person_id for post in held}
    judged = _judged(gathering.gather(people, on=on), on=on, under=None)
    by_post = {verdict.post_id: verdict for verdict in judged}
    return [by_post[post.id] for post in held]


def _beneath(organisation_id: UUID) -> ColumnElement[bool]:
    return beneath(Organisation.path, organisations.get(organisation_id).path)


def _at(organisation_id: UUID, *, on: date, scope: Scope) -> Iterator[Verdict]:
    """Yield the verdict on every post held on the day at a place, some people at a time."""
    path = organisations.get(organisation_id, scope=scope).path
    held = (
        select(Post.person_id)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(beneath(Organisation.path, path), posts.is_held(on))
    )
    everybody = db.session.execute(held.distinct()).scalars().all()
    for start in range(0, len(everybody), _MANY):
        some = everybody[start : start + _MANY]
        yield from _judged(gathering.gather(some, on=on), on=on, under=path)


def _judged(gathered: Gathered, *, on: date, under: str | None) -> Iterator[Verdict]:
    for held in gathered.posts:
        spell = held.spell
        if under is not None and not is_beneath(held.path, under):
            continue
        if not (spell.from_on <= on and (spell.until_on is None or on < spell.until_on)):
            continue
        person = gathered.people[held.person_id]
        yield Verdict(
            person_id=held.person_id,
            post_id=held.post_id,
            organisation_id=held.organisation_id,
            role=spell.role,
            items=tuple(sorted(spell.items)),
            on=on,
            reasons=_reasons(person, held, gathered.local, on),
        )


def _reasons(
    person: Person, held: Held, rules: Sequence[LocalHours], on: date
) -> tuple[Reason, ...]:
    """Return what the law lacks, and beside it what the region asks for more."""
    spell, high_risk = held.spell, held.high_risk
    found = on_post.reasons(person, spell, high_risk=high_risk, on=on)
    here = [rule for rule in rules if is_beneath(held.region or "", rule.region)] if rules else []
    if not here:
        return found
    return found + tuple(
        local_hours.lacking(person, spell, here, found, high_risk=high_risk, on=on)
    )


def _without_post(person_id: UUID, on: date) -> Verdict:
    return Verdict(
        person_id=person_id,
        post_id=None,
        organisation_id=None,
        role=None,
        items=(),
        on=on,
        reasons=(Reason(Code.NO_POST, True),),
    )
