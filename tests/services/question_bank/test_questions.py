"""Banks and questions: written, revised, placed, found."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from flask import Flask

from question_bank.errors import AlreadyInBank, QuestionUnsound
from question_bank.kinds import Kind
from question_bank.lifecycle import Move, State
from question_bank.services import banks, finding, moves, questions
from question_bank.services.finding import Wanted
from question_bank.tags import Tag
from server.catalogue.errors import OperationItemUnknown
from server.days import civil_day
from server.errors import IdTaken, NotFound
from server.people.roster import PostRole
from server.policy import Permission, Role
from server.scopes import NOWHERE
from tests.factories.auth import an_organisation
from tests.factories.question_bank import (
    ANY_SPECIAL,
    ELECTRICIAN,
    MANAGER,
    PRINCIPAL,
    a_content,
    a_desk,
    a_published_question,
    a_question,
    an_identity,
)
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

LATER = NOON + timedelta(hours=1)
TODAY = civil_day(NOON)


def test_a_bank_is_opened_once_and_can_be_renamed() -> None:
    desk = a_desk()

    again = banks.start(desk.bank.id, name="题库", owner_id=desk.owner.id, by=desk.author, at=LATER)
    assert again.created_at == NOON

    renamed = banks.start(
        desk.bank.id, name="新题库", owner_id=desk.owner.id, by=desk.author, at=LATER
    )
    assert renamed.name == "新题库"


def test_a_bank_does_not_change_hands() -> None:
    desk = a_desk()
    everywhere = an_identity(Role.AUTHOR)

    with pytest.raises(IdTaken):
        banks.start(
            desk.bank.id, name="题库", owner_id=an_organisation().id, by=everywhere, at=NOON
        )


def test_nobody_opens_a_bank_for_an_organisation_of_others() -> None:
    desk = a_desk()

    with pytest.raises(NotFound):
        banks.start(uuid4(), name="题库", owner_id=an_organisation().id, by=desk.author, at=NOON)


def test_banks_and_questions_of_others_are_not_found() -> None:
    desk, other = a_desk(), a_desk()
    question = a_question(desk)
    scope = other.author.scope(Permission.SEE_QUESTIONS)

    with pytest.raises(NotFound):
        banks.get(desk.bank.id, scope=scope)
    with pytest.raises(NotFound):
        finding.get(question.id, scope=scope)
    with pytest.raises(NotFound):
        finding.versions_of(question.id, scope=scope)
    with pytest.raises(NotFound):
        questions.revise(question.id, a_content(), by=other.author, at=NOON)
    assert [bank.id for bank in banks.listed(scope).items] == [other.bank.id]
    assert finding.listed(scope, Wanted(), on=TODAY).items == []
    assert finding.listed(NOWHERE, Wanted(), on=TODAY).items == []


def test_a_question_is_written_as_a_draft_of_its_author() -> None:
    desk = a_desk()

    question = a_question(
        desk, a_content(difficulty=Decimal("0.50")), tags=(PRINCIPAL, ELECTRICIAN)
    )

    version = question.newest_version
    assert (question.state, question.newest, version.number) == (State.DRAFT, 1, 1)
    assert (version.author_id, version.written_at) == (desk.author.person_id, NOON)
    assert version.options[0] == {"label": "A", "text": "切断电源"}
    assert version.difficulty == "0.50"
    assert version.published_at is None
    assert not version.is_published
    assert [(tag.role, tag.operation_item) for tag in question.tags] == [
        (PostRole.PRINCIPAL, ""),
        (PostRole.SPECIAL_OPERATIONS_WORKER, "1.2"),
    ]


def test_writing_the_same_twice_is_one_question() -> None:
    desk = a_desk()
    question = a_question(desk, a_content())

    again = questions.write(
        question.id,
        a_content(),
        bank_id=desk.bank.id,
        tags=(ELECTRICIAN,),
        for_practice=True,
        for_exams=True,
        by=desk.author,
        at=LATER,
    )

    assert again.newest == 1
    assert len(finding.versions_of(question.id)) == 1


def test_an_id_is_for_one_question_only() -> None:
    desk = a_desk()
    question = a_question(desk, a_content())

    with pytest.raises(IdTaken):
        questions.write(
            question.id,
            a_content(stem="别的"),
            bank_id=desk.bank.id,
            tags=(ELECTRICIAN,),
            for_practice=True,
            for_exams=True,
            by=desk.author,
            at=NOON,
        )


def test_the_same_content_twice_in_a_bank_is_refused_and_in_two_banks_is_not() -> None:
    desk = a_desk()
    question = a_question(desk, a_content())

    with pytest.raises(AlreadyInBank) as refused:
        a_question(desk, a_content())

    assert refused.value.facts == {"question_id": str(question.id)}
    assert a_question(a_desk(), a_content()).state is State.DRAFT


def test_an_unsound_question_is_not_written() -> None:
    with pytest.raises(QuestionUnsound):
        a_question(a_desk(), a_content(key=("E",)))


def test_an_item_that_the_catalogue_does_not_have_is_refused() -> None:
    with pytest.raises(OperationItemUnknown):
        a_question(a_desk(), tags=(Tag(PostRole.SPECIAL_OPERATIONS_WORKER, "99.9"),))


def test_revising_writes_the_next_version_and_leaves_the_one_in_use_alone() -> None:
    desk = a_desk()
    question = a_published_question(desk, a_content())

    revised = questions.revise(
        question.id, a_content(stem="触电急救的第一步是（）。"), by=desk.author, at=LATER
    )

    assert (revised.state, revised.newest) == (State.DRAFT, 2)
    first, second = finding.versions_of(question.id)
    assert (first.stem, first.is_published) == ("触电急救首先应当（）。", True)
    assert (second.stem, second.is_published) == ("触电急救的第一步是（）。", False)


def test_revising_into_what_it_says_already_changes_nothing() -> None:
    desk = a_desk()
    question = a_published_question(desk, a_content())

    same = questions.revise(question.id, a_content(), by=desk.author, at=LATER)
    assert (same.state, same.newest) == (State.PUBLISHED, 1)

    explained = questions.revise(
        question.id, a_content(explanation="别的解析"), by=desk.author, at=LATER
    )
    assert explained.newest == 2


def test_revising_into_what_another_question_says_is_refused() -> None:
    desk = a_desk()
    a_question(desk, a_content(stem="甲"))
    other = a_question(desk, a_content(stem="乙"))

    with pytest.raises(AlreadyInBank):
        questions.revise(other.id, a_content(stem="甲"), by=desk.author, at=NOON)


def test_a_retired_question_can_be_revised_and_come_back() -> None:
    desk = a_desk()
    question = a_published_question(desk, a_content())
    moves.move(question.id, Move.RETIRE, by=desk.reviewer, at=NOON)

    revised = questions.revise(question.id, a_content(), by=desk.author, at=LATER)

    assert (revised.state, revised.newest) == (State.DRAFT, 2)


def test_one_question_serves_another_role_without_a_copy() -> None:
    desk = a_desk()
    question = a_question(desk, tags=(PRINCIPAL,))

    placed = questions.place(
        question.id,
        tags=(PRINCIPAL, MANAGER),
        for_practice=False,
        for_exams=True,
        by=desk.author,
        at=LATER,
    )

    assert (placed.for_practice, placed.for_exams) == (False, True)
    for role in (PostRole.PRINCIPAL, PostRole.SAFETY_MANAGER):
        found = finding.listed(
            desk.author.scope(Permission.SEE_QUESTIONS), Wanted(role=role), on=TODAY
        )
        assert [one.id for one in found.items] == [question.id]
    same = questions.place(
        question.id,
        tags=(MANAGER, PRINCIPAL),
        for_practice=False,
        for_exams=True,
        by=desk.author,
        at=LATER,
    )
    assert len(same.tags) == 2


def test_questions_are_found_by_what_they_say_and_serve() -> None:
    desk = a_desk()
    shock = a_question(desk, a_content(stem="触电100%危险"))
    fire = a_question(
        desk,
        a_content(stem="灭火", kind=Kind.MULTIPLE_CHOICE, key=("A", "B"), topic="消防"),
        tags=(ANY_SPECIAL,),
    )
    manager = a_published_question(desk, a_content(stem="职责"), tags=(MANAGER,))
    scope = desk.author.scope(Permission.SEE_QUESTIONS)

    def found(**wanted: object) -> set[object]:
        asked = Wanted(**wanted)  # type: ignore[arg-type]  # a table of cases
        return {one.id for one in finding.listed(scope, asked, on=TODAY).items}

    assert found() == {shock.id, fire.id, manager.id}
    assert found(text="0%危") == {shock.id}
    assert found(text="%") == {shock.id}
    assert found(kind=Kind.MULTIPLE_CHOICE) == {fire.id}
    assert found(topic="消防") == {fire.id}
    assert found(state=State.PUBLISHED) == {manager.id}
    assert found(operation_item="1.2") == {shock.id, fire.id, manager.id}
    assert found(role=PostRole.SPECIAL_OPERATIONS_WORKER) == {shock.id, fire.id}
    assert found(role=PostRole.SPECIAL_OPERATIONS_WORKER, operation_item="1.1") == {fire.id}
    assert found(bank_id=uuid4()) == set()


def test_a_page_of_questions_takes_three_statements(app: Flask, count_statements) -> None:
    desk = a_desk()
    for _ in range(5):
        a_question(desk)
    scope = desk.author.scope(Permission.SEE_QUESTIONS)

    with count_statements() as sent:
        page = finding.listed(scope, Wanted(), on=TODAY, limit=3)
        stems = [(one.newest_version.stem, one.tags[0].role) for one in page.items]

    assert len(stems) == 3
    assert page.next_cursor is not None
    # The banks that may be seen, the questions, their tags.
    assert len(sent) == 3, sent
