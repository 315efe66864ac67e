"""What the crowded path must know of a round, read once and kept in the process (轮次缓存).

Rounds of a published contest do not change but for their release, so a process reads each of them
anew only every few seconds. The keys of the questions are in here, and nowhere near a reply.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from exams.contests import lots, rules
from exams.contests.models import Contest, ContestQuestion, ContestRound, ContestState
from exams.contests.points import Worth
from exams.contests.ranking import TieRule
from exams.contests.timetable import RoundKind, Timetable
from question_bank.kinds import LABELS, Kind
from question_bank.models import QuestionVersion
from server.days import civil_day

#: How long a process believes what it read.
FRESH_FOR = timedelta(seconds=5)


@dataclass(frozen=True, kw_only=True)
class HeldQuestion:
    """A question of the pool, with its key as bits of the written options."""

    version_id: UUID
    kind: Kind
    stem: str
    stem_html: str | None
    options: tuple[dict[str, Any], ...]
    key: int
    keeps_order: bool

    @property
    def takes_many(self) -> bool:
        """Whether more than one option may be chosen."""
        return self.kind is Kind.MULTIPLE_CHOICE


@dataclass(frozen=True, kw_only=True)
class HeldRound:
    """A round, with all that judging a response needs."""

    id: UUID
    contest_id: UUID
    is_on: bool
    timetable: Timetable
    worth: Worth
    tie_rule: TieRule
    freezes_at: datetime | None
    released_at: datetime | None
    seed: bytes
    pool: tuple[HeldQuestion, ...]

    @property
    def is_final(self) -> bool:
        """Whether everybody meets the same question at the same moment."""
        return self.timetable.kind is RoundKind.FINAL

    def place(self, entry_id: UUID, slot: int) -> int:
        """Return which question of the pool stands in a slot of an entry."""
        whose = lots.whose(self.timetable.kind, self.id, entry_id)
        count = self.timetable.question_count
        return lots.places(self.seed, whose, len(self.pool), count)[slot - 1]

    def order(self, entry_id: UUID, place: int) -> tuple[int, ...]:
        """Return which written option stands in each place shown to an entry."""
        question = self.pool[place]
        whose = lots.whose(self.timetable.kind, self.id, entry_id)
        count, keep = len(question.options), question.keeps_order
        return lots.option_order(self.seed, whose, place, count, keep=keep)

    def shows(self, at: datetime) -> bool:
        """Say whether the board follows what happens at a moment."""
        return self.freezes_at is None or at < self.freezes_at

    def question(self, entry_id: UUID, slot: int) -> dict[str, Any]:
        """Return a question as it is shown: its words, and no key."""
        place = self.place(entry_id, slot)
        asked = self.pool[place]
        order = self.order(entry_id, place)
        options = [{**asked.options[of], "label": LABELS[at]} for at, of in enumerate(order)]
        return {
            "slot": slot,
            "slot_count": self.timetable.question_count,
            "kind": asked.kind,
            "stem": asked.stem,
            "stem_html": asked.stem_html,
            "options": options,
            "seconds": self.timetable.seconds,
        }


_kept: dict[UUID, tuple[datetime, HeldRound | None]] = {}
_MOST_KEPT = 256


def find(connection: Connection, round_id: UUID, *, at: datetime) -> HeldRound | None:
    """Return a round of a published contest; None where there is none."""
    known = _kept.get(round_id)
    if known is not None and known[0] <= at < known[0] + FRESH_FOR:
        return known[1]
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    before = known[1] if known else None
    found = _read(connection, round_id, before)
    _kept[round_id] = (at, found)
    return found


def forget() -> None:
    """Keep nothing."""
    _kept.clear()


def _read(connection: Connection, round_id: UUID, before: HeldRound | None) -> HeldRound | None:
    columns = (
        *(ContestRound.contest_id, ContestRound.kind, ContestRound.opens_at),
        *(ContestRound.closes_at, ContestRound.question_count, ContestRound.seconds),
        *(ContestRound.pause_seconds, ContestRound.freezes_at, ContestRound.released_at),
        *(ContestRound.seed, Contest.state, Contest.base_points, Contest.speed_points),
        *(Contest.tie_rule, Contest.published_at),
    )
    joined = select(*columns).join(Contest, Contest.id == ContestRound.contest_id)
    row = connection.execute(joined.where(ContestRound.id == round_id)).one_or_none()
    if row is None or row.published_at is None:
        return None
    grace_ms = rules.on(civil_day(row.opens_at)).grace_ms
    return HeldRound(
        id=round_id,
        contest_id=row.contest_id,
        is_on=row.state is ContestState.PUBLISHED,
        timetable=Timetable(
            kind=row.kind,
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            question_count=row.question_count,
            seconds=row.seconds,
            pause_seconds=row.pause_seconds,
        ),
        worth=Worth(
            base=row.base_points, speed=row.speed_points, seconds=row.seconds, grace_ms=grace_ms
        ),
        tie_rule=row.tie_rule,
        freezes_at=row.freezes_at,
        released_at=row.released_at,
        seed=row.seed,
        # Pinned when the contest was published: what was read once stays true.
        pool=before.pool if before is not None else _pool(connection, round_id),
    )


def _pool(connection: Connection, round_id: UUID) -> tuple[HeldQuestion, ...]:
    version = QuestionVersion
    columns = (version.id, version.kind, version.stem, version.stem_html, version.options)
    rows = connection.execute(
        select(*columns, version.key, version.keeps_order)
        .join(ContestQuestion, ContestQuestion.version_id == version.id)
        .where(ContestQuestion.round_id == round_id)
        .order_by(ContestQuestion.place)
    )
    return tuple(_question(row) for row in rows)


def _question(row: Any) -> HeldQuestion:
    labels = [option["label"] for option in row.options]
    return HeldQuestion(
        version_id=row.id,
        kind=row.kind,
        stem=row.stem,
        stem_html=row.stem_html,
        options=tuple(row.options),
        key=sum(1 << labels.index(label) for label in row.key),
        keeps_order=row.keeps_order,
    )
