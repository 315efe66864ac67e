"""What contests are decided by: time, points, lots, places, ages, and what looks like a machine."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.contests import drafts, judging, lots, ranking, rules, signals, tallying
from exams.contests.drafts import RoundDraft
from exams.contests.errors import AgeImpossible, GuardianMissing, RoundsUnfit
from exams.contests.points import Worth
from exams.contests.ranking import Result, TieRule
from exams.contests.signals import Given, Suspect, Suspicion
from exams.contests.tallying import Counted
from exams.contests.timetable import RoundKind, Timetable

NINE = datetime(2026, 6, 15, 1, tzinfo=UTC)
FINAL = Timetable(
    kind=RoundKind.FINAL,
    opens_at=NINE,
    closes_at=NINE + timedelta(seconds=40),
    question_count=3,
    seconds=10,
    pause_seconds=5,
)
WORTH = Worth(base=100, speed=50, seconds=10, grace_ms=1500)


@pytest.mark.parametrize(
    ("seconds", "slot"), [(-1, 0), (0, 1), (14.9, 1), (15, 2), (29.9, 2), (30, 3), (999, 3)]
)
def test_the_questions_of_a_final_open_one_after_the_other(seconds: float, slot: int) -> None:
    assert FINAL.open_slot(NINE + timedelta(seconds=seconds)) == slot


@pytest.mark.parametrize(
    ("correct", "elapsed_ms", "points"),
    [
        (True, 0, 150),
        (True, 1500, 150),
        (True, 6500, 125),
        (True, 11_500, 100),
        (True, 11_501, 0),
        (False, 0, 0),
    ],
)
def test_points_follow_correctness_and_time(correct: bool, elapsed_ms: int, points: int) -> None:
    assert WORTH.points(correct=correct, elapsed_ms=elapsed_ms) == points


@given(st.integers(0, 20_000), st.integers(0, 20_000))
def test_who_is_quicker_never_earns_less(one: int, other: int) -> None:
    earlier, later = sorted((one, other))

    assert WORTH.points(correct=True, elapsed_ms=earlier) >= WORTH.points(
        correct=True, elapsed_ms=later
    )


@given(st.uuids(), st.integers(1, 60), st.integers(0, 40))
def test_lots_are_the_same_for_every_look_and_meet_no_question_twice(
    entry_id: UUID, count: int, more: int
) -> None:
    drawn = lots.places(b"secret", entry_id, count + more, count)

    assert drawn == lots.places(b"secret", entry_id, count + more, count)
    assert len(set(drawn)) == count
    assert set(drawn) <= set(range(count + more))


@given(st.uuids(), st.integers(0, 300), st.integers(2, 10), st.data())
def test_what_is_chosen_on_the_screen_is_what_was_written(
    entry_id: UUID, place: int, count: int, data: st.DataObject
) -> None:
    order = lots.option_order(b"secret", entry_id, place, count, keep=False)
    chosen = data.draw(st.sets(st.integers(0, count - 1), min_size=1))
    shown = judging.bits(sorted(chosen), option_count=count, many=True)

    assert shown is not None
    written = {of for of in range(count) if lots.written(shown, order) >> of & 1}
    assert written == {order[one] for one in chosen}


@pytest.mark.parametrize(
    "chosen", [[], [4], [-1], [0, 0], [0, 1], [True], ["A"], "A", None, {"0": 1}, [0] * 99]
)
def test_what_was_not_shown_cannot_be_chosen(chosen: object) -> None:
    assert judging.bits(chosen, option_count=4, many=False) is None


def placed(*results: tuple[int, int], tie_rule: TieRule) -> list[tuple[int, int, int]]:
    given = [Result(entry_id=uuid4(), points=one, elapsed_ms=time) for one, time in results]
    found = ranking.ranked(given, tie_rule)
    return [(one.place, one.result.points, one.result.elapsed_ms) for one in found]


def test_ties_are_broken_by_time_or_shared_as_the_contest_says() -> None:
    results = ((90, 700), (100, 900), (90, 500), (90, 500), (10, 1))

    assert placed(*results, tie_rule=TieRule.FASTER) == [
        (1, 100, 900),
        (2, 90, 500),
        (2, 90, 500),
        (4, 90, 700),
        (5, 10, 1),
    ]
    assert [one[0] for one in placed(*results, tie_rule=TieRule.EQUAL)] == [1, 2, 2, 2, 5]


@given(st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 10**7)), max_size=30))
def test_the_number_a_board_is_sorted_by_gives_the_places(results: list[tuple[int, int]]) -> None:
    by_order = sorted(
        results, key=lambda one: judging.board_order(one[0], one[1], faster_first=True)
    )
    by_rule = placed(*results, tie_rule=TieRule.FASTER)

    assert by_order == [(points, time) for _, points, time in by_rule]
    for points, time in results:
        order = judging.board_order(points, time, faster_first=True)
        assert judging.time_of(order, points) == time


def test_a_team_counts_its_best_and_nothing_for_who_is_missing() -> None:
    here, large, small = uuid4(), uuid4(), uuid4()
    entries = [
        Counted(
            region=here, employer=None, team=team, points=points, correct_count=1, response_count=2
        )
        for team, points in ((large, 10), (large, 30), (large, 20), (small, 45))
    ]

    found = tallying.sums(entries, team_size=2)

    assert found["team", large.hex] == (3, 4, 2, 50)
    assert found["team", small.hex] == (1, 2, 1, 45)
    assert found["region", here.hex] == (4, 8, 4, 105)


@pytest.mark.parametrize(
    ("name", "shown"), [("王小明", "王**"), ("李", "李*"), (" 欧阳长安如 ", "欧***"), ("", "*")]
)
def test_a_board_shows_one_character_of_a_name(name: str, shown: str) -> None:
    assert ranking.masked(name) == shown


DAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("born_on", "agrees", "minor"),
    [
        (date(1990, 1, 1), False, False),
        (date(2008, 6, 15), False, False),
        (date(2008, 6, 16), False, True),
        (date(2012, 6, 15), False, True),
        (date(2012, 6, 16), True, True),
    ],
)
def test_age_says_who_is_a_minor(born_on: date, agrees: bool, minor: bool) -> None:
    assert rules.is_minor(born_on, guardian_agrees=agrees, day=DAY) is minor


def test_who_is_younger_than_fourteen_needs_a_guardian_who_agrees() -> None:
    with pytest.raises(GuardianMissing):
        rules.is_minor(date(2012, 6, 16), guardian_agrees=False, day=DAY)
    with pytest.raises(AgeImpossible):
        rules.is_minor(DAY + timedelta(days=1), guardian_agrees=True, day=DAY)


def a_draft(**changed: object) -> RoundDraft:
    values: dict[str, object] = {
        "kind": RoundKind.QUALIFYING,
        "opens_at": NINE,
        "closes_at": NINE + timedelta(days=1),
        "question_count": 10,
        "pool_count": 30,
        "seconds": 20,
        "pause_seconds": 0,
        "advancing_places": None,
        "freezes_at": None,
    }
    return RoundDraft(**values | changed)  # type: ignore[arg-type]  # as the table says


@pytest.mark.parametrize(
    "rounds",
    [
        [a_draft(closes_at=NINE)],
        [a_draft(closes_at=None)],
        [a_draft(pool_count=9)],
        [a_draft(freezes_at=NINE)],
        [a_draft(freezes_at=NINE + timedelta(days=2))],
        [a_draft(), a_draft()],
    ],
)
def test_rounds_that_do_not_follow_one_another_are_refused(rounds: list[RoundDraft]) -> None:
    with pytest.raises(RoundsUnfit):
        drafts.check_rounds(rounds)


def a_suspect(network: str, device: int, *given: tuple[int, bool, int]) -> Suspect:
    return Suspect(
        entry_id=uuid4(),
        device_id=UUID(int=device),
        network=network,
        responses=[
            Given(place=at, chosen=chosen, correct=right, elapsed_ms=time, length=60)
            for at, (chosen, right, time) in enumerate(given)
        ],
    )


def test_machines_and_shared_responses_are_seen_and_honest_people_are_not() -> None:
    times = (3100, 7400, 5200, 9100, 4300, 6600, 2900, 8000)
    honest = a_suspect("10.0.0.1", 1, *((1, True, time) for time in times))
    machine = a_suspect("10.0.0.2", 2, *((1, True, 300 + time % 3) for time in times))
    one = a_suspect("10.0.0.3", 3, *((2, False, time) for time in times[:4]))
    other = a_suspect("10.0.0.3", 4, *((2, False, time + 50) for time in times[:4]))
    sister = a_suspect("10.0.0.9", 1, *((1, True, time + 99) for time in times))

    found = signals.found([honest, machine, one, other, sister], reading_per_second=30)

    seen = {(one.suspicion, one.entry_ids, one.count) for one in found}
    assert seen == {
        (Suspicion.QUICKER_THAN_READING, (machine.entry_id,), 8),
        (Suspicion.EVEN_PACE, (machine.entry_id,), 8),
        (Suspicion.SHARED_WRONG, tuple(sorted((one.entry_id, other.entry_id))), 4),
        (Suspicion.SHARED_PHONE, tuple(sorted((honest.entry_id, sister.entry_id))), 2),
    }
