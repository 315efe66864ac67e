"""The Ping'an card: who somebody is, what they may do, today's verdicts (平安卡服务)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from certificates import printouts
from certificates.day_marks import Mark, mark
from certificates.models import Certificate
from certificates.services import finding, listing
from certificates.services.on_post import verdicts
from certificates.services.on_post.verdicts import Verdict
from certificates.services.standing import OnDay
from server.days import civil_day
from server.db import db
from server.errors import NotFound
from server.organisations.models import Organisation
from server.people.models import Person, Photo
from server.regions.tree import lineage


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where somebody holds posts, and whether they may work there today."""

    organisation_id: UUID
    name: str
    mark: Mark
    verdicts: Sequence[Verdict]

    @property
    def may_work(self) -> bool:
        """Whether nothing keeps them from at least one of the posts there."""
        return any(each.may_work for each in self.verdicts)


@dataclass(frozen=True, kw_only=True)
class Card:
    """What a worker shows at a gate."""

    name_masked: str
    document_masked: str
    #: A small JPEG; None where no photo was handed in.
    photo: bytes | None
    on: date
    made_at: datetime
    sites: Sequence[Site]
    certificates: Sequence[OnDay]


def of(
    person_id: UUID, *, organisation_id: UUID | None = None, secret: bytes, at: datetime
) -> Card:
    """Return the card of a person as it is now.

    Args:
        person_id: whose.
        organisation_id: only this site; None for every one where a post is held today.
        secret: from which the marks of sites are made.
        at: the moment.

    Raises:
        NotFound: the person holds no post there today.
    """
    on, person = civil_day(at), db.session.get_one(Person, person_id)
    found = [each for each in verdicts.of([person_id], on=on) if each.organisation_id is not None]
    if organisation_id is not None:
        found = [each for each in found if each.organisation_id == organisation_id]
        if not found:
            raise NotFound
    return Card(
        name_masked=listing.masked(person.name),
        document_masked=person.document_masked,
        photo=_photo(person),
        on=on,
        made_at=at,
        sites=_sites(found, secret=secret, on=on),
        certificates=[OnDay(certificate=each, on=on) for each in _shown(person_id, on)],
    )


def _shown(person_id: UUID, on: date) -> Iterable[Certificate]:
    """Return what is shown of somebody's certificates: the newest of each qualification first."""
    every = [each for each in finding.of(person_id) if each.valid_from <= on]
    standing = [each for each in every if OnDay(certificate=each, on=on).status.stands]
    settled = {each.qualification_id for each in standing}
    return [*standing, *(each for each in every if each.qualification_id not in settled)]


def _sites(found: Sequence[Verdict], *, secret: bytes, on: date) -> list[Site]:
    ids = {each.organisation_id for each in found if each.organisation_id is not None}
    named = select(Organisation.id, Organisation.name, Organisation.path).where(
        Organisation.id.in_(ids)
    )
    return [
        Site(
            organisation_id=site_id,
            name=name,
            mark=mark(secret, lineage(path)[0], on),
            verdicts=[each for each in found if each.organisation_id == site_id],
        )
        for site_id, name, path in sorted(db.session.execute(named), key=lambda row: row[1])
    ]


def _photo(person: Person) -> bytes | None:
    found = db.session.get(Photo, person.photo_hash) if person.photo_hash else None
    return None if found is None else printouts.shown(found.content)
