"""The exam pool as it stood on a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from question_bank.flagging import Flag, Observed
from question_bank.kinds import Kind
from question_bank.lifecycle import Move
from question_bank.models import QuestionFlag
from question_bank.services import drawing, finding, moves, questions, reviewing, standing
from question_bank.services.drawing import published_for_exams
from question_bank.services.standing import Known
from server.db import db
from server.people.roster import PostRole
from tests.factories.question_bank import (
    ANY_SPECIAL,
    ELECTRICIAN,
    MANAGER,
    a_content,
    a_desk,
    a_published_question,
    a_question,
    published,
)
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

TODAY, YESTERDAY = date(2026, 6, 15), date(2026, 6, 14)
WORKER = PostRole.SPECIAL_OPERATIONS_WORKER


def test_an_entry_says_what_a_specification_asks_and_no_word_of_the_question() -> None:
    question = a_published_question(a_desk(), a_content(difficulty=Decimal("0.75")))

    [entry] = published_for_exams(on=TODAY)

    assert (entry.question_id, entry.version_id) == (question.id, question.newest_version.id)
    assert (entry.kind, entry.topic, entry.difficulty) == (
        Kind.SINGLE_CHOICE,
        "急救",
        Decimal("0.75"),
    )
    assert not {"stem", "options", "key"} & set(vars(entry))


def test_the_pool_holds_what_is_published_for_exams() -> None:
    desk = a_desk()
    a_question(desk)
    a_published_question(desk, for_exams=False)
    used = a_published_question(desk, for_practice=False)

    assert [entry.question_id for entry in published_for_exams(on=TODAY)] == [used.id]


def test_the_pool_is_by_role_item_topic_and_bank() -> None:
    desk = a_desk()
    electric = a_published_question(desk, tags=(ELECTRICIAN,)).id
    general = a_published_question(desk, a_content(topic="法规"), tags=(ANY_SPECIAL,)).id
    manager = a_published_question(desk, tags=(MANAGER, ELECTRICIAN)).id

    def pool(**wanted: object) -> set[object]:
        entries = published_for_exams(on=TODAY, **wanted)  # type: ignore[arg-type]  # a table of cases
        return {entry.question_id for entry in entries}

    assert pool(role=WORKER) == {electric, general, manager}
    assert pool(role=WORKER, operation_item="1.2") == {electric, general, manager}
    assert pool(role=WORKER, operation_item="1.1") == {general}
    assert pool(role=PostRole.SAFETY_MANAGER) == {manager}
    assert pool(topics=["法规"]) == {general}
    assert pool(topics=[]) == set()
    assert pool(bank_ids=[desk.bank.id]) == {electric, general, manager}
    assert pool(bank_ids=[uuid4()]) == set()


def test_the_pool_of_a_day_stays_what_it_was() -> None:
    desk = a_desk()
    question = a_published_question(desk, at=NOON - timedelta(days=1))
    first = question.newest_version.id
    questions.revise(question.id, a_content(), by=desk.author, at=NOON)
    second = published(desk, question.id).newest_version.id
    moves.move(question.id, Move.RETIRE, by=desk.reviewer, at=NOON + timedelta(days=2))

    def asked(day: date) -> list[object]:
        return [entry.version_id for entry in published_for_exams(on=day)]

    assert asked(YESTERDAY - timedelta(days=1)) == []
    assert asked(YESTERDAY) == [first]
    assert asked(TODAY) == asked(TODAY + timedelta(days=1)) == [second]
    assert asked(TODAY + timedelta(days=2)) == []


def test_a_suspected_key_or_leak_keeps_a_question_out_and_nothing_else_does() -> None:
    desk = a_desk()
    flagged = {one: a_published_question(desk) for one in Flag}
    seen = Observed(response_count=300, facility=0.7, discrimination=30, outfit=1, options=())
    known = [
        Known(
            version_id=one.newest_version.id,
            question_id=one.id,
            exposure_count=300,
            seen=seen,
            flags=[flag],
        )
        for flag, one in flagged.items()
    ]
    assert standing.store(known, qualification="principal", at=NOON) == len(Flag)

    tomorrow = {one.question_id for one in published_for_exams(on=TODAY + timedelta(days=1))}
    out = {flag for flag, one in flagged.items() if one.id not in tomorrow}
    assert out == {Flag.KEY_SUSPECTED, Flag.LEAK_SUSPECTED}

    leaked = flagged[Flag.LEAK_SUSPECTED].newest_version.id
    wanted = select(QuestionFlag.id).where(QuestionFlag.version_id == leaked)
    flag_id = db.session.execute(wanted).scalar_one()
    reviewing.settle(flag_id, reason="已核实", by=desk.reviewer, at=NOON)
    settled = {one.question_id for one in published_for_exams(on=TODAY + timedelta(days=1))}
    assert flagged[Flag.LEAK_SUSPECTED].id in settled


def test_days_are_those_of_shanghai() -> None:
    last_minute = datetime(2026, 6, 14, 23, 59, tzinfo=ZoneInfo("Asia/Shanghai"))
    a_published_question(a_desk(), at=last_minute)

    assert len(published_for_exams(on=YESTERDAY)) == 1
    assert published_for_exams(on=YESTERDAY - timedelta(days=1)) == []


def test_versions_stay_readable_whatever_becomes_of_the_question() -> None:
    desk = a_desk()
    question = a_published_question(desk)
    moves.move(question.id, Move.RETIRE, by=desk.reviewer, at=NOON)
    version_id = question.newest_version.id

    found = drawing.versions([version_id, version_id, uuid4()])

    assert list(found) == [version_id]
    assert finding.get(question.id).newest_version.key == ["A"]


def test_each_reading_is_one_statement(count_statements) -> None:
    desk = a_desk()
    for _ in range(5):
        a_published_question(desk)

    with count_statements() as sent:
        pool = published_for_exams(on=TODAY, role=WORKER, operation_item="1.2", topics=["急救"])
    assert (len(pool), len(sent)) == (5, 1)

    with count_statements() as sent:
        drawing.versions([entry.version_id for entry in pool])
    assert len(sent) == 1
