"""How much lies at an organisation and beneath it: what moving it would take along (规模)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from server.db import db
from server.organisations import services as organisations
from server.organisations.models import Organisation
from server.people.models import Person, Post
from server.people.services import posts
from server.regions.models import beneath
from server.scopes import Scope


@dataclass(frozen=True, kw_only=True)
class Extent:
    """What lies at an organisation and beneath it on a day."""

    #: With itself.
    organisation_count: int
    #: Registered there, whoever was merged left out.
    person_count: int
    #: Held on the day.
    post_count: int


def of(organisation_id: UUID, *, scope: Scope, on: date) -> Extent:
    """Count what lies at an organisation and beneath it.

    Raises:
        NotFound: there is none within the scope.
    """
    path = organisations.get(organisation_id, scope=scope).path
    under = select(Organisation.id).where(beneath(Organisation.path, path))
    counts = (
        select(func.count()).where(beneath(Organisation.path, path)),
        select(func.count()).where(
            Person.registered_under_id.in_(under), Person.merged_into_id.is_(None)
        ),
        select(func.count()).where(Post.organisation_id.in_(under), posts.is_held(on)),
    )
    row = db.session.execute(select(*(one.scalar_subquery() for one in counts))).one()
    return Extent(organisation_count=row[0], person_count=row[1], post_count=row[2])
