"""Sittings: what they are, how they move, and which hours contradict each other (考试场次)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from exams import stations
from exams.rooms import StartMode


class Mode(StrEnum):
    """How a sitting is held."""

    #: In rooms with seats, with check-in at the door (考场).
    ROOM = "room"
    #: On one's own phone, wherever one is (远程).
    PHONE = "phone"
    #: At stations of rooms, called one after another in turns (实操).
    PRACTICAL = "practical"
    #: To practise: nothing that comes of it counts (模拟演练).
    PRACTICE = "practice"


#: Held in rooms of a test centre, with check-in at the door.
IN_ROOMS = frozenset({Mode.ROOM, Mode.PRACTICAL})


class SittingState(StrEnum):
    """Where a sitting stands."""

    PLANNED = "planned"
    #: Candidates may apply.
    OPEN = "open"
    #: Nobody may apply any more.
    CLOSED = "closed"
    #: Everybody has a seat and a ticket.
    SEATED = "seated"
    #: The doors are open.
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


class SittingMove(StrEnum):
    """What can be done with a sitting."""

    OPEN = "open"
    CLOSE = "close"
    SEAT = "seat"
    START = "start"
    FINISH = "finish"
    CANCEL = "cancel"


#: Every move there is; what is not here is refused.
MOVES: dict[tuple[SittingState, SittingMove], SittingState] = {
    (SittingState.PLANNED, SittingMove.OPEN): SittingState.OPEN,
    (SittingState.OPEN, SittingMove.CLOSE): SittingState.CLOSED,
    (SittingState.CLOSED, SittingMove.OPEN): SittingState.OPEN,
    (SittingState.CLOSED, SittingMove.SEAT): SittingState.SEATED,
    (SittingState.SEATED, SittingMove.START): SittingState.RUNNING,
    (SittingState.RUNNING, SittingMove.FINISH): SittingState.DONE,
    (SittingState.PLANNED, SittingMove.CANCEL): SittingState.CANCELLED,
    (SittingState.OPEN, SittingMove.CANCEL): SittingState.CANCELLED,
    (SittingState.CLOSED, SittingMove.CANCEL): SittingState.CANCELLED,
    (SittingState.SEATED, SittingMove.CANCEL): SittingState.CANCELLED,
    (SittingState.RUNNING, SittingMove.CANCEL): SittingState.CANCELLED,
}

#: The states and moves as people read them.
STATE_ZH: dict[SittingState, str] = {
    SittingState.PLANNED: "已计划",
    SittingState.OPEN: "报名中",
    SittingState.CLOSED: "报名截止",
    SittingState.SEATED: "已编排",
    SittingState.RUNNING: "进行中",
    SittingState.DONE: "已结束",
    SittingState.CANCELLED: "已取消",
}
MOVE_ZH: dict[SittingMove, str] = {
    SittingMove.OPEN: "开放报名",
    SittingMove.CLOSE: "截止报名",
    SittingMove.SEAT: "编排座位",
    SittingMove.START: "开放入场",
    SittingMove.FINISH: "结束",
    SittingMove.CANCEL: "取消",
}

#: How long before its opening the doors of a sitting may open.
DOORS_BEFORE = timedelta(hours=2)


def after(state: SittingState, move: SittingMove) -> SittingState | None:
    """Return the state that a move leads to, None where the table does not know it."""
    return MOVES.get((state, move))


class Awaited(StrEnum):
    """What a place in a sitting still waits for before its candidate may start."""

    #: The decision upon the application (资格审核).
    DECISION = "decision"
    #: A place that somebody else gives up (候补).
    STAND_BY = "stand_by"
    #: A seat (排座).
    SEAT = "seat"
    #: Being let in (入场核验).
    CHECK_IN = "check_in"
    #: Being called to a station; a practical is no attempt on a phone, and so it stays (叫号).
    CALL = "call"


#: Who waits for these has no place yet.
NO_PLACE_YET = frozenset({Awaited.DECISION, Awaited.STAND_BY})


class Contradiction(StrEnum):
    """Hours of a sitting that cannot be kept together."""

    ENROLMENT_CLOSES_BEFORE_IT_OPENS = "enrolment_closes_before_it_opens"
    ENROLMENT_CLOSES_AFTER_THE_SITTING_OPENS = "enrolment_closes_after_the_sitting_opens"
    SITTING_CLOSES_BEFORE_IT_OPENS = "sitting_closes_before_it_opens"
    LATENESS_BEYOND_THE_END = "lateness_beyond_the_end"
    ABSENCE_NOTICE_BEFORE_ENROLMENT_OPENS = "absence_notice_before_enrolment_opens"
    #: A practical without the length of its turns, or another sitting with one.
    TURNS_UNFIT = "turns_unfit"
    NOT_ONE_TURN = "not_one_turn"


@dataclass(frozen=True, kw_only=True)
class SittingDraft:
    """A sitting as its planner writes it."""

    plan_id: UUID
    name: str
    #: The test centre.
    centre_id: UUID
    mode: Mode
    #: Rooms in the order in which they are filled; none but for rooms.
    room_ids: tuple[UUID, ...]
    #: Places there are; None for what the rooms hold.
    capacity: int | None
    #: Who may wait for a place beyond that.
    stand_by_limit: int
    enrolment_opens_at: datetime
    enrolment_closes_at: datetime
    opens_at: datetime
    closes_at: datetime
    #: Minutes after the opening after which nobody is let in (迟到不得入场).
    late_minutes: int
    #: Whether who comes late has less time (迟到不补时).
    late_starts_lose_time: bool
    #: Hours before the opening up to which an absence can be told (请假).
    absence_notice_hours: int
    #: Days after an absence nobody told of, on which one may not apply again; 0 for none.
    absence_pause_days: int
    release_at: datetime | None
    start_mode: StartMode
    form_count: int
    #: Minutes of a turn at a station, the change to the next one included; practicals only.
    turn_minutes: int | None = None

    @property
    def turns(self) -> int:
        """How often a station is used; once but in practicals."""
        if self.turn_minutes is None:
            return 1
        return stations.turn_count(self.opens_at, self.closes_at, self.turn_minutes)

    @property
    def latest_start_at(self) -> datetime:
        """After this nobody is let in."""
        return self.opens_at + timedelta(minutes=self.late_minutes)


def contradictions(draft: SittingDraft) -> tuple[Contradiction, ...]:
    """Return every promise of the hours that could not be kept."""
    notice = timedelta(hours=draft.absence_notice_hours)
    found = {
        Contradiction.ENROLMENT_CLOSES_BEFORE_IT_OPENS: draft.enrolment_closes_at
        <= draft.enrolment_opens_at,
        Contradiction.ENROLMENT_CLOSES_AFTER_THE_SITTING_OPENS: draft.enrolment_closes_at
        > draft.opens_at,
        Contradiction.SITTING_CLOSES_BEFORE_IT_OPENS: draft.closes_at <= draft.opens_at,
        Contradiction.LATENESS_BEYOND_THE_END: draft.latest_start_at >= draft.closes_at,
        Contradiction.ABSENCE_NOTICE_BEFORE_ENROLMENT_OPENS: draft.opens_at - notice
        <= draft.enrolment_opens_at,
        Contradiction.TURNS_UNFIT: (draft.mode is Mode.PRACTICAL) is (draft.turn_minutes is None),
        Contradiction.NOT_ONE_TURN: draft.turns < 1,
    }
    return tuple(one for one, holds in found.items() if holds)


class Attendance(StrEnum):
    """What became of a candidate at a sitting."""

    EXPECTED = "expected"
    PRESENT = "present"
    #: Let in after the opening.
    LATE = "late"
    #: Did not come, and told nobody (缺考).
    ABSENT = "absent"
    #: Told in time (请假).
    EXCUSED = "excused"
    #: Sent away at the door (拒绝入场).
    TURNED_AWAY = "turned_away"


#: Who was let in.
IN_THE_ROOM = frozenset({Attendance.PRESENT, Attendance.LATE})
