"""Syllabuses: trees of topics that count from a day, and what the bank holds for each topic."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from question_bank.kinds import Kind
from question_bank.review_errors import SyllabusPublished, TopicTreeBroken
from question_bank.services import law_reference, supply, syllabuses
from question_bank.services.syllabuses import SyllabusDraft, TopicDraft
from server.catalogue.errors import OperationItemUnknown
from server.days import civil_day
from server.errors import IdTaken, NotFound
from server.people.roster import PostRole
from tests.factories.question_bank import (
    ELECTRICIAN,
    MANAGER,
    a_content,
    a_desk,
    a_published_question,
)
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

TODAY = civil_day(NOON)
WORKER = PostRole.SPECIAL_OPERATIONS_WORKER


@pytest.fixture
def desk():
    return a_desk()


def a_draft(desk, from_on=date(2026, 6, 1), item="1.2", title="低压电工作业考核大纲"):
    return SyllabusDraft(
        role=WORKER,
        operation_item=item,
        title=title,
        owner_id=desk.owner.id,
        from_on=from_on,
        source="考核标准",
    )


def a_syllabus(desk, **changes):
    return syllabuses.write(uuid4(), a_draft(desk, **changes), by=desk.author, at=NOON)


def test_versions_count_from_their_first_day_until_the_next_begins(desk) -> None:
    old, new = a_syllabus(desk, from_on=date(2020, 1, 1)), a_syllabus(desk)
    syllabuses.publish(old.id, by=desk.reviewer, at=NOON)
    assert syllabuses.in_force(WORKER, "1.2", on=TODAY) is old

    syllabuses.publish(new.id, by=desk.reviewer, at=NOON)

    assert syllabuses.in_force(WORKER, "1.2", on=date(2026, 5, 31)) is old
    assert syllabuses.in_force(WORKER, "1.2", on=date(2026, 6, 1)) is new
    assert [one.id for one in syllabuses.listed(role=WORKER).items] == [old.id, new.id]
    assert syllabuses.listed(operation_item="1.1").items == []
    with pytest.raises(NotFound):
        syllabuses.in_force(WORKER, "1.2", on=date(2019, 12, 31))


def test_what_is_published_never_changes(desk) -> None:
    syllabus = a_syllabus(desk)
    first = syllabuses.publish(syllabus.id, by=desk.reviewer, at=NOON).published_at

    again = syllabuses.publish(syllabus.id, by=desk.reviewer, at=NOON + timedelta(hours=1))
    assert again.published_at == first
    assert syllabuses.write(syllabus.id, a_draft(desk), by=desk.author, at=NOON) is syllabus
    with pytest.raises(SyllabusPublished):
        syllabuses.write(syllabus.id, a_draft(desk, title="别的"), by=desk.author, at=NOON)
    with pytest.raises(SyllabusPublished):
        syllabuses.write_topics(syllabus.id, [], by=desk.author, at=NOON)


def test_strangers_neither_write_nor_publish(desk) -> None:
    syllabus, stranger = a_syllabus(desk), a_desk()

    with pytest.raises(NotFound):
        syllabuses.publish(syllabus.id, by=stranger.reviewer, at=NOON)
    with pytest.raises(IdTaken):
        syllabuses.write(syllabus.id, a_draft(stranger), by=stranger.author, at=NOON)
    with pytest.raises(OperationItemUnknown):
        a_syllabus(desk, item="99.9")
    with pytest.raises(NotFound):
        syllabuses.topics_of(uuid4())


def test_a_tree_is_in_reading_order_and_cites_what_is_there(desk) -> None:
    law_reference.load(at=NOON)
    syllabus, root, child = a_syllabus(desk), uuid4(), uuid4()
    law_id = law_reference.law_id("work_safety_law")
    article_id = law_reference.article_id("special_operations_order_19", "renewal")
    tree = [
        TopicDraft(id=root, parent_id=None, code="1", name="基础", law_ids=(law_id,)),
        TopicDraft(id=child, parent_id=root, code="1.1", name="电流", article_ids=(article_id,)),
    ]

    topics = syllabuses.write_topics(syllabus.id, tree, by=desk.author, at=NOON)

    assert [(one.code, one.parent_id) for one in topics] == [("1", None), ("1.1", root)]
    assert topics[0].law_ids == [str(law_id)]
    for broken in (tree[::-1], [tree[0], tree[0]]):
        with pytest.raises(TopicTreeBroken):
            syllabuses.write_topics(syllabus.id, broken, by=desk.author, at=NOON)
    unknown = [TopicDraft(id=uuid4(), parent_id=None, code="9", name="x", law_ids=(uuid4(),))]
    with pytest.raises(NotFound):
        syllabuses.write_topics(syllabus.id, unknown, by=desk.author, at=NOON)


def test_the_supply_counts_topics_with_all_beneath_them_and_groups_once(desk) -> None:
    stems = ("电流的单位是什么？", "电压的方向如何规定？", "触电后如何脱离电源？")
    for stem, topic in zip(stems, ("电流", "直流", "急救"), strict=True):
        a_published_question(desk, a_content(stem, topic=topic), tags=(ELECTRICIAN, MANAGER))
    a_published_question(a_desk(), a_content(stems[0], topic="电流"))
    statement = a_content(
        "电流有方向。", topic="电流", kind=Kind.TRUE_FALSE, options=(), key=("A",)
    )
    a_published_question(desk, statement)
    a_published_question(desk, a_content("与此无关的题。", topic="管理"), tags=(MANAGER,))
    syllabus, root, child = a_syllabus(desk), uuid4(), uuid4()
    tree = [
        TopicDraft(id=root, parent_id=None, code="1", name="电工基础"),
        TopicDraft(id=child, parent_id=root, code="1.1", name="电流", names=("直流",)),
    ]
    syllabuses.write_topics(syllabus.id, tree, by=desk.author, at=NOON)

    found = [
        (one.topic_id or one.name, one.kind, one.question_count, one.distinct_count)
        for one in supply.of(syllabus.id, on=TODAY)
    ]

    assert found == [
        (root, "single_choice", 3, 2),
        (root, "true_false", 1, 1),
        (child, "single_choice", 3, 2),
        (child, "true_false", 1, 1),
        ("急救", "single_choice", 1, 1),
    ]
