"""Due lists: who must train, renew or be inducted by when, and reminding them (到期提醒)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from certificates import due
from certificates.due import Due, DueKind
from certificates.services import bookings, bureaus
from certificates.services.on_post import gathering
from server.db import db
from server.errors import Message
from server.messages.services import outbox
from server.messages.services.outbox import Told
from server.organisations import services as organisations
from server.organisations.models import Organisation
from server.organisations.models import within as organisations_within
from server.paging import Page, cursor_behind, page
from server.people.models import Person, Post
from server.people.services import posts
from server.regions.models import beneath
from server.scopes import Scope

#: Posts looked through at once for a page, and for reminders, beside those who answer requests.
_STEP, _LOOK = 1_000, 250

_WORDS = {
    DueKind.CERTIFICATE: ("证书取证、换证", "certificate"),
    DueKind.ANNUAL_HOURS: ("年度再培训", "yearly further training"),
    DueKind.INDUCTION: ("三级（调岗、复岗）安全教育", "induction"),
    DueKind.ROTATION: ("执法人员轮训", "rotation training of enforcement officers"),
}


@dataclass(frozen=True, kw_only=True)
class DueOf:
    """What is due of somebody at a post."""

    post_id: UUID
    person_id: UUID
    name: str
    organisation_id: UUID
    #: The topmost organisation, whose safety officer answers for it.
    employer_id: UUID
    role: str
    #: The same as the rule sees it.
    due: Due
    kind: DueKind
    item: str | None
    due_on: date
    overdue: bool
    #: Whether a class or an exam is booked for it: then nobody is reminded any more.
    booked: bool
    stage: int | None


def listed(
    scope: Scope,
    *,
    on: date,
    at: datetime,
    organisation_id: UUID | None = None,
    kind: DueKind | None = None,
    within: int = 90,
    booked: bool | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of what is due at the posts within the scope.

    Args:
        scope: where the asker may see files.
        on: the day of asking.
        at: its moment, by which exams and classes lie ahead.
        organisation_id: only posts there or beneath.
        kind: only this.
        within: only what is due within so many days, or overdue.
        booked: only what is booked, or is not.
        cursor: where the page begins.
        limit: things on the page at least, where there are so many: a post is never split.

    Raises:
        NotFound: there is no such organisation within the scope.
    """
    statement = _held(on).where(organisations_within(scope))
    if organisation_id is not None:
        path = organisations.get(organisation_id, scope=scope).path
        statement = statement.where(beneath(Organisation.path, path))
    found: list[DueOf] = []
    while True:
        some = page(statement, [Post.id], cursor=cursor, limit=_STEP)
        by_post: dict[UUID, list[DueOf]] = {}
        for each in _dues(some.items, on=on, at=at, within=within):
            if kind in (None, each.kind) and booked in (None, each.booked):
                by_post.setdefault(each.post_id, []).append(each)
        for post in some.items:
            found += by_post.get(post.id, ())
            if len(found) >= limit:
                return Page(items=found, next_cursor=cursor_behind(post, [Post.id]))
        if some.next_cursor is None:
            return Page(items=found, next_cursor=None)
        cursor = some.next_cursor


@dataclass(frozen=True, kw_only=True)
class Look:
    """What is to be told of some posts."""

    dues: list[DueOf]
    #: The bureau nearest to each employer.
    bureaus: Mapping[UUID, UUID]
    #: Behind which post it goes on; None after the last.
    next_cursor: str | None


def look(cursor: str | None, *, on: date, at: datetime) -> Look:
    """Return what is due at some posts and reaches a stage: a read, which may take a while.

    The worker, the employer and the bureau of the place are told once at each stage: 90, 60, 30
    and 7 days before, and when it is overdue. Who has booked is left in peace.
    """
    some = page(_held(on), [Post.id], cursor=cursor, limit=_LOOK)
    dues = [
        each
        for each in _dues(some.items, on=on, at=at, within=max(due.STAGES))
        if each.stage is not None and not each.booked
    ]
    found = bureaus.nearest({each.employer_id for each in dues})
    return Look(dues=dues, bureaus=found, next_cursor=some.next_cursor)


def tell(dues: Sequence[DueOf], nearest: Mapping[UUID, UUID], *, at: datetime) -> int:
    """Tell those concerned; return how many messages that made. The same again makes none."""
    return sum(_tell(each, nearest.get(each.employer_id), at=at) for each in dues)


def _held(on: date) -> Select[Any]:
    joined = select(Post).join(Organisation, Organisation.id == Post.organisation_id)
    return joined.where(posts.is_held(on))


def _dues(held: Sequence[Post], *, on: date, at: datetime, within: int) -> Iterator[DueOf]:
    wanted = {post.id for post in held}
    people = {post.person_id for post in held}
    gathered = gathering.gather(people, on=on)
    names, booked = _names(people), bookings.of(people, on=on, at=at)
    for post in gathered.posts:
        if post.post_id not in wanted:
            continue
        person = gathered.people[post.person_id]
        found = due.dues(person, post.spell, high_risk=post.high_risk, on=on, within=within)
        for each in found:
            yield DueOf(
                post_id=post.post_id,
                person_id=post.person_id,
                name=names[post.person_id],
                organisation_id=post.organisation_id,
                employer_id=UUID(str(post.spell.at)),
                role=post.spell.role,
                due=each,
                kind=each.kind,
                item=each.item,
                due_on=each.due_on,
                overdue=each.due_on < on,
                booked=booked.has(post.person_id, each, role=post.spell.role),
                stage=each.stage(on),
            )


def _names(person_ids: Collection[UUID]) -> dict[UUID, str]:
    statement = select(Person.id, Person.name).where(Person.id.in_(person_ids))
    return {one: name for one, name in db.session.execute(statement)}


def _tell(each: DueOf, bureau_id: UUID | None, *, at: datetime) -> int:
    what_zh, what_en = _WORDS[each.kind]
    item = f" {each.item}" if each.item else ""
    when_zh = "已逾期" if each.overdue else f"应于 {each.due_on} 前完成"
    when_en = "is overdue" if each.overdue else f"is due by {each.due_on}"
    told = Told(
        kind=f"{each.kind.value}_due",
        title=Message(zh=f"{what_zh}提醒", en=f"Reminder: {what_en}"),
        body=Message(
            zh=f"{each.name}：{what_zh}{item}{when_zh}，请及时安排。",
            en=f"{each.name}: {what_en}{item} {when_en}. Please arrange it.",
        ),
        subject_id=each.post_id,
    )
    once = f"{told.kind}:{each.post_id}:{each.item or ''}:{each.due_on}:{each.stage}"
    count = int(outbox.tell(told, once=once, person_id=each.person_id, at=at))
    count += int(outbox.tell(told, once=once, organisation_id=each.employer_id, at=at))
    if bureau_id is not None:
        count += int(outbox.tell(told, once=once, organisation_id=bureau_id, at=at))
    return count
