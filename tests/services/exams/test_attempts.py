"""An attempt from start to outcome."""

from datetime import timedelta
from fractions import Fraction
from uuid import uuid4

import pytest

from exams.errors import (
    AlreadyStarted,
    AlreadyVoided,
    AttemptOver,
    NotEligible,
    NotYetOpen,
    TooLateToStart,
    Withdrawn,
)
from exams.events import AttemptGraded, AttemptVoided
from exams.lifecycle import State
from exams.models import Outcome
from exams.services import attempts, enrolments, forms, intake, invigilation, outcomes
from exams.services.intake import Batch
from exams.sync import options
from server.db import db
from server.errors import IdTaken, NotFound
from server.policy import Permission, Role
from server.records import services as records
from tests.factories import exams as a
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")
HOUR = timedelta(hours=1)


def start(enrolment, *, attempt_id=None, candidate_id=None, seed=bytes(16), at=NOON):
    """Start an attempt."""
    return attempts.start(
        attempt_id or uuid4(),
        enrolment_id=enrolment.id,
        candidate_id=candidate_id or enrolment.candidate_id,
        seed=seed,
        at=at,
    )


def answer(attempt, *, right, wrong=0, at=NOON, sequence=1):
    """Store so many right and wrong responses, from slot 1 on."""
    sheet = forms.key_sheet(db.session.connection(), attempt.paper_id)
    entries = []
    for place in sheet[: right + wrong]:
        key = sorted("ABCDEFGHIJ".index(label) for label in place.key)
        chosen = key if place.slot <= right else [1 - key[0]] if key[0] < 2 else [0]
        entries.append({"slot": place.slot, "chosen": chosen, "sequence": sequence})
    batch = Batch(
        attempt_id=attempt.id,
        candidate_id=attempt.candidate_id,
        epoch=1,
        entries=entries,
        at=at,
    )
    return intake.store(db.session.connection(), [batch])[0]


def submit(attempt, *, at=NOON + HOUR):
    """Hand an attempt in."""
    return attempts.submit(attempt.id, candidate_id=attempt.candidate_id, at=at)


def outcome(attempt) -> Outcome:
    """Return the outcome that an attempt has by now."""
    found: Outcome | None = attempt.outcome
    assert found is not None
    return found


def test_a_start_gives_an_own_order_and_a_deadline():
    enrolment = a.an_enrolment(a.an_exam())

    started = start(enrolment, at=NOON + timedelta(minutes=5))

    assert started.attempt.deadline_at == NOON + timedelta(minutes=125)
    assert sorted(started.order.slots) == list(range(1, 101))
    assert list(started.order.slots) != list(range(1, 101))
    assert started.pulse.now == NOON + timedelta(minutes=5)


def test_starting_again_changes_nothing():
    enrolment, attempt_id = a.an_enrolment(a.an_exam()), uuid4()

    first = start(enrolment, attempt_id=attempt_id)
    again = start(enrolment, attempt_id=attempt_id, seed=bytes(range(16)), at=NOON + HOUR)

    assert again.attempt is first.attempt
    assert again.order == first.order
    assert again.pulse.deadline_at == first.pulse.deadline_at


def test_a_place_is_used_once():
    enrolment = a.an_enrolment(a.an_exam())
    attempt = start(enrolment).attempt

    with pytest.raises(AlreadyStarted) as refused:
        start(enrolment)

    assert refused.value.facts == {"attempt_id": str(attempt.id)}


def test_an_id_belongs_to_one_attempt():
    scene, attempt_id = a.an_exam(), uuid4()
    candidate = a.an_electrician()
    start(a.an_enrolment(scene, candidate), attempt_id=attempt_id)
    another = a.an_enrolment(a.an_exam(), candidate)

    with pytest.raises(IdTaken):
        start(another, attempt_id=attempt_id)


def test_nobody_starts_anothers_attempt():
    enrolment, attempt_id = a.an_enrolment(a.an_exam()), uuid4()

    with pytest.raises(NotFound):
        start(enrolment, candidate_id=uuid4())
    start(enrolment, attempt_id=attempt_id)
    with pytest.raises(NotFound):
        start(enrolment, attempt_id=attempt_id, candidate_id=uuid4())


def test_without_a_place_nobody_starts():
    scene = a.an_exam()
    refused = a.an_enrolment(scene, a.a_person(a.an_organisation()))
    given_up = a.an_enrolment(scene)
    enrolments.withdraw(given_up.id, by=a.SOMEBODY, at=NOON)

    with pytest.raises(NotEligible):
        start(refused)
    with pytest.raises(Withdrawn):
        start(given_up)


def test_nobody_starts_before_the_opening_or_after_the_last_start():
    enrolment = a.an_enrolment(a.an_exam())

    with pytest.raises(NotYetOpen):
        start(enrolment, at=NOON - timedelta(seconds=1))
    with pytest.raises(TooLateToStart):
        start(enrolment, at=NOON + HOUR + timedelta(seconds=1))
    assert start(enrolment, at=NOON + HOUR).attempt.deadline_at == NOON + 3 * HOUR


def test_the_paper_has_neither_keys_nor_hints():
    attempt = a.an_attempt(a.an_exam())

    paper = attempts.paper(attempt.id, candidate_id=attempt.candidate_id, at=NOON)

    assert len(paper.questions) == 100
    assert "SECRET" not in repr(paper)
    assert {name for question in paper.questions for name in vars(question)} == {
        "slot",
        "section",
        "kind",
        "points",
        "stem",
        "options",
    }


def test_the_paper_is_shown_while_the_attempt_lasts():
    attempt = a.an_attempt(a.an_exam())
    over = attempt.deadline_at + timedelta(seconds=11)

    with pytest.raises(AttemptOver):
        attempts.paper(attempt.id, candidate_id=attempt.candidate_id, at=over)
    submit(attempt)
    with pytest.raises(AttemptOver):
        attempts.paper(attempt.id, candidate_id=attempt.candidate_id, at=NOON + HOUR)


@pytest.mark.parametrize(("right", "passed"), [(80, True), (79, False), (100, True), (0, False)])
def test_what_was_answered_decides(right, passed):
    attempt = a.an_attempt(a.an_exam())
    answer(attempt, right=right, wrong=100 - right)

    submit(attempt)

    assert (outcome(attempt).score, outcome(attempt).max_score) == (str(right), "100")
    assert outcome(attempt).passed is passed
    assert attempt.state is State.GRADED
    assert attempt.submitted_at == NOON + HOUR


def test_part_of_a_multiple_choice_earns_nothing_unless_the_standard_says_so():
    scene = a.an_exam()
    attempt, other = a.an_attempt(scene), a.an_attempt(scene)
    half = {"chosen": [], "sequence": 1}
    for one in (attempt, other):
        sheet = forms.key_sheet(db.session.connection(), one.paper_id)
        key = ["ABCDEFGHIJ".index(label) for label in sheet[95].key]
        entries = [half | {"slot": sheet[95].slot, "chosen": key[:1]}]
        batch = Batch(
            attempt_id=one.id, candidate_id=one.candidate_id, epoch=1, entries=entries, at=NOON
        )
        intake.store(db.session.connection(), [batch])

    submit(attempt)
    a.a_standard().partial_credit = True
    submit(other)

    assert (outcome(attempt).score, outcome(other).score) == ("0", "1/2")
    assert outcome(other).exact_score * 2 == 1


def test_handing_in_again_gives_the_same_outcome():
    attempt = a.an_attempt(a.an_exam())
    answer(attempt, right=90)

    submit(attempt)
    answer(attempt, right=0, wrong=90, at=NOON + HOUR, sequence=9)
    submit(attempt, at=NOON + 2 * HOUR)

    assert outcome(attempt).score == "90"
    assert outcome(attempt).graded_at == NOON + HOUR
    assert db.session.query(Outcome).count() == 1


def test_handing_in_anothers_attempt_is_not_found():
    attempt = a.an_attempt(a.an_exam())

    for attempt_id in (attempt.id, uuid4()):
        with pytest.raises(NotFound):
            attempts.submit(attempt_id, candidate_id=uuid4(), at=NOON)
        with pytest.raises(NotFound):
            attempts.get(attempt_id, candidate_id=uuid4())


def test_a_late_hand_in_counts_what_came_in_time():
    attempt = a.an_attempt(a.an_exam())
    answer(attempt, right=40)
    answer(attempt, right=100, at=attempt.deadline_at + timedelta(seconds=11), sequence=2)

    submit(attempt, at=attempt.deadline_at + timedelta(seconds=12))

    assert outcome(attempt).score == "40"


def test_a_voided_attempt_is_not_handed_in_and_shows_no_outcome():
    attempt = a.an_attempt(a.an_exam())
    submit(attempt)
    invigilation.void(attempt.id, reason="违纪", counts=True, by=a.SOMEBODY, at=NOON + HOUR)

    with pytest.raises(AlreadyVoided):
        submit(attempt)
    assert attempts.standing(attempt, at=NOON + 2 * HOUR).outcome is None


def test_what_nobody_handed_in_is_closed_as_it_stood_and_only_after_all_has_settled():
    scene = a.an_exam()
    attempt, handed_in = a.an_attempt(scene), a.an_attempt(scene)
    answer(attempt, right=85)
    submit(handed_in)
    last = attempt.deadline_at + timedelta(seconds=10) + attempts.SETTLING

    assert attempts.close_overdue(at=last, limit=9) == 0
    assert attempts.close_overdue(at=last + timedelta(seconds=1), limit=9) == 1
    assert attempts.close_overdue(at=last + timedelta(seconds=2), limit=9) == 0

    assert attempt.closed
    assert not handed_in.closed
    assert (attempt.state, outcome(attempt).score) == (State.GRADED, "85")


def test_closing_takes_a_bounded_number_the_oldest_first():
    scene = a.an_exam()
    later, first = a.an_attempt(scene, at=NOON + timedelta(minutes=1)), a.an_attempt(scene)

    assert attempts.close_overdue(at=NOON + 5 * HOUR, limit=1) == 1

    assert (first.state, later.state) == (State.GRADED, State.IN_PROGRESS)


def test_looking_changes_nothing():
    attempt = a.an_attempt(a.an_exam())
    answer(attempt, right=3)

    standing = attempts.standing(attempt, at=NOON + 9 * HOUR)

    assert (standing.held_count, standing.question_count) == (3, 100)
    assert attempt.state is State.IN_PROGRESS
    assert standing.pulse.next_call_in <= 20


@pytest.fixture
def heard(inside, monkeypatch):
    """Collect what is told to other parts."""
    told: list[object] = []
    monkeypatch.setitem(
        inside.extensions,
        "reactions",
        {AttemptGraded: (told.append,), AttemptVoided: (told.append,)},
    )
    return told


def test_others_are_told_once_when_an_attempt_is_graded(heard):
    scene = a.an_exam()
    attempt = a.an_attempt(scene)
    answer(attempt, right=83)

    submit(attempt)
    submit(attempt)

    assert heard == [
        AttemptGraded(
            attempt_id=attempt.id,
            exam_id=scene.exam.id,
            qualification_id=scene.qualification.id,
            candidate_id=attempt.candidate_id,
            passed=True,
            score=Fraction(83),
            max_score=Fraction(100),
            at=NOON + HOUR,
        )
    ]


def test_an_outcome_that_is_held_back_is_hidden_and_told_on_its_release(heard):
    release = NOON + 72 * HOUR
    attempt = a.an_attempt(a.an_exam(release_at=release))
    submit(attempt)

    assert attempts.standing(attempt, at=release - HOUR).outcome is None
    assert outcomes.announce_released(at=release - HOUR, limit=9) == 0
    assert heard == []

    assert attempts.standing(attempt, at=release).outcome is attempt.outcome
    assert outcomes.announce_released(at=release, limit=9) == 1
    assert outcomes.announce_released(at=release, limit=9) == 0
    assert [one.at for one in heard] == [release]


def test_what_was_voided_is_never_announced(heard):
    attempt = a.an_attempt(a.an_exam(release_at=NOON + 72 * HOUR))
    submit(attempt)
    invigilation.void(attempt.id, reason="违纪", counts=True, by=a.SOMEBODY, at=NOON + HOUR)

    assert outcomes.announce_released(at=NOON + 99 * HOUR, limit=9) == 0
    assert [one.announced for one in heard] == [False]


def test_graded_after_the_release_it_is_told_at_once(heard):
    attempt = a.an_attempt(a.an_exam(release_at=NOON + 3 * HOUR))

    submit(attempt, at=NOON + 4 * HOUR)

    assert outcome(attempt).released_at == NOON + 4 * HOUR
    assert len(heard) == 1


def test_an_invigilator_grants_time_once():
    scene = a.an_exam()
    attempt = a.an_attempt(scene)
    invigilator = a.identity_of(uuid4(), Role.INVIGILATOR, organisation_path=scene.centre.path)

    for total in (300, 300, 420):
        invigilation.extend(
            attempt.id, extra_seconds=total, reason="机器故障", by=invigilator, at=NOON
        )

    assert attempt.deadline_at == NOON + timedelta(minutes=127)
    with pytest.raises(AttemptOver):
        invigilation.extend(
            attempt.id, extra_seconds=60, reason="机器故障", by=invigilator, at=NOON
        )


def test_what_has_ended_is_not_extended():
    scene = a.an_exam()
    done, voided = a.an_attempt(scene), a.an_attempt(scene)
    submit(done)
    invigilation.void(voided.id, reason="违纪", counts=True, by=a.SOMEBODY, at=NOON)

    with pytest.raises(AttemptOver):
        invigilation.extend(done.id, extra_seconds=60, reason="…", by=a.SOMEBODY, at=NOON)
    with pytest.raises(AlreadyVoided):
        invigilation.extend(voided.id, extra_seconds=60, reason="…", by=a.SOMEBODY, at=NOON)


def test_an_invigilator_elsewhere_finds_nothing():
    attempt = a.an_attempt(a.an_exam())
    stranger = a.identity_of(uuid4(), Role.INVIGILATOR, organisation_path="/elsewhere/")

    with pytest.raises(NotFound):
        invigilation.void(attempt.id, reason="违纪", counts=True, by=stranger, at=NOON)


def test_a_void_that_does_not_count_gives_the_place_back():
    scene, candidate = a.an_exam(), a.an_electrician()
    attempt = a.an_attempt(scene, candidate)

    invigilation.void(attempt.id, reason="停电", counts=False, by=a.SOMEBODY, at=NOON)
    invigilation.void(attempt.id, reason="again", counts=True, by=a.SOMEBODY, at=NOON)
    again = a.an_attempt(scene, candidate)

    assert (attempt.void_reason, attempt.counts) == ("停电", False)
    assert again.state is State.IN_PROGRESS


def test_outcomes_are_listed_for_the_centre_and_for_the_employer_once_released():
    release = NOON + 72 * HOUR
    scene, organisation = a.an_exam(release_at=release), a.an_organisation()
    attempt = a.an_attempt(scene, a.an_electrician(organisation))
    submit(a.an_attempt(scene))
    submit(attempt)

    def seen(role, organisation, at):
        by = a.identity_of(uuid4(), role, organisation_path=organisation.path)
        scope = by.scope(Permission.SEE_OUTCOMES)
        page = outcomes.in_exam(scene.exam.id, scope=scope, at=at, cursor=None, limit=9)
        return [one.id for one in page.items]

    assert len(seen(Role.PLANNER, scene.centre, NOON)) == 2
    assert seen(Role.ENTERPRISE_SAFETY_OFFICER, organisation, NOON) == []
    assert seen(Role.ENTERPRISE_SAFETY_OFFICER, organisation, release) == [attempt.id]


def test_attempts_are_listed_for_their_candidate_and_for_the_invigilator():
    scene = a.an_exam()
    attempt = a.an_attempt(scene)
    by = a.identity_of(uuid4(), Role.INVIGILATOR, organisation_path=scene.centre.path)

    own = attempts.of(attempt.candidate_id, cursor=None, limit=9)
    watched = attempts.in_exam(
        scene.exam.id, scope=by.scope(Permission.INVIGILATE), cursor=None, limit=9
    )

    assert [one.id for one in own.items] == [one.id for one in watched.items] == [attempt.id]


def test_unanswered_slots_are_graded_as_nothing():
    attempt = a.an_attempt(a.an_exam())

    submit(attempt)

    assert outcome(attempt).score == "0"
    assert options(0) == []


def test_the_file_of_the_candidate_tells_the_outcome_and_a_void():
    attempt = a.an_attempt(a.an_exam())
    answer(attempt, right=82)
    submit(attempt)
    invigilation.void(attempt.id, reason="违纪", counts=True, by=a.SOMEBODY, at=NOON + 2 * HOUR)

    told = [one.content for one in records.of(attempt.candidate_id)]

    assert [one.get("score") for one in told] == ["82", None]
    assert told[0]["passed"] is True
    assert told[1]["void_reason"] == "违纪"
