"""Two phones, a network that repeats, delays and reorders, and what must be held in the end."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run

from exams import sync
from exams.lifecycle import State
from exams.services import intake, moves
from exams.services.intake import Batch, Receipt
from server.db import db
from tests.factories import exams as a
from tests.factories.sitting import submit
from tests.moments import NOON

#: Slots that the phones answer, few, so that words meet; and the options of a judgement.
SLOTS, OPTIONS = st.integers(1, 4), st.integers(0, 1)


class TwoPhones(RuleBasedStateMachine):
    """A model of what counts, beside the database."""

    words = Bundle("words")

    #: The exam in which every example has an attempt of its own.
    scene: a.Scene

    def __init__(self):
        super().__init__()
        self.attempt = a.an_attempt(self.scene)
        self.at = NOON
        #: The newest epoch, the last sequence of each phone, and what arrived in time.
        self.epoch = 1
        self.sequences = {1: 0}
        self.arrived: set[tuple[int, int, int, int]] = set()
        self.over = False

    @rule(target=words, slot=SLOTS, option=OPTIONS, old=st.booleans())
    def tap(self, slot, option, old):
        """Somebody taps on one of the phones; nothing is sent yet."""
        epoch = max(self.epoch - 1, 1) if old else self.epoch
        self.sequences[epoch] += 1
        return (slot, epoch, self.sequences[epoch], option)

    @rule(
        sent=st.lists(words, min_size=1, max_size=6),
        wait=st.sampled_from([0, 0, 0, 0, 1, 2, 3, 30]),
    )
    def deliver(self, sent, wait):
        """A message arrives: words of any age, in any order, some of them again."""
        self.at += timedelta(minutes=wait)
        epoch = sent[0][1]
        mine = [word for word in sent if word[1] == epoch]
        entries = [
            {"slot": slot, "chosen": [option], "sequence": sequence}
            for slot, _, sequence, option in mine
        ]
        batch = Batch(
            attempt_id=self.attempt.id,
            candidate_id=self.attempt.candidate_id,
            epoch=epoch,
            entries=entries,
            at=self.at,
        )
        (receipt,) = intake.store(db.session.connection(), [batch])
        assert isinstance(receipt, Receipt)
        late = self.over or self.at > self.attempt.deadline_at + self.attempt.grace
        if not late:
            self.arrived |= set(mine)
        for one in receipt.entries:
            assert one.verdict is not sync.Verdict.REFUSED
            assert one.late <= late

    @rule()
    def move(self):
        """The attempt moves to another phone, where it still can."""
        if self.over or self.at > self.attempt.deadline_at or self.epoch > 5:
            return
        given = moves.give(
            uuid4(), attempt_id=self.attempt.id, reason="没电", by=a.SOMEBODY, at=self.at
        )
        assert given.code is not None
        moved = moves.use(
            self.attempt.id,
            code=given.code,
            candidate_id=self.attempt.candidate_id,
            at=self.at,
        )
        self.epoch += 1
        self.sequences[self.epoch] = 0
        assert moved.epoch == self.epoch

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
        wanted: dict[int, tuple[int, int, int]] = {}
        for slot, epoch, sequence, option in self.arrived:
            word = (epoch, sequence, option)
            wanted[slot] = max(word, wanted.get(slot, word))
        held = intake.counting(db.session.connection(), self.attempt.id)
        assert {
            slot: (one.epoch, one.sequence, sync.options(one.chosen)[0])
            for slot, one in held.items()
        } == wanted
        assert (self.attempt.state is State.IN_PROGRESS) is not self.over


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
