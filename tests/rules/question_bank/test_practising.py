"""Where a learner stands with a question."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from question_bank.practising import RIGHT_TO_LEAVE, Standing, after


def practised(responses: list[bool]) -> Standing:
    standing = Standing()
    for correct in responses:
        standing = after(standing, correct=correct)
    return standing


def test_a_wrong_response_enters_the_book() -> None:
    assert practised([False]).in_wrong_book
    assert practised([True, False]).in_wrong_book


def test_right_from_the_start_never_enters_it() -> None:
    assert not practised([True, True]).in_wrong_book


def test_one_right_response_may_be_luck_and_two_in_a_row_leave() -> None:
    assert practised([False, True]).in_wrong_book
    assert not practised([False, True, True]).in_wrong_book
    assert practised([False, True, False, True]).in_wrong_book


@given(st.lists(st.booleans()))
def test_the_book_holds_what_was_wrong_and_not_yet_right_often_enough(
    responses: list[bool],
) -> None:
    standing = practised(responses)
    since = next((n for n, right in enumerate(reversed(responses)) if not right), None)

    assert standing.answered_count == len(responses)
    assert standing.wrong_count == responses.count(False)
    assert standing.in_wrong_book == (since is not None and since < RIGHT_TO_LEAVE)
