"""Gathering the facts of many people as columns of whole numbers (批量取数).

The same facts as `gathering` reads for a few. The statements are written by hand, once for each
database, so that nothing but whole numbers comes out: a column of a hundred thousand days is read
in the time that a few hundred objects take.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from sqlalchemy import and_, or_, select

from certificates.columns import KIND_NUMBERS, Files, Lines, Papers, Posts, Standings
from certificates.coverage import Reason
from certificates.editions import Rules
from certificates.facts import RecordKind
from certificates.models import Certificate, CertificateEvent, CoverageNumber, EventKind
from certificates.papers import CODES, COVERED, END
from certificates.services.counts import bulk, gathering
from certificates.stretches import ROLE_NUMBERS, item_number
from certificates.sweeping import Numbers
from server.db import db


@dataclass(frozen=True, kw_only=True)
class _Words:
    """How a database says what the statements have in common; `{}` is what it is said of."""

    day: str
    civil_day: str
    each_item: str
    lead: str
    category: str
    place: str
    is_true: str
    is_false: str
    provider: str
    length: str


_SQLITE = _Words(
    day="CAST(julianday({0}) - 1721424.5 AS INTEGER)",
    civil_day="CAST(julianday(date({0}, '+8 hours')) - 1721424.5 AS INTEGER)",
    each_item="LEFT JOIN json_each(post.items) AS one ON 1",
    lead="COALESCE(one.key, 0) = 0",
    category="CAST({0} AS INTEGER)",
    place="CAST(substr({0}, instr({0}, '.') + 1) AS INTEGER)",
    is_true="json_extract({0}, '$.{1}') IS 1",
    is_false="json_extract({0}, '$.{1}') IS 0",
    provider="replace(json_extract({0}, '$.provider_id'), '-', '') = {1}",
    length="json_array_length({0})",
)
_POSTGRESQL = _Words(
    day="({0} - DATE '0001-01-01' + 1)",
    civil_day="(({0} AT TIME ZONE 'Asia/Shanghai')::date - DATE '0001-01-01' + 1)",
    each_item="LEFT JOIN LATERAL jsonb_array_elements_text(post.items) WITH ORDINALITY"
    " AS one(value, key) ON true",
    lead="COALESCE(one.key, 1) = 1",
    category="split_part({0}, '.', 1)::int",
    place="split_part({0}, '.', 2)::int",
    is_true="COALESCE({0} ->> '{1}' = 'true', false)",
    is_false="COALESCE({0} ->> '{1}' = 'false', false)",
    provider="{0} ->> 'provider_id' = {1}::text",
    length="jsonb_array_length({0})",
)


class Reader:
    """Reads the facts of people whose numbers lie in a range, for some rules."""

    def __init__(self, rules: Rules, *, with_trainers: bool = True) -> None:
        """Read for these rules; who trained is left out where only sums are made of it."""
        self._with_trainers = with_trainers
        self._words = _POSTGRESQL if db.engine.dialect.name == "postgresql" else _SQLITE
        parts = (
            part
            for rule in rules.every
            for edition in rule.editions
            for group in edition.question.measure.all_of
            for part in group
        )
        names = sorted({name for part in parts for name in part.purposes})
        self._purposes = {name: number for number, name in enumerate(names, start=1)}

    def files(self, people: Numbers) -> Files:
        """Return all that is known of people; `people` are their numbers, the smallest first."""
        within = f"n.number BETWEEN {people[0]} AND {people[-1]}"
        papers, standings = self._certificates(within, people)
        return Files(
            people=people,
            posts=Posts(*_sorted(bulk.read(self._posts(within), len(Posts._fields)))),
            papers=papers,
            standings=standings,
            lines=Lines(*_sorted(bulk.read(self._lines(within), len(Lines._fields)))),
            purposes=self._purposes,
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

    def _lines(self, within: str) -> str:
        words = self._words
        content = "record.content"
        passed, failed = (
            each.format(content, "passed") for each in (words.is_true, words.is_false)
        )
        trainers = ""
        if self._with_trainers:
            same = words.provider.format(content, "p.thing_id")
            trainers = f"LEFT JOIN ({_TRAINERS}) p ON {same}"
        kinds = [KIND_NUMBERS[each] for each in RecordKind]
        trained, assessed, unfit = kinds
        subjects = f"""
            SELECT subject_id FROM coverage_number n JOIN record ON record.person_id = n.thing_id
            WHERE {within} AND record.kind = 'exam'
              AND record.id NOT IN ({_CORRECTED}) AND {words.is_true.format(content, "voided")}
            """  # noqa: S608  # our own words and whole numbers
        return f"""
            SELECT n.number,
              CASE WHEN record.kind = 'training' THEN {trained}
                WHEN {passed} THEN {assessed} ELSE {unfit} END,
              {words.day.format("record.happened_on")},
              {code_of("record.purpose", self._purposes)}, {code_of("record.role", ROLE_NUMBERS)},
              {self._item("record.item")}, {"COALESCE(p.number, 0)" if trainers else 0}
            FROM coverage_number n JOIN record ON record.person_id = n.thing_id {trainers}
            WHERE {within} AND record.kind IN ('training', 'exam')
              AND NOT (record.kind = 'training' AND {failed})
              AND record.id NOT IN ({_CORRECTED}) AND record.subject_id NOT IN ({subjects})
            """  # noqa: S608  # our own words and whole numbers

    def _certificates(self, within: str, people: Numbers) -> tuple[Papers, Standings]:
        """Return certificates and where they stand: those that something befell, one by one."""
        rows = _sorted(bulk.read(self._plain(within), 6))
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

    def _plain(self, within: str) -> str:
        words = self._words
        role, item = code_of("qualification.role", ROLE_NUMBERS), "qualification.operation_item"
        return f"""
            SELECT n.number, {role}, {self._item(item)},
              {words.day.format("certificate.valid_from")},
              {words.day.format("certificate.valid_until")} + 1,
              {words.civil_day.format("certificate.issued_at")}
            FROM coverage_number n JOIN certificate ON certificate.person_id = n.thing_id
              JOIN qualification ON qualification.id = certificate.qualification_id
            WHERE {within} AND {words.length.format("certificate.review_days")} = 0
              AND NOT EXISTS (SELECT 1 FROM certificate_event e
                WHERE e.certificate_id = certificate.id AND e.kind <> 'issued')
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
                    CoverageNumber.number.between(int(people[0]), int(people[-1]))
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

    def _item(self, item: str) -> str:
        category, place = (each.format(item) for each in (self._words.category, self._words.place))
        return f"CASE WHEN {item} LIKE '%.%' THEN {category} * 1000 + {place} ELSE 0 END"


#: Entries that another corrects.
_CORRECTED = "SELECT corrects_id FROM record WHERE corrects_id IS NOT NULL"

#: Organisations with their numbers: whoever trains is one.
_TRAINERS = (
    "SELECT o.number, o.thing_id FROM coverage_number o"
    " JOIN organisation ON organisation.id = o.thing_id"
)


def code_of(column: str, numbers: Mapping[str, int]) -> str:
    """Return a text of the database as a number: 0 where there is none, -1 where it is another.

    Args:
        column: whose texts they are, in our own words.
        numbers: the number of each text. Texts come from indicators that people write, so each is
            quoted here, whatever those who took it in have made sure of.
    """
    quoted = ((name.replace("'", "''"), number) for name, number in numbers.items())
    cases = " ".join(f"WHEN '{name}' THEN {number}" for name, number in quoted)
    known = f"CASE {column} {cases} ELSE -1 END" if cases else "-1"
    return f"CASE WHEN {column} IS NULL THEN 0 ELSE {known} END"


def _columns(rows: Sequence[tuple[int, ...]], width: int) -> Numbers:
    flat: Iterable[int] = chain.from_iterable(rows)
    return np.fromiter(flat, np.int64, len(rows) * width).reshape(-1, width).T


def _sorted(columns: Numbers) -> Numbers:
    """Return the columns by person, the first of them."""
    return columns[:, np.argsort(columns[0], kind="stable")]
