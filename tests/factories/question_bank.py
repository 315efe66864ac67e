"""Banks, questions and files, as tests of the question bank need them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import xlsxwriter

from question_bank.content import Content
from question_bank.kinds import Kind
from question_bank.lifecycle import Move
from question_bank.models import Question, QuestionBank
from question_bank.services import banks, finding, moves, questions
from question_bank.tags import Tag
from server.organisations.models import Organisation
from server.people.roster import PostRole
from server.policy import Grant, Identity, Role
from server.scopes import Scope
from tests.factories.auth import a_person, an_organisation
from tests.moments import NOON

PRINCIPAL = Tag(PostRole.PRINCIPAL)
MANAGER = Tag(PostRole.SAFETY_MANAGER)
ELECTRICIAN = Tag(PostRole.SPECIAL_OPERATIONS_WORKER, "1.2")
ANY_SPECIAL = Tag(PostRole.SPECIAL_OPERATIONS_WORKER)

HEADER = ["作业种类", "试题类型", "题目内容", "题目选项", "题目答案"]
GOOD = ["一", "单选题", "1.谁负责？", "**A.甲**B.乙**C.丙", "B"]
MENDED = ["一", "多选题", "2.选哪些？", "**A.甲**B.乙**C.丙", "ab  "]
REFUSED = ["一", "单选题", "3.没有答案？", "**A.甲**B.乙", ""]


@dataclass(frozen=True)
class Desk:
    """A bank, and those who work in it."""

    owner: Organisation
    bank: QuestionBank
    author: Identity
    reviewer: Identity


def an_identity(*roles: Role, within: Organisation | None = None) -> Identity:
    """Somebody with these roles beneath an organisation; everywhere where none is named."""
    scope = Scope(organisation_paths=(within.path,)) if within else Scope(everywhere=True)
    return Identity(
        account_id=uuid4(),
        person_id=a_person(within).id,
        grants=tuple(Grant(role=role, scope=scope) for role in roles),
    )


def a_desk() -> Desk:
    """Open a bank with an author and a reviewer."""
    owner = an_organisation()
    author = an_identity(Role.AUTHOR, within=owner)
    bank = banks.start(uuid4(), name="题库", owner_id=owner.id, by=author, at=NOON)
    return Desk(owner, bank, author, an_identity(Role.REVIEWER, within=owner))


def a_content(stem: str = "触电急救首先应当（）。", **changes: Any) -> Content:
    """A single choice whose right option is A."""
    values: dict[str, Any] = {
        "kind": Kind.SINGLE_CHOICE,
        "stem": stem,
        "options": ("切断电源", "拨打电话", "心肺复苏", "离开现场"),
        "key": ("A",),
        "explanation": "先断电，再施救。",
        "topic": "急救",
        "law_citation": "《安全生产法》",
    }
    return Content(**{**values, **changes})


def a_question(
    desk: Desk,
    content: Content | None = None,
    *,
    tags: tuple[Tag, ...] = (ELECTRICIAN,),
    for_practice: bool = True,
    for_exams: bool = True,
    at: Any = NOON,
) -> Question:
    """Write a question."""
    return questions.write(
        uuid4(),
        content or a_content(stem=f"题干 {uuid4()}"),
        bank_id=desk.bank.id,
        tags=tags,
        for_practice=for_practice,
        for_exams=for_exams,
        by=desk.author,
        at=at,
    )


def a_published_question(desk: Desk, content: Content | None = None, **more: Any) -> Question:
    """Write a question and put it to use."""
    question = a_question(desk, content, **more)
    return published(desk, question.id, at=more.get("at", NOON))


def published(desk: Desk, question_id: UUID, *, at: Any = NOON) -> Question:
    """Bring a draft through its review."""
    moves.move(question_id, Move.SUBMIT, by=desk.author, at=at)
    moves.move(question_id, Move.PUBLISH, by=desk.reviewer, at=at)
    return finding.get(question_id)


def a_workbook(*sheets: list[list[Any]]) -> bytes:
    """Return an .xlsx workbook with these sheets."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        # The same rows are the same bytes, whenever they are written.
        book.set_properties({"created": NOON})
        for cells in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(cells):
                sheet.write_row(number, 0, row)
    return target.getvalue()


def a_file(*rows: list[Any]) -> bytes:
    """Return a workbook with one sheet of questions."""
    return a_workbook([HEADER, *rows])
