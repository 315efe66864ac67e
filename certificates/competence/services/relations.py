"""Who is whose superior, and which entries are one human being (评价关系)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from certificates.competence.errors import JudgesOneself, JudgesSuperior
from server.auth.models import Account, RoleGrant
from server.auth.services.identities import scope_of
from server.db import db
from server.organisations.models import Organisation
from server.people.models import DoubleRuling, Person, Post, SuspectedDouble
from server.people.services import posts
from server.policy import ROLES, Permission
from server.regions.models import Region
from server.scopes import Scope

#: Roles whose holders lead: who plans evaluations there judges there.
LEADING = frozenset(
    role for role, permissions in ROLES.items() if Permission.APPRAISE_COMPETENCE in permissions
)


def check_judge(judge_id: UUID, person_id: UUID, *, on: date) -> None:
    """Refuse a judge who is the person themselves, or works beneath them.

    Raises:
        JudgesOneself: both entries are one human being, or are suspected to be.
        JudgesSuperior: the person leads the place where the judge holds a post.
    """
    one, other = entries_of(judge_id), entries_of(person_id)
    if one & other:
        raise JudgesOneself
    if any(leads_one_of(each, one, on=on) for each in other):
        raise JudgesSuperior


def entries_of(person_id: UUID) -> frozenset[UUID]:
    """Return every entry that is, or is suspected to be, the same human being.

    Merged ones, those with the same number, and suspected doubles that nobody has cleared.
    """
    found = {person_id} | _merged(person_id)
    pairs = select(SuspectedDouble.first_id, SuspectedDouble.second_id).where(
        or_(SuspectedDouble.first_id.in_(found), SuspectedDouble.second_id.in_(found)),
        SuspectedDouble.ruling.is_distinct_from(DoubleRuling.DIFFERENT),
    )
    for pair in db.session.execute(pairs).all():
        found |= set(pair)
    return frozenset(found)


def _merged(person_id: UUID) -> set[UUID]:
    one = db.session.get_one(Person, person_id)
    into = one.merged_into_id or one.id
    same = [Person.id == into, Person.merged_into_id == into]
    if one.number_index is not None:
        same.append(Person.number_index == one.number_index)
    return set(db.session.execute(select(Person.id).where(or_(*same))).scalars())


def leads_one_of(leader_id: UUID, person_ids: frozenset[UUID], *, on: date) -> bool:
    """Say whether somebody leads a place where one of these holds a post on the day."""
    scope = leading(leader_id, on=on)
    if scope.nowhere:
        return False
    places = (
        select(Organisation.path, Region.path)
        .join(Region, Region.id == Organisation.region_id)
        .join(Post, Post.organisation_id == Organisation.id)
        .where(Post.person_id.in_(person_ids), posts.is_held(on))
    )
    return any(
        scope.holds(organisation_path=path, region_path=region_path)
        for path, region_path in db.session.execute(places)
    )


def leads(leader_id: UUID, organisation_id: UUID, *, on: date) -> bool:
    """Say whether somebody leads an organisation on the day."""
    place = (
        select(Organisation.path, Region.path)
        .join(Region, Region.id == Organisation.region_id)
        .where(Organisation.id == organisation_id)
    )
    path, region_path = db.session.execute(place).one()
    scope = leading(leader_id, on=on)
    return scope.holds(organisation_path=path, region_path=region_path)


def leading(person_id: UUID, *, on: date) -> Scope:
    """Return where somebody leads on the day, by the roles of their account."""
    statement = (
        select(Organisation.path, Region.path)
        .select_from(RoleGrant)
        .join(Account, Account.id == RoleGrant.account_id)
        .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
        .outerjoin(Region, Region.id == RoleGrant.region_id)
        .where(
            Account.person_id == person_id,
            Account.closed_at.is_(None),
            RoleGrant.role.in_(LEADING),
            RoleGrant.revoked_at.is_(None),
            RoleGrant.from_on <= on,
            or_(RoleGrant.until_on.is_(None), RoleGrant.until_on > on),
        )
    )
    scopes = [scope_of(*paths) for paths in db.session.execute(statement)]
    return Scope(
        everywhere=any(each.everywhere for each in scopes),
        organisation_paths=tuple(path for each in scopes for path in each.organisation_paths),
        region_paths=tuple(path for each in scopes for path in each.region_paths),
    )
