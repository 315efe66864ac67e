"""Histories by lot: what happens to a few people, and a slow clerk who writes it down."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from certificates import watching
from certificates.validity import Turn, anniversary
from server.db import db
from server.errors import DomainError
from server.organisations import services as organisations
from server.organisations.drafts import Draft, OrganisationKind
from server.people.roster import PostRole
from server.regions import services as regions
from tests.factories.certificates import REGISTRAR, a_certificate, an_issuer, befallen
from tests.factories.rosters import a_person, a_post, a_region, an_organisation
from tests.moments import NOON

TODAY = NOON.date()
ROLE = PostRole.SPECIAL_OPERATIONS_WORKER


@dataclass
class Told:
    """What happened, as a slow clerk writes it down: one list for each kind of fact."""

    posts: list[Any] = field(default_factory=list)
    certificates: list[Any] = field(default_factory=list)
    #: For each organisation: from which day on it stands in which county.
    stands: dict[UUID, Any] = field(default_factory=dict)
    #: For each county: from which day on it lies in which city.
    lies: dict[UUID, Any] = field(default_factory=dict)

    def counts(self, region, on):
        """Count person by person who must and who does in a county or city on a day."""
        required, missing = set(), set()
        for person, place, start, end in self.posts:
            if not (start <= on and (end is None or on < end)):
                continue
            county = _then(self.stands[place], on)
            if region not in (county, _then(self.lies[county], on)):
                continue
            required.add(person)
            if not any(who == person and self.holds(one, on) for who, one in self.certificates):
                missing.add(person)
        return len(required), len(missing)

    def holds(self, certificate, on):
        """Walk through the life of a certificate up to a day."""
        start, turns = certificate
        if not start <= on < anniversary(start, 6):
            return False
        standing = True
        for turn, day in turns:
            if day <= on:
                standing = turn is Turn.REINSTATED
            if day <= on and turn is Turn.REVOKED:
                return False
        return standing


def _then(history, on):
    return [where for since, where in history if since <= on][-1]


class Play:
    """A few people, works, counties and cities, to whom things happen by lot."""

    def __init__(self, seed):
        self.dice = Random(seed)
        self.told = Told()
        self.issuer = an_issuer()
        province = a_region(name="省")
        self.cities = [a_region(province) for _ in range(2)]
        self.counties = [a_region(self.dice.choice(self.cities)) for _ in range(4)]
        for county in self.counties:
            self.told.lies[county.id] = [(date.min, county.parent_id)]
        self.works = [an_organisation(self.dice.choice(self.counties)) for _ in range(4)]
        for one in self.works:
            self.told.stands[one.id] = [(date.min, one.region_id)]
        self.people = [a_person(self.works[0]) for _ in range(6)]
        self.held, self.certified = [], []

    def day(self):
        """Choose a day."""
        return date(2024, 1, 1) + timedelta(
            days=self.dice.randrange((TODAY - date(2024, 1, 1)).days)
        )

    def hire(self):
        """Somebody begins a post, and may end it, on the same day even."""
        person, place, start = (
            self.dice.choice(self.people),
            self.dice.choice(self.works),
            self.day(),
        )
        until = self.dice.choice([None, start, start + timedelta(days=self.dice.randrange(400))])
        post = a_post(person, place, role=ROLE, items=("1.2",), from_on=start, until_on=until)
        self.told.posts.append([person.id, place.id, start, until])
        self.held.append((post, self.told.posts[-1]))

    def correct_backwards(self):
        """The end of a post turns out to have been another."""
        if self.held:
            post, line = self.dice.choice(self.held)
            post.until_on = line[3] = post.from_on + timedelta(days=self.dice.randrange(500))
            db.session.flush()

    def certify(self):
        """Somebody is certified."""
        person, start = self.dice.choice(self.people), self.day()
        try:
            with db.session.begin_nested():
                certificate = a_certificate(person, self.issuer, valid_from=start)
        except DomainError:
            return
        turns: list[Any] = []
        self.told.certificates.append((person.id, (start, turns)))
        self.certified.append((certificate, turns))

    def befall(self):
        """A certificate is suspended, reinstated or revoked."""
        if not self.certified:
            return
        certificate, turns = self.dice.choice(self.certified)
        turn = self.dice.choice([Turn.SUSPENDED, Turn.REINSTATED, Turn.REVOKED])
        day = self.day()
        try:
            with db.session.begin_nested():
                befallen(certificate, turn, day)
        except DomainError:
            return
        turns.append((turn, day))

    def move_works(self):
        """Works move to another county today."""
        works, county = self.dice.choice(self.works), self.dice.choice(self.counties)
        draft = Draft(
            kind=OrganisationKind.AUTHORITY,
            name=works.name,
            region_id=county.id,
            is_high_risk=False,
        )
        organisations.register(works.id, draft, by=REGISTRAR, at=NOON)
        self._since(self.told.stands[works.id], TODAY, county.id)

    def reform(self):
        """A county comes under another city."""
        county, city = self.dice.choice(self.counties), self.dice.choice(self.cities)
        day = TODAY - timedelta(days=self.dice.randrange(200))
        try:
            regions.move(county.id, city.id, on=day, by=REGISTRAR, at=NOON)
        except DomainError:
            return
        self._since(self.told.lies[county.id], day, city.id)

    def _since(self, history, day, where):
        if history[-1][1] != where:
            history.append((day, where))

    def step(self):
        """Let one thing happen, and book it."""
        self.dice.choice(
            [self.hire] * 5
            + [self.certify] * 4
            + [self.befall] * 3
            + [self.correct_backwards, self.move_works, self.reform]
        )()
        watching.settle(db.session())

    @property
    def regions(self):
        """All counties and cities."""
        return [*self.counties, *self.cities]

    def cell(self):
        """Choose a region and a day; half of the days are edges of something."""
        edges = [day for _, _, *span in self.told.posts for day in span if day]
        for _, (start, _) in self.told.certificates:
            edges += [start, anniversary(start, 6)]
        edges += [day for _, (_, turns) in self.told.certificates for _, day in turns]
        edges += [since for each in self.told.lies.values() for since, _ in each[1:]]
        edge = self.dice.choice([*edges, TODAY]) + timedelta(days=self.dice.choice([-1, 0, 1]))
        return self.dice.choice(self.regions), self.dice.choice([edge, self.day()])
