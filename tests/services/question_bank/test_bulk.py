"""Actions upon many questions are foreseen, done, and undone the same day."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from question_bank.lifecycle import Move, State
from question_bank.models import BulkState
from question_bank.review_errors import BulkActionOver, UndoTooLate
from question_bank.services import bulk, drawing, finding, moves, questions, uses
from question_bank.services.bulk import Asked
from question_bank.services.finding import Wanted
from question_bank.services.snapshots import Places
from server.days import civil_day
from server.errors import IdTaken, NotFound
from tests.factories.question_bank import (
    ELECTRICIAN,
    MANAGER,
    PRINCIPAL,
    a_content,
    a_desk,
    a_published_question,
    a_question,
)
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def desk():
    return a_desk()


def do(asked, by):
    action = bulk.preview(uuid4(), asked, by=by, at=NOON)
    return bulk.execute(action.id, by=by, at=NOON)


def states(*found):
    return [finding.get(one.id).state for one in found]


def drawn():
    return {one.question_id for one in drawing.published_for_exams(on=civil_day(NOON))}


def test_a_preview_says_what_would_happen_and_does_nothing(desk) -> None:
    draft, used = a_question(desk), a_published_question(desk)
    asked = Asked(move=Move.SUBMIT, question_ids=(draft.id, used.id, uuid4()))

    action = bulk.preview(uuid4(), asked, by=desk.author, at=NOON)

    assert action.counts == {"changes": 1, "refused": 2}
    assert states(draft, used) == [State.DRAFT, State.PUBLISHED]
    rows = {row.question_id: row for row in bulk.rows_of(action.id, by=desk.author).items}
    assert rows[used.id].refusal["code"] == "move_not_open"
    assert (rows[draft.id].before["state"], rows[draft.id].after["state"]) == ("draft", "in_review")
    assert bulk.preview(action.id, asked, by=desk.author, at=LATER) is action
    with pytest.raises(IdTaken):
        bulk.preview(action.id, Asked(move=Move.SUBMIT), by=desk.author, at=LATER)
    with pytest.raises(NotFound):
        bulk.execute(action.id, by=desk.reviewer, at=LATER)


def test_what_was_foreseen_is_what_is_done(desk) -> None:
    found = [a_question(desk) for _ in range(3)]
    ids = tuple(one.id for one in found)
    do(Asked(move=Move.SUBMIT, question_ids=ids), desk.author)

    action = bulk.preview(
        uuid4(), Asked(move=Move.PUBLISH, question_ids=ids), by=desk.reviewer, at=NOON
    )
    foreseen = [
        (row.question_id, row.after) for row in bulk.rows_of(action.id, by=desk.reviewer).items
    ]
    done = bulk.execute(action.id, by=desk.reviewer, at=LATER)

    assert (done.state, done.counts) == (BulkState.DONE, {"changes": 3})
    rows = bulk.rows_of(action.id, by=desk.reviewer).items
    assert [(row.question_id, row.after) for row in rows] == foreseen
    assert drawn() == set(ids)
    assert bulk.execute(action.id, by=desk.reviewer, at=LATER).done_at == LATER


def test_a_publication_is_undone_and_the_version_before_is_asked_again(desk) -> None:
    fresh, revised = a_question(desk), a_published_question(desk)
    first = revised.newest_version.id
    questions.revise(revised.id, a_content("改过的题。"), by=desk.author, at=NOON)
    ids = (fresh.id, revised.id)
    do(Asked(move=Move.SUBMIT, question_ids=ids), desk.author)
    action = do(Asked(move=Move.PUBLISH, question_ids=ids), desk.reviewer)

    undone = bulk.undo(action.id, by=desk.reviewer, at=LATER)

    assert (undone.state, undone.left_count) == (BulkState.UNDONE, 0)
    assert states(fresh, revised) == [State.IN_REVIEW] * 2
    pool = drawing.published_for_exams(on=civil_day(NOON))
    assert [one.version_id for one in pool] == [first]
    assert bulk.undo(action.id, by=desk.reviewer, at=LATER).undone_at == LATER
    with pytest.raises(BulkActionOver):
        bulk.execute(action.id, by=desk.reviewer, at=LATER)


def test_a_retirement_is_undone_with_what_was_in_use(desk) -> None:
    used, draft = a_published_question(desk), a_question(desk)
    action = do(Asked(move=Move.RETIRE, question_ids=(used.id, draft.id)), desk.reviewer)
    assert drawn() == set()

    bulk.undo(action.id, by=desk.reviewer, at=LATER)

    assert states(used, draft) == [State.PUBLISHED, State.DRAFT]
    assert drawn() == {used.id}


def test_what_somebody_changed_or_an_exam_met_since_is_left_alone(desk) -> None:
    changed, met, plain = (a_question(desk) for _ in range(3))
    ids = (changed.id, met.id, plain.id)
    do(Asked(move=Move.SUBMIT, question_ids=ids), desk.author)
    action = do(Asked(move=Move.PUBLISH, question_ids=ids), desk.reviewer)
    moves.move(changed.id, Move.RETIRE, by=desk.reviewer, at=LATER)
    uses.note([met.newest_version.id], exam_id=uuid4(), exam_name="十二月考试", at=LATER)

    undone = bulk.undo(action.id, by=desk.reviewer, at=LATER)

    assert undone.left_count == 2
    assert states(changed, met, plain) == [State.RETIRED, State.PUBLISHED, State.IN_REVIEW]


def test_on_the_next_day_nothing_is_undone(desk) -> None:
    used = a_published_question(desk)
    action = do(Asked(move=Move.RETIRE, question_ids=(used.id,)), desk.reviewer)

    with pytest.raises(UndoTooLate):
        bulk.undo(action.id, by=desk.reviewer, at=NOON + timedelta(days=1))


def test_what_was_never_done_is_not_undone(desk) -> None:
    action = bulk.preview(uuid4(), Asked(move=Move.SUBMIT), by=desk.author, at=NOON)

    with pytest.raises(BulkActionOver):
        bulk.undo(action.id, by=desk.author, at=NOON)


def test_everything_that_a_search_finds_serves_another_role_and_back(desk) -> None:
    shock = a_question(desk, a_content("触电了怎么办？"), tags=(ELECTRICIAN, MANAGER))
    other = a_question(desk, a_content("着火了怎么办？"), tags=(PRINCIPAL,))
    places = Places(added=(PRINCIPAL,), removed=(MANAGER,), for_exams=False)

    action = do(Asked(places=places, wanted=Wanted(text="触电")), desk.author)

    def stands(one):
        found = finding.get(one.id)
        return {(tag.role, tag.operation_item or None) for tag in found.tags}, found.for_exams

    assert action.counts == {"changes": 1}
    assert stands(shock) == ({tuple(ELECTRICIAN), tuple(PRINCIPAL)}, False)
    assert stands(other) == ({tuple(PRINCIPAL)}, True)
    bulk.undo(action.id, by=desk.author, at=LATER)
    assert stands(shock) == ({tuple(ELECTRICIAN), tuple(MANAGER)}, True)


def test_questions_of_others_are_refused_as_not_there(desk) -> None:
    elsewhere = a_question(a_desk())
    asked = Asked(places=Places(for_exams=False), question_ids=(elsewhere.id,))

    action = do(asked, desk.author)

    (row,) = bulk.rows_of(action.id, by=desk.author).items
    assert row.refusal["code"] == "not_found"
    assert finding.get(elsewhere.id).for_exams
