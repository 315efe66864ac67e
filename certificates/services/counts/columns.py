"""Gathering the facts of many people as columns of whole numbers (批量取数).

The same facts as `gathering` reads for a few. The statements are written by hand, once for each
database, so that nothing but whole numbers comes out: a column of a hundred thousand days is read
in the time that a few hundred objects take.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from sqlalchemy import and_, or_, select

from certificates import inductions
from certificates.columns import (
    KIND_NUMBERS,
    LEVEL_NUMBERS,
    Files,
    Lessons,
    Lines,
    Papers,
    Posts,
    Standings,
    Tree,
)
from certificates.coverage import Reason
from certificates.definitions import Basis
from certificates.editions import Rules
from certificates.facts import RecordKind
from certificates.models import Certificate, CertificateEvent, CoverageNumber, EventKind
from certificates.papers import CODES, COVERED, END
from certificates.services.counts import bulk, gathering, packs, sayings
from certificates.services.counts.sayings import code_of
from certificates.stretches import ROLE_NUMBERS, item_number
from certificates.sweeping import Numbers
from server.db import db
from server.organisations.models import Organisation


class Reader:
    """Reads the facts of people whose numbers lie in a range, for some rules."""

    def __init__(self, rules: Rules, *, with_trainers: bool = True) -> None:
        """Read for these rules; who trained is left out where only sums are made of it."""
        self._with_trainers = with_trainers
        self._words = sayings.of(db.engine.dialect.name)
        parts = [
            part
            for rule in rules.every
            for edition in rule.editions
            for group in edition.question.measure.all_of
            for part in group
        ]
        names = sorted({name for part in parts for name in part.purposes})
        self._asks_for_inductions = any(part.basis is Basis.INDUCTION for part in parts)
        self._tree = Tree(_paths() if self._asks_for_inductions else {})
        self._purposes = {name: number for number, name in enumerate(names, start=1)}
        #: Whom few things befell, found in one look instead of one for each lot.
        self._voided = self._people_with_voids()
        self._eventful = self._people_with_events()

    def files(self, people: Numbers) -> Files:
        """Return all that is known of people; `people` are their numbers, the smallest first."""
        within = f"n.number BETWEEN {people[0]} AND {people[-1]}"
        papers, standings = self._certificates(within, people)
        voided = _among(people, self._voided)
        return Files(
            people=people,
            posts=Posts(*_read(self._posts(within), packs.POSTS)),
            papers=papers,
            standings=standings,
            lines=Lines(*_read(self._lines(within, voided), packs.LINES)),
            purposes=self._purposes,
            lessons=Lessons(*self._lessons(within, voided)),
            tree=self._tree,
        )

    def _posts(self, within: str) -> str:
        words = self._words
        start, end = words.day.format("post.from_on"), words.day.format("post.until_on")
        return f"""
            SELECT n.number, o.number, {code_of("post.role", ROLE_NUMBERS)},
              {self._item("one.value")}, CASE WHEN {words.lead} THEN 1 ELSE 0 END,
              {start}, COALESCE({end}, {END})
            FROM coverage_number n JOIN post ON post.person_id = n.thing_id
              JOIN coverage_number o ON o.thing_id = post.organisation_id {words.each_item}
            WHERE {within} AND (post.until_on IS NULL OR post.from_on < post.until_on)
            """  # noqa: S608  # our own words and whole numbers

    def _lines(self, within: str, voided: Sequence[int]) -> str:
        words = self._words
        content = "record.content"
        passed, failed = (
            each.format(content, "passed") for each in (words.is_true, words.is_false)
        )
        trainers = ""
        if self._with_trainers:
            same = words.provider.format(content, "p.thing_id")
            trainers = f"LEFT JOIN coverage_number p ON {same}"
        kinds = [KIND_NUMBERS[each] for each in RecordKind]
        trained, assessed, unfit = kinds
        return f"""
            SELECT n.number,
              CASE WHEN record.kind = 'training' THEN {trained}
                WHEN {passed} THEN {assessed} ELSE {unfit} END,
              {words.day.format("record.happened_on")},
              {code_of(self._purpose(content), self._purposes)},
              {code_of("record.role", ROLE_NUMBERS)},
              {self._item("record.item")}, {"COALESCE(p.number, 0)" if trainers else 0}
            FROM coverage_number n JOIN record ON record.person_id = n.thing_id {trainers}
            WHERE {within} AND record.kind IN ('training', 'exam')
              AND NOT (record.kind = 'training' AND {failed})
              AND record.id NOT IN ({packs.CORRECTED}) {self._not_voided(voided)}
            """  # noqa: S608  # our own words and whole numbers

    def _lessons(self, within: str, voided: Sequence[int]) -> Numbers:
        if not self._asks_for_inductions:
            return np.empty((len(Lessons._fields), 0), np.int64)
        words, content = self._words, "record.content"
        level, failed = words.level.format(content), words.is_false.format(content, "passed")
        purposes = ", ".join(f"'{each}'" for each in inductions.PURPOSES)
        return _read(
            f"""
            SELECT n.number, COALESCE(p.number, 0), {words.day.format("record.happened_on")},
              {code_of(level, LEVEL_NUMBERS)},
              CASE WHEN record.purpose = '{inductions.AGAIN}' THEN 1 ELSE 0 END,
              {words.tenths.format(content)}
            FROM coverage_number n JOIN record ON record.person_id = n.thing_id
              LEFT JOIN coverage_number p ON {words.taught_for.format(content, "p.thing_id")}
            WHERE {within} AND record.kind = 'training' AND record.purpose IN ({purposes})
              AND (record.purpose = '{inductions.PURPOSE}' OR {level} IS NOT NULL)
              AND NOT {failed} AND record.id NOT IN ({packs.CORRECTED}) {self._not_voided(voided)}
            """,  # noqa: S608  # our own words and whole numbers
            packs.LESSONS,
        )

    def _not_voided(self, people: Sequence[int]) -> str:
        """Return the condition that nothing about the same thing says that it was voided."""
        if not people:
            return ""
        return f"""AND record.subject_id NOT IN (
            SELECT subject_id FROM coverage_number n JOIN record ON record.person_id = n.thing_id
            WHERE n.number IN ({", ".join(map(str, people))}) AND {self._voids()})"""  # noqa: S608  # whole numbers

    def _voids(self) -> str:
        voided = self._words.is_true.format("record.content", "voided")
        return f"record.kind = 'exam' AND record.id NOT IN ({packs.CORRECTED}) AND {voided}"

    def _people_with_voids(self) -> Numbers:
        words = f"""
            SELECT n.number FROM record
              JOIN coverage_number n ON n.thing_id = record.person_id WHERE {self._voids()}
            """  # noqa: S608  # our own words
        return np.unique(bulk.read(words, 1)[0])

    def _people_with_events(self) -> Numbers:
        """Return who has certificates with reviews, or to which more happened than their issue."""
        words = f"""
            SELECT n.number FROM (
                SELECT DISTINCT certificate_id AS id FROM certificate_event WHERE kind <> 'issued'
                UNION SELECT id FROM certificate
                WHERE {self._words.length.format("review_days")} > 0
              ) eventful JOIN certificate ON certificate.id = eventful.id
              JOIN coverage_number n ON n.thing_id = certificate.person_id
            """  # noqa: S608  # our own words
        return np.unique(bulk.read(words, 1)[0])

    def _certificates(self, within: str, people: Numbers) -> tuple[Papers, Standings]:
        """Return certificates and where they stand: those that something befell, one by one."""
        rows = _read(self._plain(within, _among(people, self._eventful)), packs.PLAIN)
        person, role, item, first, after, issued = rows
        issued = np.minimum(issued, first)
        size = len(person)
        end = np.full(size, END)
        stands = [
            (issued, first, np.full(size, CODES[Reason.NOT_YET_VALID])),
            (first, after, np.full(size, COVERED)),
            (after, end, np.full(size, CODES[Reason.EXPIRED])),
        ]
        plain = [np.stack([person, role, item, *columns]) for columns in stands]
        held, told = self._befallen(people)
        segments = np.concatenate([*plain, told], axis=1)
        segments = segments[:, segments[3] < segments[4]]
        whole = np.concatenate([rows[:4], held], axis=1)
        return Papers(*_sorted(whole)), Standings(*_sorted(segments))

    def _plain(self, within: str, eventful: Sequence[int]) -> str:
        words = self._words
        # Of nearly everybody it is known that nothing befell any certificate.
        uneventful = f"n.number NOT IN ({', '.join(map(str, eventful))})" if eventful else "1 = 1"
        role, item = code_of("qualification.role", ROLE_NUMBERS), "qualification.operation_item"
        return f"""
            SELECT n.number, {role}, {self._item(item)},
              {words.day.format("certificate.valid_from")},
              {words.day.format("certificate.valid_until")} + 1,
              {words.civil_day.format("certificate.issued_at")}
            FROM coverage_number n JOIN certificate ON certificate.person_id = n.thing_id
              JOIN qualification ON qualification.id = certificate.qualification_id
            WHERE {within} AND ({uneventful}
              OR {words.length.format("certificate.review_days")} = 0
              AND NOT EXISTS (SELECT 1 FROM certificate_event e
                WHERE e.certificate_id = certificate.id AND e.kind <> 'issued'))
            """  # noqa: S608  # our own words and whole numbers

    def _befallen(self, people: Numbers) -> tuple[Numbers, Numbers]:
        """Return certificates with reviews or events: whole, and run by run."""
        told = (
            select(CertificateEvent.id)
            .where(
                CertificateEvent.certificate_id == Certificate.id,
                CertificateEvent.kind != EventKind.ISSUED,
            )
            .correlate(Certificate)
            .exists()
        )
        eventful = and_(
            Certificate.person_id.in_(
                select(CoverageNumber.thing_id).where(
                    CoverageNumber.number.in_(_among(people, self._eventful))
                )
            ),
            or_(told, gathering.reviews() > 0),
        )
        whole, segments = [], []
        for number, paper in gathering.numbered_papers(eventful):
            role, _, item = paper.what.partition(":")
            what = (number, ROLE_NUMBERS.get(role, -1), item_number(item))
            if paper.segments:
                whole.append((*what, paper.first_day))
                segments += [(*what, *each) for each in paper.segments]
        return _columns(whole, 4), _columns(segments, 6)

    def _purpose(self, content: str) -> str:
        """Return the purpose as it is counted: see `inductions.counted_as`."""
        level, induction = self._words.level.format(content), inductions.PURPOSE
        return (
            f"CASE WHEN record.purpose = '{induction}' AND {level} IS NOT NULL"
            f" THEN '{induction}.' || {level} ELSE record.purpose END"
        )

    def _item(self, item: str) -> str:
        category, place = (each.format(item) for each in (self._words.category, self._words.place))
        return f"CASE WHEN {item} LIKE '%.%' THEN {category} * 1000 + {place} ELSE 0 END"


def _paths() -> dict[int, str]:
    """Return the path of every organisation, by its number."""
    numbered = CoverageNumber.thing_id == Organisation.id
    statement = select(CoverageNumber.number, Organisation.path).where(numbered)
    return {number: path for number, path in db.session.execute(statement)}


def _columns(rows: Sequence[tuple[int, ...]], width: int) -> Numbers:
    flat: Iterable[int] = chain.from_iterable(rows)
    return np.fromiter(flat, np.int64, len(rows) * width).reshape(-1, width).T


def _read(words: str, packs: Sequence[bulk.Packed]) -> Numbers:
    """Return the columns of a statement, by person."""
    return _sorted(np.stack([*bulk.read_packed(words, packs).values()]))


def _among(people: Numbers, some: Numbers) -> list[int]:
    """Return those of some numbers that lie in a lot."""
    first, last = np.searchsorted(some, (people[0], people[-1] + 1))
    found: list[int] = some[first:last].tolist()
    return found


def _sorted(columns: Numbers) -> Numbers:
    """Return the columns by person, the first of them."""
    return columns[:, np.argsort(columns[0], kind="stable")]
