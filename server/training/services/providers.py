"""Providers: what they are approved for, and their rooms (培训机构)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from server import catalogue
from server.db import db
from server.errors import NotFound
from server.organisations import services as organisations
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.people.roster import PostRole
from server.policy import Identity, Permission
from server.scopes import Scope
from server.training.errors import ProviderNotApproved, TermUnfit
from server.training.kinds import TrainingType
from server.training.models import ProviderApproval, TrainingRoom
from server.training.services import putting

#: What an enterprise may teach its own people without anybody's approval
#: (生产经营单位安全培训规定 art. 19: 具备条件的单位自主培训).
OWN_TRAINING = frozenset(
    {
        TrainingType.RE_TRAINING,
        TrainingType.INDUCTION,
        TrainingType.POST_CHANGE,
        TrainingType.NEW_TECHNOLOGY,
        TrainingType.TOPIC,
        TrainingType.OCCUPATIONAL_HEALTH,
        TrainingType.OCCUPATIONAL_HEALTH_RE_TRAINING,
    }
)


@dataclass(frozen=True, kw_only=True)
class ApprovalDraft:
    """What is said of an approval to enter it."""

    authority_id: UUID
    number: str
    valid_from: date
    valid_until: date
    roles: tuple[PostRole, ...]
    items: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RoomDraft:
    """What is said of a room."""

    name: str
    address: str
    seats: int
    closed_on: date | None = None


def approve(
    provider_id: UUID, approval_id: UUID, draft: ApprovalDraft, *, by: Identity, at: datetime
) -> ProviderApproval:
    """Enter that an authority lets a provider train for something.

    Raises:
        NotFound: the authority lies outside the asker's scope, or there is no such provider.
        TermUnfit: it ends before it begins, or names items that the catalogue does not know.
        IdTaken: another approval stands under this id.
    """
    authority = organisations.get(draft.authority_id, scope=by.scope(Permission.APPROVE_TRAINING))
    provider = organisations.get(provider_id)
    if provider.kind is not OrganisationKind.PROVIDER:
        raise NotFound
    if draft.valid_until < draft.valid_from:
        raise TermUnfit(reason="it ends before it begins", reason_zh="终止日期早于起始日期")
    if unknown := catalogue.unknown(draft.items, draft.valid_from):
        raise TermUnfit(
            reason=f"the catalogue does not have {', '.join(unknown)}",
            reason_zh=f"目录中没有 {'、'.join(unknown)}",
        )
    values = {
        **asdict(draft),
        "roles": sorted(draft.roles),
        "items": sorted(draft.items),
        "provider_id": provider.id,
    }
    known = putting.known(ProviderApproval, approval_id, values)
    if known is not None:
        return known
    made = putting.made(ProviderApproval(id=approval_id, **values, recorded_at=at))
    putting.tell(
        "provider_approved",
        made.id,
        authority,
        kind="provider_approval",
        by=by,
        at=at,
        after={"provider_id": provider.id, "number": draft.number},
    )
    return made


def withdraw(
    approval_id: UUID, *, on: date, reason: str, by: Identity, at: datetime
) -> ProviderApproval:
    """Take an approval back from a day on. The same again changes nothing.

    Raises:
        NotFound: there is none whose authority lies within the asker's scope.
    """
    found = db.session.get(ProviderApproval, approval_id)
    if found is None:
        raise NotFound
    authority = organisations.get(found.authority_id, scope=by.scope(Permission.APPROVE_TRAINING))
    if found.withdrawn_on is None:
        found.withdrawn_on, found.reason = on, reason
        db.session.flush()
        putting.tell(
            "provider_approval_withdrawn",
            found.id,
            authority,
            kind="provider_approval",
            by=by,
            at=at,
            reason=reason,
        )
    return found


def approvals(provider_id: UUID, *, scope: Scope) -> list[ProviderApproval]:
    """Return every approval of a provider, the latest first.

    Raises:
        NotFound: the provider lies outside the scope.
    """
    organisations.get(provider_id, scope=scope)
    statement = select(ProviderApproval).where(ProviderApproval.provider_id == provider_id)
    ordered = statement.order_by(ProviderApproval.valid_from.desc(), ProviderApproval.id)
    return list(db.session.execute(ordered).scalars())


def check_approved(
    provider: Organisation,
    type: TrainingType,
    *,
    role: PostRole | None,
    item: str | None,
    days: Collection[date],
) -> None:
    """Refuse a training for which nothing approves its provider.

    An enterprise or an authority trains its own people without approval where the law lets it.

    Args:
        provider: who trains.
        type: what for.
        role: whom; None for anybody, which every approval covers.
        item: the operation item; None for none.
        days: the days on which it must be approved: the first and the last.

    Raises:
        ProviderNotApproved: no approval covers this on these days.
    """
    if provider.kind is OrganisationKind.AUTHORITY:
        return
    if provider.kind is not OrganisationKind.PROVIDER:
        if type not in OWN_TRAINING:
            raise ProviderNotApproved
        return
    statement = select(ProviderApproval).where(ProviderApproval.provider_id == provider.id)
    every = db.session.execute(statement).scalars().all()
    if not all(any(_covers(one, role, item, day) for one in every) for day in days):
        raise ProviderNotApproved


def put_room(
    provider_id: UUID, room_id: UUID, draft: RoomDraft, *, by: Identity, at: datetime
) -> TrainingRoom:
    """Enter a room, or correct what is said of it.

    Raises:
        NotFound: the provider lies outside the asker's scope, or the room is another's.
    """
    provider = organisations.get(provider_id, scope=by.scope(Permission.MANAGE_PROVIDER))
    room = db.session.get(TrainingRoom, room_id)
    if room is None:
        room = putting.made(TrainingRoom(id=room_id, provider_id=provider.id, **asdict(draft)))
    elif room.provider_id != provider.id:
        raise NotFound
    for name, value in asdict(draft).items():
        setattr(room, name, value)
    db.session.flush()
    putting.tell(
        "training_room_entered",
        room.id,
        provider,
        kind="training_room",
        by=by,
        at=at,
        after=asdict(draft),
    )
    return room


def rooms(provider_id: UUID, *, scope: Scope) -> list[TrainingRoom]:
    """Return the rooms of a provider, by name.

    Raises:
        NotFound: the provider lies outside the scope.
    """
    organisations.get(provider_id, scope=scope)
    statement = select(TrainingRoom).where(TrainingRoom.provider_id == provider_id)
    return list(db.session.execute(statement.order_by(TrainingRoom.name)).scalars())


def _covers(one: ProviderApproval, role: PostRole | None, item: str | None, on: date) -> bool:
    in_term = one.valid_from <= on <= one.valid_until
    standing = one.withdrawn_on is None or on < one.withdrawn_on
    of_role = role is None or role.value in one.roles
    of_item = item is None or not one.items or item in one.items
    return in_term and standing and of_role and of_item
