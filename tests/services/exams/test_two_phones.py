"""Two phones, a network that repeats, delays and reorders, and what must be held in the end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run
from sqlalchemy import select

from exams import sync
from exams.errors import AnotherDevice
from exams.lifecycle import State
from exams.models import ResponseEntry
from exams.services import intake, moves, prolonging
from exams.services.intake import Batch, Receipt
from server.db import db
from server.errors import DomainError
from tests.factories import exams as a
from tests.factories.phones import OTHER_PHONE, PHONE
from tests.factories.sitting import submit
from tests.moments import NOON

#: Slots that the phones answer, few, so that words meet; and the options of a judgement.
SLOTS, OPTIONS = st.integers(1, 4), st.integers(0, 1)
PHONES = st.sampled_from([PHONE, OTHER_PHONE])


class Word(NamedTuple):
    """What was tapped on a phone, which keeps it until it is acknowledged, and longer."""

    phone: object
    slot: int
    epoch: int
    sequence: int
    option: int


class Arrival(NamedTuple):
    """How a word first reached the server."""

    at: datetime
    #: Whether the attempt had moved away, or was handed in.
    shut_out: bool


class TwoPhones(RuleBasedStateMachine):
    """A model of what counts, beside the database."""

    words = Bundle("words")

    #: The exam in which every example has an attempt of its own.
    scene: a.Scene

    def __init__(self):
        super().__init__()
        self.attempt = a.an_attempt(self.scene)
        self.at = NOON
        self.deadline_at = self.attempt.deadline_at
        #: Which phone may write, in which epoch; what each phone believes of the epoch, and the
        #: last sequence it used in it.
        self.writer, self.epoch = PHONE, 1
        self.believed, self.sequences = {PHONE: 1, OTHER_PHONE: 1}, {PHONE: 0, OTHER_PHONE: 0}
        self.arrived: dict[Word, Arrival] = {}
        self.over = False

    def is_up(self, at):
        """Say whether a moment is too late."""
        return at > self.deadline_at + self.attempt.grace

    @rule(target=words, phone=PHONES, slot=SLOTS, option=OPTIONS)
    def tap(self, phone, slot, option):
        """Somebody taps on one of the phones, whoever may write; nothing is sent yet."""
        self.sequences[phone] += 1
        return Word(phone, slot, self.believed[phone], self.sequences[phone], option)

    @rule(
        sent=st.lists(words, min_size=1, max_size=6),
        wait=st.sampled_from([0, 0, 0, 0, 1, 2, 3, 30]),
    )
    def deliver(self, sent, wait):
        """A message arrives: words of any age, in any order, some of them again."""
        self.at += timedelta(minutes=wait)
        phone, epoch = sent[0].phone, sent[0].epoch
        mine = [word for word in sent if (word.phone, word.epoch) == (phone, epoch)]
        reply = self.send(phone, epoch, mine)
        ended = self.over or self.is_up(self.at)
        if not ended and epoch == self.epoch and phone is not self.writer:
            assert isinstance(reply, AnotherDevice)
            return
        assert isinstance(reply, Receipt)
        shut_out = self.over or epoch < self.epoch
        for word, one in zip(mine, reply.entries, strict=True):
            assert (one.verdict, one.code) == self.told(word, shut_out=shut_out)
            assert one.late is (one.verdict is sync.Verdict.ACCEPTED and (ended or shut_out))
            self.arrived.setdefault(word, Arrival(self.at, shut_out))

    def told(self, word, *, shut_out):
        """Return what the phone must be told of a word: the verdict, and the reason for it."""
        held = self.counts().get(word.slot)
        if held is not None and rank(word) <= held:
            code = sync.Reason.DUPLICATE if rank(word) == held else sync.Reason.OLDER
            return sync.Verdict.IGNORED, code
        if self.is_up(self.at):
            return sync.Verdict.ACCEPTED, sync.Reason.TIME_IS_UP
        if self.over:
            return sync.Verdict.ACCEPTED, sync.Reason.ALREADY_SUBMITTED
        return sync.Verdict.ACCEPTED, sync.Reason.MOVED if shut_out else None

    def counts(self):
        """Return the rank that counts in each slot: the highest of those that came in time."""
        wanted: dict[int, tuple[int, int, int]] = {}
        for word, arrival in self.arrived.items():
            if not arrival.shut_out and not self.is_up(arrival.at):
                wanted[word.slot] = max(rank(word), wanted.get(word.slot, rank(word)))
        return wanted

    def send(self, phone, epoch, mine) -> Receipt | DomainError:
        """Send words of one phone and one epoch."""
        entries = [
            {"slot": word.slot, "chosen": [word.option], "sequence": word.sequence} for word in mine
        ]
        batch = Batch(
            attempt_id=self.attempt.id,
            candidate_id=self.attempt.candidate_id,
            device_id=phone,
            epoch=epoch,
            entries=entries,
            at=self.at,
        )
        return intake.store(db.session.connection(), [batch])[0]

    @rule()
    def move(self):
        """The attempt moves to the other phone, where it still can."""
        if self.over or self.is_up(self.at) or self.epoch > 5:
            return
        to = OTHER_PHONE if self.writer is PHONE else PHONE
        given = moves.give(
            uuid4(), attempt_id=self.attempt.id, reason="没电", by=a.SOMEBODY, at=self.at
        )
        assert given.code is not None
        moved = moves.use(
            self.attempt.id,
            code=given.code,
            candidate_id=self.attempt.candidate_id,
            device_id=to,
            at=self.at,
        )
        self.writer, self.epoch = to, self.epoch + 1
        self.believed[to], self.sequences[to] = self.epoch, 0
        assert moved.epoch == self.epoch
        self.at += timedelta(seconds=1)

    @rule(minutes=st.sampled_from([1, 40]))
    def extend(self, minutes):
        """The invigilator grants time, also after the end."""
        by = timedelta(minutes=minutes)
        if prolonging.prolong(self.attempt, by, granted_by=a.SOMEBODY, at=self.at):
            self.deadline_at += by

    @rule(sure=st.sampled_from([False] * 9 + [True]))
    def hand_in(self, sure):
        """The candidate hands in, once or again, or thinks better of it."""
        if not sure:
            return
        submit(self.attempt, at=self.at)
        self.over = True

    @invariant()
    def what_is_held_is_what_the_model_says(self):
        """In each slot the word of the highest epoch and sequence counts, of those in time."""
        held = intake.counting(db.session.connection(), self.attempt.id)
        assert {
            slot: (one.epoch, one.sequence, sync.options(one.chosen)[0])
            for slot, one in held.items()
        } == self.counts()
        assert (self.attempt.state is State.IN_PROGRESS) is not self.over

    @invariant()
    def every_word_is_kept_whatever_became_of_it(self):
        """What came is there, late or not, counting or not; nothing else is."""
        of = ResponseEntry.attempt_id == self.attempt.id
        columns = ResponseEntry.slot, ResponseEntry.epoch, ResponseEntry.sequence
        rows = db.session.execute(select(*columns, ResponseEntry.chosen).where(of)).all()
        assert sorted(tuple(row) for row in rows) == sorted(
            {(word.slot, word.epoch, word.sequence, 1 << word.option) for word in self.arrived}
        )


def rank(word):
    """Return what decides between two words of a slot."""
    return word.epoch, word.sequence, word.option


def test_whatever_the_network_does_the_server_holds_what_the_model_holds(inside):
    TwoPhones.scene = a.an_exam()

    run(
        TwoPhones,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
