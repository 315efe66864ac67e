"""Imports: a report first, questions when accepted, nothing twice."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from question_bank.errors import ImportAlreadyAccepted, ImportHasRefusals
from question_bank.importing.drafts import Outcome
from question_bank.lifecycle import Move, State
from question_bank.models import ImportState, Question, QuestionImport, QuestionImportRow
from question_bank.services import (
    finding,
    import_acceptance,
    import_files,
    imports,
    moves,
    questions,
    stock,
)
from question_bank.services.imports import Terms
from question_bank.tags import Tag
from server.catalogue.errors import OperationItemUnknown
from server.db import db
from server.errors import IdTaken, NotFound
from server.people.roster import PostRole
from server.scopes import EVERYWHERE
from tests.factories.question_bank import (
    ELECTRICIAN,
    GOOD,
    HEADER,
    MANAGER,
    MENDED,
    PRINCIPAL,
    REFUSED,
    Desk,
    a_desk,
    a_file,
    a_workbook,
)
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

LATER = NOON + timedelta(hours=1)
FILE = a_file(GOOD, MENDED, REFUSED, GOOD)
CLEAN = a_file(GOOD, MENDED)


def previewed(
    desk: Desk, content: bytes = FILE, *tags: Tag, import_id: UUID | None = None
) -> QuestionImport:
    """Bring a file to the bank of a desk."""
    return imports.preview(
        import_id or uuid4(),
        import_files.look(content, name="题库.xlsx"),
        bank_id=desk.bank.id,
        terms=Terms(tags=tags or (ELECTRICIAN,), topic="未分类"),
        by=desk.author,
        at=NOON,
    )


def accepted(desk: Desk, content: bytes = FILE, *tags: Tag) -> QuestionImport:
    """Bring a file to the bank and accept what can be."""
    return import_acceptance.accept(
        previewed(desk, content, *tags).id, accepted_only=True, by=desk.author, at=LATER
    )


def rows(found: QuestionImport, outcome: Outcome | None = None) -> list[QuestionImportRow]:
    """Return the rows of an import."""
    return list(imports.rows_of(found.id, scope=EVERYWHERE, outcome=outcome).items)


def question_count() -> int:
    """Return how many questions there are."""
    return db.session.execute(select(func.count()).select_from(Question)).scalar_one()


def test_a_preview_keeps_a_report_and_writes_no_question() -> None:
    found = previewed(a_desk())

    assert found.state is ImportState.PREVIEWED
    assert found.counts == {
        "imported": 1,
        "repaired": 1,
        "refused": 1,
        "duplicate": 1,
        "ignored": 0,
        "refused_sheets": 0,
    }
    assert [(row.row, row.outcome.value) for row in rows(found)] == [
        (2, "imported"),
        (3, "repaired"),
        (4, "refused"),
        (5, "duplicate"),
    ]
    assert [row.row for row in rows(found, outcome=Outcome.REFUSED)] == [4]
    assert question_count() == 0


def test_the_same_file_under_the_same_id_is_the_same_report() -> None:
    desk, import_id = a_desk(), uuid4()
    first = previewed(desk, import_id=import_id)

    assert previewed(desk, import_id=import_id) is first
    with pytest.raises(IdTaken):
        previewed(desk, CLEAN, import_id=import_id)
    with pytest.raises(IdTaken):
        previewed(desk, FILE, PRINCIPAL, import_id=import_id)


def test_accepting_writes_drafts_of_who_accepts() -> None:
    desk = a_desk()

    found = accepted(desk)

    assert (found.state, found.accepted_at, found.created_count) == (ImportState.ACCEPTED, LATER, 2)
    good, mended, refused, double = rows(found)
    question = finding.get(good.question_id or uuid4())
    assert question.state is State.DRAFT
    assert (question.newest_version.stem, question.newest_version.key) == ("谁负责？", ["B"])
    assert question.newest_version.author_id == desk.author.person_id
    assert [(tag.role, tag.operation_item) for tag in question.tags] == [
        (PostRole.SPECIAL_OPERATIONS_WORKER, "1.2")
    ]
    assert mended.question_id is not None
    assert refused.question_id is None
    assert double.question_id == good.question_id


def test_rows_without_a_topic_get_that_of_the_import() -> None:
    desk = a_desk()

    found = accepted(desk, a_file(["", *GOOD[1:]]))

    [row] = rows(found)
    assert finding.get(row.question_id or uuid4()).newest_version.topic == "未分类"


def test_all_or_nothing_is_refused_by_one_bad_row_or_sheet() -> None:
    desk = a_desk()
    notes = a_workbook([HEADER, GOOD], [["姓名", "负责"], ["甲", "录入"]])

    for content in (FILE, notes):
        found = previewed(desk, content)
        with pytest.raises(ImportHasRefusals):
            import_acceptance.accept(found.id, accepted_only=False, by=desk.author, at=NOON)
    assert question_count() == 0

    clean = previewed(desk, CLEAN)
    import_acceptance.accept(clean.id, accepted_only=False, by=desk.author, at=NOON)
    assert question_count() == 2


def test_accepting_twice_is_once_and_on_other_terms_refused() -> None:
    desk = a_desk()
    found = accepted(desk)

    again = import_acceptance.accept(found.id, accepted_only=True, by=desk.author, at=LATER)
    assert (again.created_count, question_count()) == (2, 2)
    with pytest.raises(ImportAlreadyAccepted):
        import_acceptance.accept(found.id, accepted_only=False, by=desk.author, at=LATER)


def test_the_same_file_twice_creates_nothing_twice() -> None:
    desk = a_desk()
    first, second = previewed(desk), previewed(desk)
    import_acceptance.accept(first.id, accepted_only=True, by=desk.author, at=NOON)

    import_acceptance.accept(second.id, accepted_only=True, by=desk.author, at=LATER)
    third = accepted(desk)

    assert (second.created_count, third.created_count, question_count()) == (0, 0, 2)
    assert second.counts["duplicate"] == 3
    assert [row.outcome.value for row in rows(second)] == [
        "duplicate",
        "duplicate",
        "refused",
        "duplicate",
    ]
    assert [said["code"] for said in rows(third)[0].reasons][-1] == "already_in_bank"


def test_a_revised_question_is_not_imported_again_in_its_old_words() -> None:
    desk = a_desk()
    [row] = rows(accepted(desk, a_file(GOOD)))
    version = finding.get(row.question_id or uuid4()).newest_version
    content = stock.content_of(rows(previewed(desk, a_file(MENDED)))[0].draft or {})
    questions.revise(version.question_id, content, by=desk.author, at=NOON)

    assert accepted(desk, a_file(GOOD)).created_count == 0


def test_a_known_question_serves_another_role_without_a_copy() -> None:
    desk = a_desk()
    accepted(desk, CLEAN, PRINCIPAL)

    preview = previewed(desk, CLEAN, PRINCIPAL, MANAGER)
    assert [said["code"] for said in rows(preview)[0].reasons][-1] == "tags_added"
    import_acceptance.accept(preview.id, accepted_only=True, by=desk.author, at=LATER)

    assert question_count() == 2
    question = finding.get(rows(preview)[0].question_id or uuid4())
    assert {tag.role for tag in question.tags} == {PostRole.PRINCIPAL, PostRole.SAFETY_MANAGER}


def test_a_double_row_of_a_new_file_adds_no_tag_twice() -> None:
    desk = a_desk()
    accepted(desk, a_file(GOOD), PRINCIPAL)

    accepted(desk, a_file(GOOD, ["二", *GOOD[1:]]), MANAGER)

    assert question_count() == 1


def test_a_file_of_nothing_is_reported_and_accepted_as_nothing() -> None:
    desk = a_desk()

    found = accepted(desk, a_workbook([]))

    assert (found.created_count, rows(found)) == (0, [])
    assert found.sheets[0]["reasons"] == [{"code": "sheet_empty", "facts": {}}]


def test_imports_of_others_are_not_found() -> None:
    found, other = previewed(a_desk()), a_desk()

    with pytest.raises(NotFound):
        import_acceptance.accept(found.id, accepted_only=True, by=other.author, at=NOON)
    with pytest.raises(NotFound):
        previewed(Desk(other.owner, a_desk().bank, other.author, other.reviewer))
    with pytest.raises(NotFound):
        moves.move_import(found.id, Move.SUBMIT, by=other.author, at=NOON)


def test_an_unknown_item_is_refused_before_anything_is_kept() -> None:
    with pytest.raises(OperationItemUnknown):
        previewed(a_desk(), FILE, Tag(PostRole.SPECIAL_OPERATIONS_WORKER, "77.7"))


def test_what_an_import_wrote_is_reviewed_and_published_at_once() -> None:
    desk = a_desk()
    found = accepted(desk)

    submitted = moves.move_import(found.id, Move.SUBMIT, by=desk.author, at=LATER)
    own = moves.move_import(found.id, Move.PUBLISH, by=desk.reviewer, at=LATER)

    assert (submitted.moved_count, own.moved_count) == (2, 2)
    assert finding.get(rows(found)[0].question_id or uuid4()).state is State.PUBLISHED


def test_statements_of_an_import_do_not_grow_with_its_rows(count_statements) -> None:
    def many(count: int, word: str) -> bytes:
        return a_file(*(["一", "单选题", f"{word}第{n}问", *GOOD[3:]] for n in range(count)))

    desk = a_desk()
    with count_statements() as few:
        accepted(desk, many(3, "甲"))
    with count_statements() as more:
        accepted(desk, many(60, "乙"))

    assert len(more) == len(few)
