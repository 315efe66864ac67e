"""A circuit scored subject by subject: pairs, vetoes, thirds, absences, and the whole."""

from fractions import Fraction

import pytest

from exams.admission_errors import NotOnDuty
from exams.models.practicals import PracticalState, SubjectState
from exams.practical_errors import (
    PracticalOver,
    ScoreIncomplete,
    ScorersComplete,
    SubjectNotDue,
)
from exams.services import (
    circuit_absences,
    practical_parts,
    practical_scores,
    practical_verdicts,
    practicals,
)
from exams.sittings import SittingMove
from exams.sync import Verdict
from server.errors import NotFound
from server.policy import Role
from tests.factories import exams as a
from tests.factories import practicals as the
from tests.factories import sittings as some
from tests.factories.practical_days import (
    HOUR,
    SUBJECTS,
    CircuitDay,
    PracticalDay,
    a_running,
    states,
)
from tests.factories.sittings import OPENS

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def day():
    """Return a circuit of three people, its doors open."""
    return a_running(CircuitDay())


def test_the_whole_is_decided_once_all_subjects_are_in(day):
    place = day.places[0]
    held = day.practical(place)
    for subject in ("K3", "K1", "K4"):
        day.score(place, subject)
        assert held.outcome is None
    assert states(held) == {
        "K1": SubjectState.DECIDED,
        "K2": SubjectState.PLANNED,
        "K3": SubjectState.DECIDED,
        "K4": SubjectState.DECIDED,
    }

    day.score(place, "K2")

    outcome = day.outcome(place)
    assert (held.state, outcome.score, outcome.passed) == ("decided", "100", True)
    assert outcome.marks.keys() == {
        code for code in practical_parts.scale(held, SUBJECTS) if ".V" not in code
    }


def test_an_examiner_says_nothing_of_another_subject_and_sees_nothing_of_it(day):
    place = day.places[0]
    held = day.practical(place)
    scorer = practical_parts.pair(held, "K1")[0]
    by = a.identity_of(scorer.person_id, Role.EXAMINER)
    of_another = next(iter(practical_parts.scale(held, ["K2"])))

    (judged,) = practical_scores.store(held.id, the.words({of_another: "0"}), by=by, at=OPENS)
    assert (judged.verdict, judged.reason) == (Verdict.REFUSED, "unknown_code")
    day.score(place, "K2")
    assert practical_scores.seen(held.id, by=by).other is None
    with pytest.raises(NotFound):
        practical_scores.hand_in(held.id, subject="K2", by=by, at=OPENS)
    day.score(place, "K1")
    seen = practical_scores.seen(held.id, by=by)
    assert seen.other is not None
    assert seen.other.keys() == practical_parts.scale(held, ["K1"]).keys()


def test_two_may_examine_all_subjects_and_hand_them_in_one_by_one():
    day = CircuitDay(count=1)
    day.seat()
    PracticalDay.open_doors(day)
    (place,) = day.places
    day.arrive(place)
    held = day.practical(place)
    by = day.examiners[0]
    day.score(place, "K1")
    done, other = (next(iter(practical_parts.scale(held, [one]))) for one in ("K1", "K2"))

    judged = practical_scores.store(
        held.id, the.words({done: "1", other: "1"}, sequence=9), by=by, at=OPENS
    )

    assert [one.late for one in judged] == [True, False]
    seen = practical_scores.seen(held.id, by=by)
    assert (len(seen.parts), seen.handed_in_at) == (4, None)
    with pytest.raises(ScoreIncomplete):
        practical_scores.hand_in(held.id, by=by, at=OPENS)


def test_a_subject_whose_examiners_differ_waits_for_a_third_while_the_others_go_on(day):
    place = day.places[0]
    held = day.practical(place)
    code, most = next(
        (code, most) for code, most in practical_parts.scale(held, ["K2"]).items() if most
    )
    day.score(place, "K2", {}, {code: "0"})
    assert states(held)["K2"] is SubjectState.DISPUTED
    third = the.a_stranger(held)
    with pytest.raises(ScorersComplete):
        practicals.assign(held.id, third.id, subject="K1", by=a.SOMEBODY, at=OPENS)
    for unknown in ("K9", ""):
        with pytest.raises(NotFound):
            practicals.assign(held.id, third.id, subject=unknown, by=a.SOMEBODY, at=OPENS)
    day.score_all(place, but=("K2",))
    assert held.state is PracticalState.DISPUTED
    practicals.assign(held.id, third.id, subject="K2", by=a.SOMEBODY, at=OPENS)

    practical_verdicts.rule(
        held.id,
        values={code: Fraction(most)},
        reason="看回放",
        by=a.identity_of(third.id, Role.EXAMINER),
        at=OPENS,
    )

    assert (held.state, day.outcome(place).score) == ("decided", "100")
    (leg,) = [one for one in held.legs if one.subject == "K2"]
    assert (leg.ruled_by_id, leg.reason, leg.disputed) == (third.id, "看回放", [])


def test_a_third_is_called_where_passing_hangs_on_whom_one_believes(day):
    place = day.places[0]
    held = day.practical(place)
    steps = {
        subject: [(code, most) for code, most in practical_parts.scale(held, [subject]).items()
                  if most]
        for subject in SUBJECTS
    }  # fmt: skip
    worth = sum((most for _, most in steps["K1"]), Fraction())
    nothing = dict.fromkeys([code for code, _ in steps["K1"]], "0")
    code, most = max(steps["K2"], key=lambda one: one[1])
    whole = sum((each for _, each in steps["K2"]), Fraction())
    assert worth > 0
    day.score(place, "K1", nothing, nothing)
    # A point of the forty is within the share of the tolerance, and the pass mark lies there.
    day.score(place, "K2", {}, {code: str(most - whole / 40)})
    day.score(place, "K3")
    assert states(held)["K2"] is SubjectState.DECIDED

    day.score(place, "K4")

    assert held.state is PracticalState.DISPUTED
    assert {one.subject: one.disputed for one in held.legs if one.disputed} == {"K2": [code]}


@pytest.mark.parametrize("veto_ends", [False, True])
def test_a_veto_in_one_subject_fails_the_whole_and_may_end_the_rest(veto_ends):
    day = a_running(CircuitDay(count=1, veto_ends=veto_ends))
    (place,) = day.places
    held = day.practical(place)
    veto = next(code for code, most in practical_parts.scale(held, ["K2"]).items() if most is None)

    day.score(place, "K2", {veto: "1"}, {veto: "1"})

    if not veto_ends:
        assert held.outcome is None
        day.score_all(place, but=("K2",))
        assert day.outcome(place).score == "100"
    else:
        assert day.outcome(place).missed_subjects == ["K1", "K3", "K4"]
        with pytest.raises(PracticalOver):
            day.call(place, "K1", column=1)
        with pytest.raises(PracticalOver):
            day.score(place, "K1")
    assert (day.outcome(place).passed, day.outcome(place).failed_vetoes) == (False, [veto])


def test_who_does_not_come_to_a_subject_is_absent_from_it_until_called_after_all(day):
    place = min(day.places, key=lambda one: one.turn)
    held = day.practical(place)
    first, second = held.legs[:2]
    missed = {"reason": "未到工位", "by": day.by}
    with pytest.raises(SubjectNotDue):
        circuit_absences.write_down(held.id, second.subject, **missed, at=OPENS)
    by_stranger = a.identity_of(a.a_person(a.an_organisation()).id, Role.INVIGILATOR)
    with pytest.raises(NotOnDuty):
        circuit_absences.write_down(held.id, first.subject, reason="", by=by_stranger, at=OPENS)

    for _ in range(2):
        circuit_absences.write_down(held.id, first.subject, **missed, at=OPENS)
    assert (first.state, first.reason) == (SubjectState.ABSENT, "未到工位")
    day.score_all(place, but=(first.subject,))
    assert held.outcome is None, "the absence counts once the sitting is over"

    day.call(place, first.subject, column=first.seat_column)
    assert (first.state, first.reason) == (SubjectState.PLANNED, None)
    with pytest.raises(SubjectNotDue):
        circuit_absences.write_down(held.id, first.subject, **missed, at=OPENS + HOUR)
    day.score(place, first.subject)
    assert day.outcome(place).passed


def test_the_end_of_the_sitting_decides_whom_a_subject_misses_and_waits_for_sheets(day):
    came, late, never = day.places
    day.score_all(came, but=("K4",))
    day.score_all(late, but=("K4",))
    held = day.practical(late)
    scorer, other = practical_parts.pair(held, "K4")
    values = {code: "0" if most is None else str(most)
              for code, most in practical_parts.scale(held, ["K4"]).items()}  # fmt: skip
    for one in (scorer, other):
        by = a.identity_of(one.person_id, Role.EXAMINER)
        practical_scores.store(held.id, the.words(values), by=by, at=OPENS)

    some.move(day.hall, day.sitting, SittingMove.FINISH, at=OPENS + 3 * HOUR)

    outcome = day.outcome(came)
    assert (outcome.score, outcome.passed, outcome.missed_subjects) == ("80", False, ["K4"])
    assert held.outcome is None
    for one in (scorer, other):
        by = a.identity_of(one.person_id, Role.EXAMINER)
        practical_scores.hand_in(held.id, by=by, at=OPENS + 4 * HOUR)
    assert day.outcome(late).passed
    assert day.outcome(never).missed_subjects == SUBJECTS
