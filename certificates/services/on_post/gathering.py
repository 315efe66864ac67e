"""Gathering what the rule of the post asks for: one statement for many people (取数)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from certificates import inductions
from certificates.local_hours import LocalHours
from certificates.on_post_facts import Barring, Paper, Person, Spell, Taught
from certificates.services.on_post import statements
from certificates.validity import Happening, Turn, Validity, review_due_on, status
from server.db import db
from server.plain_sql import Spelling, spelling
from server.records.entries import RecordKind
from server.regions.tree import lineage


@dataclass(frozen=True, slots=True)
class Held:
    """A post, as a row and as the rule sees it."""

    post_id: UUID
    person_id: UUID
    organisation_id: UUID
    #: Of the organisation: from its topmost one down to itself.
    path: str
    high_risk: bool
    spell: Spell
    #: The path of the region; None where no authority asks for hours of its own.
    region: str | None


@dataclass(slots=True)
class Gathered:
    """What is known of everybody asked about."""

    people: dict[UUID, Person] = field(default_factory=dict)
    posts: list[Held] = field(default_factory=list)
    #: Hours that authorities ask for, in force on the day.
    local: list[LocalHours] = field(default_factory=list)


def gather(person_ids: Collection[UUID], *, on: date) -> Gathered:
    """Return what is known on the day of everybody named.

    One statement, however many; another where an induction was by an organisation that is no
    place of a post.
    """
    found = Gathered()
    connection = db.session.connection()
    spelt = spelling(connection)
    asked = spelt.ids_in(person_ids)
    rows = statements.FACTS.run(connection, asked, on.isoformat())
    people, posts, events, papers, bars, lines, local = (each or () for each in rows)
    found.local += map(_local, local)
    for person_id, birth_on in people:
        found.people[spelt.id_out(person_id)] = Person(birth_on=_day(birth_on))
    stands = _add_posts(posts, found, spelt)
    _add_papers(papers, events, found, spelt, on)
    for person_id, role, item in bars:
        found.people[spelt.id_out(person_id)].bars.append(Barring(role, item))
    _find_stands(lines, stands)
    _add_lines(lines, found, stands, spelt)
    return found


def _add_posts(rows: Sequence[Any], found: Gathered, spelt: Spelling) -> dict[str, str]:
    """Add every post; return the path of each organisation that is met, by its id as text."""
    stands: dict[str, str] = {}
    for post_id, person, organisation, role, items, from_on, until_on, path, strict, region in rows:
        place, person_id = spelt.id_out(organisation), spelt.id_out(person)
        stands[str(place)] = path
        held = (place, role, frozenset(items), date.fromisoformat(from_on), _day(until_on))
        spell = Spell(_top(path), *held, path)
        found.people[person_id].spells.append(spell)
        post = Held(spelt.id_out(post_id), person_id, place, path, bool(strict), spell, region)
        found.posts.append(post)
    return stands


def _add_papers(
    rows: Sequence[Any], events: Sequence[Any], found: Gathered, spelt: Spelling, on: date
) -> None:
    happenings: dict[str, list[Happening]] = {}
    for certificate_id, kind, effective_on in events:
        turn = Happening(turn=Turn(kind), effective_on=date.fromisoformat(effective_on))
        happenings.setdefault(certificate_id, []).append(turn)
    for one, person_id, first, last, reviews, role, item, warn in rows:
        span = Validity(
            first_day=date.fromisoformat(first),
            last_day=date.fromisoformat(last),
            review_days=tuple(map(date.fromisoformat, reviews)),
        )
        turns = happenings.get(one, [])
        standing = status(span, on, happenings=turns, warn=timedelta(days=warn))
        passed = [each.effective_on for each in turns if each.turn is Turn.REVIEWED]
        until = min(span.last_day, review_due_on(span, passed) or span.last_day)
        person = found.people[spelt.id_out(person_id)]
        person.papers.append(Paper(role, item, standing, until))


def _add_lines(
    rows: Sequence[Any], found: Gathered, stands: Mapping[str, str], spelt: Spelling
) -> None:
    for person_id, kind, day, purpose, item, content in rows:
        person = found.people[spelt.id_out(person_id)]
        if kind == RecordKind.TRAINING and content.get("passed") is not False:
            person.taught.append(_taught(date.fromisoformat(day), purpose, content, stands))
        elif kind == RecordKind.EXAM and content.get("part") == "practical":
            passed = content.get("passed") is True
            person.practicals += [(item, date.fromisoformat(day))] if passed else []
        elif kind == RecordKind.HEALTH:
            person.fit = content.get("fit", person.fit)
        elif until := content.get("off_work_until"):
            last = date.fromisoformat(until)
            person.off_work_until = max(person.off_work_until or last, last)


def _find_stands(rows: Sequence[Any], stands: dict[str, str]) -> None:
    """Add the path of whoever inducted without being a post's place."""
    met = {
        inductions.taught_for(content)
        for _, _, _, purpose, _, content in rows
        if purpose in inductions.PURPOSES
    } - stands.keys()
    asked = [UUID(each) for each in met if each]
    if asked:
        for one, (path, _) in paths(asked).items():
            stands[str(one)] = path


def paths(organisation_ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Return of each organisation that there is its path, and that of its region."""
    connection = db.session.connection()
    spelt = spelling(connection)
    rows = statements.PATHS.run(connection, spelt.ids_in(organisation_ids))
    return {spelt.id_out(one): (path, region) for one, path, region in rows}


def _taught(
    day: date, purpose: str | None, content: Mapping[str, Any], stands: Mapping[str, str]
) -> Taught:
    hours = Decimal(content.get("hours") or 0)
    path = stands.get(inductions.taught_for(content) or "", "")
    top = _top(path) if path else None
    return Taught(day, hours, purpose or "", content.get("level"), top, path)


def _local(row: Sequence[Any]) -> LocalHours:
    region, kind, roles, high_risk, tenths, from_on, law, article = row
    strict = None if high_risk is None else bool(high_risk)
    hours, since = Decimal(tenths).scaleb(-1), date.fromisoformat(from_on)
    return LocalHours(region, kind, frozenset(roles), strict, hours, since, f"{law}{article}")


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@lru_cache(4096)
def _top(path: str) -> UUID:
    return lineage(path)[0]
