"""Programmes: what is taught, in how many hours, no fewer than the law asks (培训方案)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from server import catalogue
from server.db import db
from server.errors import IdTaken, NotFound
from server.organisations import services as organisations
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.organisations.models import within as organisations_within
from server.paging import Page, page
from server.people.roster import PostRole
from server.policy import Identity, Permission
from server.records.entries import InductionLevel
from server.scopes import Scope
from server.training.errors import ProgrammeTooShort, ProgrammeUnfit
from server.training.kinds import Subject, TrainingType
from server.training.models import Programme, ProgrammeSubject
from server.training.services import hours_rules, putting


@dataclass(frozen=True, kw_only=True)
class SubjectDraft:
    """One subject of a programme."""

    subject: Subject
    title: str
    tenths: int


@dataclass(frozen=True, kw_only=True)
class ProgrammeDraft:
    """What is said of a programme."""

    owner_id: UUID
    name: str
    type: TrainingType
    role: PostRole | None
    item: str | None
    level: InductionLevel | None
    high_risk: bool
    construction: bool
    valid_from: date
    valid_until: date | None
    subjects: tuple[SubjectDraft, ...]

    @property
    def tenths(self) -> int:
        """Tenths of training hours, all subjects together."""
        return sum(one.tenths for one in self.subjects)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A programme with its subjects in their order."""

    programme: Programme
    subjects: list[ProgrammeSubject]


def write(programme_id: UUID, draft: ProgrammeDraft, *, by: Identity, at: datetime) -> Shown:
    """Enter a programme. It is not rewritten: what changes is another programme.

    Raises:
        NotFound: the owner lies outside the asker's scope.
        ProgrammeUnfit: what is said of it contradicts itself.
        ProgrammeTooShort: the law, or a rule of the owner's region, asks for more hours on its
            first day.
        IdTaken: another programme stands under this id.
    """
    owner = organisations.get(draft.owner_id, scope=_may_write(by))
    values = {name: value for name, value in asdict(draft).items() if name != "subjects"} | {
        "tenths": draft.tenths
    }
    if putting.known(Programme, programme_id, values) is not None:
        return _same(programme_id, draft)
    _check(draft, owner)
    putting.made(Programme(id=programme_id, **values, written_at=at))
    db.session.add_all(
        ProgrammeSubject(programme_id=programme_id, place=place, **asdict(one))
        for place, one in enumerate(draft.subjects, start=1)
    )
    db.session.flush()
    putting.tell(
        "training_programme_written",
        programme_id,
        owner,
        kind="training_programme",
        by=by,
        at=at,
        after={"name": draft.name, "tenths": draft.tenths},
    )
    return shown(programme_id)


def get(programme_id: UUID) -> Programme:
    """Return a programme: what is taught is no secret.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(Programme, programme_id)
    if found is None:
        raise NotFound
    return found


def shown(programme_id: UUID) -> Shown:
    """Return a programme with its subjects.

    Raises:
        NotFound: there is none.
    """
    statement = select(ProgrammeSubject).where(ProgrammeSubject.programme_id == programme_id)
    ordered = statement.order_by(ProgrammeSubject.place)
    return Shown(programme=get(programme_id), subjects=list(db.session.execute(ordered).scalars()))


def listed(
    *,
    owner_id: UUID | None,
    type: TrainingType | None,
    role: PostRole | None,
    on: date | None,
    scope: Scope,
    cursor: str | None,
    limit: int,
) -> Page:
    """Return a page of programmes: of owners within the scope, and of every authority."""
    visible = select(Organisation.id).where(
        or_(organisations_within(scope), Organisation.kind == OrganisationKind.AUTHORITY)
    )
    statement = select(Programme).where(Programme.owner_id.in_(visible))
    if owner_id is not None:
        statement = statement.where(Programme.owner_id == owner_id)
    if type is not None:
        statement = statement.where(Programme.type == type)
    if role is not None:
        statement = statement.where(Programme.role == role)
    if on is not None:
        statement = statement.where(
            Programme.valid_from <= on,
            (Programme.valid_until.is_(None)) | (Programme.valid_until >= on),
        )
    return page(statement, [Programme.name, Programme.id], cursor=cursor, limit=limit)


def check_in_force(programme: Programme, on: date) -> None:
    """Refuse a class by a programme that does not count on its first day.

    Raises:
        ProgrammeUnfit: it does not count yet, or no longer.
    """
    if on < programme.valid_from or (
        programme.valid_until is not None and on > programme.valid_until
    ):
        raise ProgrammeUnfit(
            reason="it is not in force on that day", reason_zh="该方案在开班之日不在有效期内"
        )


def _check(draft: ProgrammeDraft, owner: Organisation) -> None:
    if draft.valid_until is not None and draft.valid_until < draft.valid_from:
        raise ProgrammeUnfit(reason="it ends before it begins", reason_zh="终止日期早于起始日期")
    if (draft.item is not None) and draft.role is not PostRole.SPECIAL_OPERATIONS_WORKER:
        raise ProgrammeUnfit(
            reason="only special operations workers have operation items",
            reason_zh="只有特种作业人员区分操作项目",
        )
    if draft.item is not None and catalogue.unknown([draft.item], draft.valid_from):
        raise ProgrammeUnfit(
            reason="the catalogue has no such item", reason_zh="特种作业目录中没有该操作项目"
        )
    levelled = draft.type in (TrainingType.INDUCTION, TrainingType.POST_CHANGE)
    if draft.level is not None and not levelled:
        raise ProgrammeUnfit(
            reason="only an induction has levels", reason_zh="只有三级教育区分级别"
        )
    _check_hours(draft, owner)


def _check_hours(draft: ProgrammeDraft, owner: Organisation) -> None:
    asked = hours_rules.required(
        draft.type,
        role=draft.role,
        high_risk=draft.high_risk,
        construction=draft.construction,
        level=draft.level,
        on=draft.valid_from,
        region_id=owner.region_id,
    )
    if asked is not None and draft.tenths < asked.hours * 10:
        raise ProgrammeTooShort(hours=f"{asked.hours}", source=f"{asked.law}{asked.article}")


def _may_write(by: Identity) -> Scope:
    """Return where somebody may write programmes: providers their own, authorities for all."""
    mine, ours = by.scope(Permission.MANAGE_PROVIDER), by.scope(Permission.APPROVE_TRAINING)
    return Scope(
        everywhere=mine.everywhere or ours.everywhere,
        organisation_paths=mine.organisation_paths + ours.organisation_paths,
        region_paths=mine.region_paths + ours.region_paths,
    )


def _same(programme_id: UUID, draft: ProgrammeDraft) -> Shown:
    found = shown(programme_id)
    stated = [(one.subject, one.title, one.tenths) for one in found.subjects]
    if stated != [(one.subject, one.title, one.tenths) for one in draft.subjects]:
        raise IdTaken
    return found
