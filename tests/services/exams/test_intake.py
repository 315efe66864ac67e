"""What becomes of what phones send: kept, judged one by one, never lost."""

from datetime import timedelta
from uuid import uuid4

import pytest

from exams.errors import UnknownEpoch
from exams.lifecycle import State
from exams.models import Attempt, ResponseEntry
from exams.services import attempts, forms, intake, shelves
from exams.services.intake import Batch, Receipt
from exams.sync import Reason, Verdict
from server.db import db
from server.errors import NotFound
from tests.factories import exams as a
from tests.factories.sitting import submit
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


def entry(slot, *chosen, sequence=1):
    """Return one word of a phone."""
    return {"slot": slot, "chosen": list(chosen), "sequence": sequence}


def batch(attempt, *entries, epoch=1, at=NOON, candidate_id=None, device_id=a.PHONE):
    """Return what one phone sends."""
    return Batch(
        attempt_id=attempt.id,
        candidate_id=candidate_id or attempt.candidate_id,
        device_id=device_id,
        epoch=epoch,
        entries=entries,
        at=at,
    )


def store(*batches):
    """Store batches together."""
    return intake.store(db.session.connection(), batches)


def verdicts(receipt):
    """Return what became of each entry."""
    assert isinstance(receipt, Receipt)
    return [(one.verdict.value, one.code.value if one.code else None) for one in receipt.entries]


def counting(attempt):
    """Return the chosen bits that count, by slot."""
    found = intake.counting(db.session.connection(), attempt.id)
    return {slot: one.chosen for slot, one in found.items()}


def test_entries_are_acknowledged_one_by_one_and_a_bad_one_spoils_none():
    attempt = a.an_attempt(a.an_exam())

    receipt = store(
        batch(attempt, entry(1, 0), "tap", entry(101, 0), entry(61, 9), entry(91, 0, 3))
    )[0]

    assert verdicts(receipt) == [
        ("accepted", None),
        ("refused", "not_readable"),
        ("refused", "unknown_slot"),
        ("refused", "unknown_option"),
        ("accepted", None),
    ]
    assert receipt.acknowledged_count == 2
    assert counting(attempt) == {1: 0b1, 91: 0b1001}


def test_an_older_word_never_replaces_a_newer_and_a_repetition_is_harmless():
    attempt = a.an_attempt(a.an_exam())

    store(batch(attempt, entry(1, 1, sequence=5)))
    receipt = store(
        batch(
            attempt,
            entry(1, 0, sequence=3),
            entry(1, 1, sequence=5),
            entry(1, sequence=6),
            entry(1, 0, sequence=4),
        )
    )[0]

    assert verdicts(receipt) == [
        ("ignored", "older"),
        ("ignored", "duplicate"),
        ("accepted", None),
        ("ignored", "older"),
    ]
    assert counting(attempt) == {1: 0}


def test_even_what_is_ignored_as_older_is_kept():
    attempt = a.an_attempt(a.an_exam())

    store(batch(attempt, entry(1, 1, sequence=5), entry(1, 0, sequence=3)))

    assert db.session.query(ResponseEntry).count() == 2


def test_what_arrives_within_the_grace_counts_and_later_is_kept_and_flagged():
    attempt = a.an_attempt(a.an_exam())
    store(batch(attempt, entry(1, 0)))

    last = attempt.deadline_at + timedelta(seconds=10)
    store(batch(attempt, entry(2, 0, sequence=2), at=last))
    late = store(
        batch(
            attempt,
            entry(1, 0),
            entry(1, 1, sequence=3),
            entry(3, 0, sequence=4),
            at=last + timedelta(milliseconds=1),
        )
    )[0]

    assert verdicts(late) == [
        ("ignored", "duplicate"),
        ("accepted", "time_is_up"),
        ("accepted", "time_is_up"),
    ]
    assert [one.late for one in late.entries] == [False, True, True]
    assert counting(attempt) == {1: 0b1, 2: 0b1}
    assert db.session.query(ResponseEntry).filter_by(late=True).count() == 2


def test_a_late_repetition_takes_nothing_from_what_came_in_time():
    attempt = a.an_attempt(a.an_exam())
    store(batch(attempt, entry(1, 0)))

    store(batch(attempt, entry(1, 0), at=attempt.deadline_at + timedelta(hours=1)))

    assert counting(attempt) == {1: 0b1}


@pytest.mark.parametrize(
    ("state", "code"), [(State.GRADED, Reason.ALREADY_SUBMITTED), (State.VOIDED, Reason.VOIDED)]
)
def test_after_the_end_everything_is_kept_and_counts_no_more(state, code):
    attempt = a.an_attempt(a.an_exam())
    submit(attempt, at=NOON)
    attempt.state = state
    db.session.flush()

    receipt = store(batch(attempt, entry(1, 0)))[0]

    assert verdicts(receipt) == [("accepted", code.value)]
    assert counting(attempt) == {}


def test_anothers_attempt_and_no_attempt_are_not_found_and_spoil_no_other_batch():
    attempt = a.an_attempt(a.an_exam())
    missing = Batch(
        attempt_id=uuid4(),
        candidate_id=uuid4(),
        device_id=a.PHONE,
        epoch=1,
        entries=[entry(1, 0)],
        at=NOON,
    )

    answers = store(
        batch(attempt, entry(1, 0), candidate_id=uuid4()),
        missing,
        batch(attempt, entry(2, 1)),
    )

    assert [type(one) for one in answers] == [NotFound, NotFound, Receipt]
    assert counting(attempt) == {2: 0b10}


def test_a_phone_the_attempt_never_moved_to_is_refused():
    attempt = a.an_attempt(a.an_exam())

    answers = store(batch(attempt, entry(1, 0), epoch=2), batch(attempt, entry(1, 0), epoch=0))

    assert [type(one) for one in answers] == [UnknownEpoch, UnknownEpoch]


def test_the_words_of_the_old_phone_are_kept_and_do_not_count_by_themselves():
    attempt = a.an_attempt(a.an_exam())
    attempt.epoch = 2
    db.session.flush()

    store(batch(attempt, entry(1, 1, sequence=1), epoch=2))
    old = store(batch(attempt, entry(1, 0, sequence=99), entry(2, 0, sequence=100), epoch=1))[0]

    assert verdicts(old) == [("ignored", "older"), ("accepted", "moved")]
    assert counting(attempt) == {1: 0b10}


def test_two_batches_of_one_phone_in_one_group_are_judged_in_their_order():
    attempt = a.an_attempt(a.an_exam())

    first, second = store(
        batch(attempt, entry(1, 1, sequence=2)), batch(attempt, entry(1, 0, sequence=1))
    )

    assert (verdicts(first), verdicts(second)) == (
        [("accepted", None)],
        [("ignored", "older")],
    )


@pytest.mark.parametrize("phones", [1, 16])
def test_any_number_of_batches_takes_three_statements(phones, count_statements):
    scene = a.an_exam()
    sitting = [a.an_attempt(scene) for _ in range(phones)]
    forms.form(db.session.connection(), sitting[0].paper_id)

    with count_statements() as sent:
        answers = store(*(batch(one, entry(1, 0), entry(2, 1)) for one in sitting))

    assert len(sent) == 3
    assert {verdict for one in answers for verdict, _ in verdicts(one)} == {Verdict.ACCEPTED}


def test_an_empty_batch_is_a_question_for_the_time(count_statements):
    attempt = a.an_attempt(a.an_exam())

    with count_statements() as sent:
        receipt = store(batch(attempt))[0]

    assert len(sent) == 1
    assert not receipt.entries
    assert receipt.pulse.deadline_at == attempt.deadline_at


def test_handing_in_and_starting_take_a_fixed_number_of_statements(count_statements):
    scene = a.an_exam()
    a.an_attempt(scene)
    enrolment = a.an_enrolment(scene)
    attempt_id, enrolment_id, candidate_id = uuid4(), enrolment.id, enrolment.candidate_id
    db.session.expunge_all()

    with count_statements() as started:
        attempts.start(
            attempt_id,
            enrolment_id=enrolment_id,
            candidate_id=candidate_id,
            device_id=a.PHONE,
            seed=bytes(16),
            at=NOON,
        )
    forms.key_sheet(db.session.connection(), db.session.get_one(Attempt, attempt_id).paper_id)
    db.session.expunge_all()
    with count_statements() as handed_in:
        attempts.submit(attempt_id, candidate_id=candidate_id, device_id=a.PHONE, at=NOON)

    assert (len(started), len(handed_in)) == (START_STATEMENTS, SUBMIT_STATEMENTS)


#: Pinned: more of them is a slower nine o'clock, and must be meant.
START_STATEMENTS = 4
SUBMIT_STATEMENTS = 6


def test_the_memory_of_papers_is_bounded():
    shelf = shelves.Shelf(lambda _connection, paper_id: paper_id)

    for _ in range(300):
        shelf.take(db.session.connection(), uuid4())

    assert len(shelf._kept) == 256


def test_an_unknown_paper_is_not_found():
    with pytest.raises(NotFound):
        forms.form(db.session.connection(), uuid4())
