"""Searching: any part of a text, pinyin initials, figures; the same on both databases."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from question_bank.fingerprint import folded
from question_bank.flagging import Flag
from question_bank.models import QuestionText
from question_bank.services import finding, import_jobs, law_reference, questions
from question_bank.services.finding import Wanted
from question_bank.services.import_jobs import settle_unsettled
from server.days import civil_day
from server.db import db
from server.scopes import EVERYWHERE
from tests.factories.question_bank import a_content, a_desk, a_question
from tests.moments import NOON

TODAY = civil_day(NOON)

STEMS = {
    "meter": "用万用电表测量380V线路的电压时，量程应选（　）。",
    "lift": "提升机（升降机）的载重量不得超过额定值的100%。",
    "card": "特种作业操作证每（　）年复审1次。",
    "city": "《重庆市安全生产条例》自何时施行？",
}


@pytest.fixture
def bank(inside):
    desk = a_desk()
    return {
        name: a_question(desk, a_content(stem, explanation="详见教材。", topic="基础")).id
        for name, stem in STEMS.items()
    }


def found(bank, **wanted):
    names = {question_id: name for name, question_id in bank.items()}
    items = finding.listed(EVERYWHERE, Wanted(**wanted), on=TODAY).items
    return {names[one.id] for one in items}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("电压", {"meter"}),
        ("压", {"meter"}),
        ("压电", set()),
        ("重量", {"lift"}),
        ("重", {"lift", "city"}),
        ("380v", {"meter"}),
        ("３８０Ｖ", {"meter"}),
        ("100%", {"lift"}),
        ("%", {"lift"}),
        ("_", set()),
        ("拨打电话", set(STEMS)),
        ("详见教材", set(STEMS)),
        ("特种 复审", {"card"}),
        ("特种 电压", set()),
        ("czz", {"card"}),
        ("CZZ", {"card"}),
        ("cqs", {"city"}),
        ("zqs", set()),
        ("zzl", {"lift"}),
        ("（升降机）", {"lift"}),
        ("升降机 OR 电压", set()),
        ('"', set()),
        ("' --", set()),
        ("a & b", set()),
    ],
)
def test_a_part_of_the_text_finds_what_holds_it(bank, text, names) -> None:
    assert found(bank, text=text) == names


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_every_part_of_a_text_is_found_and_nothing_else(bank, data) -> None:
    stem = data.draw(st.sampled_from(sorted(STEMS.values())))
    start = data.draw(st.integers(0, len(stem) - 1))
    part = stem[start : start + data.draw(st.integers(1, 8))].split()
    if part:
        asked = part[0]
        plain = folded(asked)
        holding = {name for name, text in STEMS.items() if plain in folded(text)}
        shown = found(bank, text=asked)
        assert holding <= shown
        assert shown == holding or plain.isascii() or shown == set(STEMS)


def test_the_newest_wording_is_found_and_the_old_one_is_not(bank, inside) -> None:
    desk = a_desk()
    question = a_question(desk, a_content("旧的措辞。"))

    questions.revise(question.id, a_content("新的说法。"), by=desk.author, at=NOON)

    bank["changed"] = question.id
    assert found(bank, text="旧的措辞") == set()
    assert found(bank, text="新的说法") == {"changed"}


def test_figures_law_author_and_flags_narrow_the_search(inside) -> None:
    law_reference.load(at=NOON)
    desk = a_desk()
    bank = {
        "easy": a_question(desk, a_content("甲", difficulty=Decimal("0.9"))).id,
        "hard": a_question(desk, a_content("乙", difficulty=Decimal("0.25"))).id,
        "plain": a_question(a_desk(), a_content(STEMS["card"])).id,
    }
    author = desk.author.person_id

    assert found(bank, difficulty_from=Decimal("0.25"), difficulty_to=Decimal("0.5")) == {"hard"}
    assert found(bank, difficulty_from=Decimal("0.3")) == {"easy"}
    assert found(bank, author_id=author) == {"easy", "hard"}
    assert found(bank, author_id=uuid4()) == set()
    assert found(bank, rests_on_repealed_law=True) == {"plain"}
    assert found(bank, rests_on_repealed_law=False) == {"easy", "hard"}
    law_id = law_reference.law_id("special_operations_order_30")
    assert found(bank, law_id=law_id) == {"plain"}
    assert found(bank, flag=Flag.TOO_EASY) == set()
    assert found(bank, facility_from=0.5) == set()
    assert found(bank, discrimination_to=10.0) == set()


def test_questions_from_before_there_was_an_index_are_learnt(app, writing) -> None:
    with writing():
        question_id = a_question(a_desk(), a_content(STEMS["meter"])).id
        db.session.query(QuestionText).delete()
    with app.app_context():
        assert found({"meter": question_id}, text="电压") == set()

        assert settle_unsettled(NOON) == 1

        assert found({"meter": question_id}, text="电压") == {"meter"}
        assert settle_unsettled(NOON) == 0


def test_after_many_new_questions_the_database_knows_how_many_there_are(
    app, writing, monkeypatch
) -> None:
    with writing():
        for stem in STEMS.values():
            a_question(a_desk(), a_content(stem))
        db.session.query(QuestionText).delete()
    monkeypatch.setattr(import_jobs, "_COUNTED_FROM", len(STEMS) - 1)
    with app.app_context():
        settle_unsettled(NOON)

        if db.engine.dialect.name == "postgresql":
            counted = text("SELECT reltuples FROM pg_class WHERE relname = 'question_text'")
            assert db.session.execute(counted).scalar_one() == len(STEMS)
        assert db.session.query(QuestionText).count() == len(STEMS)
