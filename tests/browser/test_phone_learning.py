"""Between exams: the question of the day, a contest with its board, one's own competence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from certificates.competence.kinds import State
from certificates.competence.models import CompetenceAppraisal
from exams.contests.models import ContestEntry, ContestParticipant
from server.db import db
from server.policy import Role
from tests.browser.pages import photograph, serious, settle
from tests.browser.phones import SCREEN, known_password, lets_sign_in
from tests.factories import contests as the
from tests.factories.rosters import a_person
from tests.house import ROOT
from tests.moments import NOON

pytestmark = pytest.mark.slow

PICTURES = ROOT / "build" / "screenshots" / "phone" / "learning"


def _go(phone, path):
    phone.page.goto(f"{phone.address}/app/#{path}")
    phone.page.wait_for_selector("h1")
    settle(phone.page)


def _look(phone, name):
    settle(phone.page)
    photograph(phone.page, PICTURES / name)
    assert serious(phone.page) == [], name
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"], name


@pytest.fixture
def ground(app, client, a_signed_in, writing):
    """Lay out a bank that may be practised, and let `player` sign in."""
    holder = a_signed_in(Role.PLANNER).headers
    laid = the.a_ground(client, holder, writing)
    with writing():
        lets_sign_in(a_person(name="王小明").id, "player")
    return laid


def test_a_learner_joins_a_contest_plays_a_round_and_stands_on_the_board(a_phone, app, ground):
    contest = ground.published()
    phone = a_phone("player")
    page = phone.page

    _go(phone, "/learn/contests")
    _look(phone, "contests")
    page.locator("a.next-exam", has_text="全县安全知识竞赛").click()
    page.locator("select[name=region] option").nth(1).wait_for(state="attached")
    page.locator("select[name=region]").select_option(index=1)
    page.check("input[name=agreed]")
    _look(phone, "contest-to-join")
    page.click("[data-join]")
    page.click("[data-enter]")
    for slot, right in ((1, True), (2, False), (3, True)):
        page.wait_for_selector(f"[data-slot='{slot}']")
        if slot == 2:
            _look(phone, "contest-question")
        option = the.OPTIONS[0] if right else the.OPTIONS[3]
        page.locator(".option", has_text=option).click()
    page.wait_for_selector("[data-round-over]")
    _look(phone, "contest-over")
    page.get_by_role("link", name="看榜单").click()
    page.locator("ol.board .row").wait_for()
    _look(phone, "contest-board")
    lines = page.locator("ol.board .row").all_inner_texts()
    phone.reopen()  # the token was in memory only, and comes back with the place
    _go(phone, f"/learn/contests/{contest['id']}")
    said = phone.page.inner_text("[data-entry]")

    assert "答对 2 题" in said
    assert len(lines) == 1
    assert "王**" in lines[0]
    with app.app_context():
        (entry,) = db.session.scalars(select(ContestEntry))
        assert (entry.correct_count, entry.open_slot) == (2, 4)


def test_a_child_plays_a_final_with_its_guardians_word_and_sees_what_was_wrong(
    a_phone, app, ground, writing, the_clock
):
    final = ground.published(the.a_final(NOON))
    round_id = final["rounds"][0]["id"]
    with writing():
        child = a_person(name="李小童")
        child.birth_on = date(2014, 3, 2)
        lets_sign_in(child.id, "child")
    phone = a_phone("child")
    page = phone.page

    _go(phone, f"/learn/contests/{final['id']}")
    page.locator("select[name=region] option").nth(1).wait_for(state="attached")
    page.locator("select[name=region]").select_option(index=1)
    page.check("input[name=agreed]")
    page.click("[data-join]")
    page.locator("input[name=guardian]").wait_for()
    _look(phone, "guardian")
    page.check("input[name=guardian]")
    page.click("[data-join]")
    page.click("[data-enter]")
    page.wait_for_selector("[data-slot='1']")
    page.locator(".option", has_text=the.OPTIONS[3]).click()
    page.locator("h2", has_text="第 2 题即将开始").wait_for()
    _look(phone, "final-waiting")
    the_clock.move(timedelta(seconds=15))
    page.reload()
    page.wait_for_selector("[data-slot='2']")
    page.locator(".option", has_text=the.OPTIONS[0]).click()
    page.wait_for_selector("[data-round-over]")
    the_clock.move(timedelta(minutes=1))
    _go(phone, f"/learn/contests/{final['id']}/{round_id}/mistakes")
    page.locator("h2", has_text="1. ").wait_for()
    _look(phone, "mistakes")
    wrong = page.locator("section.card").all_inner_texts()

    assert len(wrong) == 1
    assert the.OPTIONS[3] in wrong[0]
    with app.app_context():
        (entry,) = db.session.scalars(select(ContestEntry))
        (joined,) = db.session.scalars(select(ContestParticipant))
        assert (entry.correct_count, joined.minor) == (1, True)


def test_the_question_of_the_day_counts_days_and_not_taps(a_phone, ground):
    phone = a_phone("player")
    page = phone.page

    _go(phone, "/learn/daily")
    before = page.inner_text("[data-in-a-row]")
    page.locator(".option", has_text=the.OPTIONS[0]).click()
    page.wait_for_selector("[data-verdict=true]")
    page.locator("[data-in-a-row]", has_text="1").wait_for()
    _look(phone, "daily")
    page.reload()
    page.wait_for_selector("[data-today=kept]")
    _look(phone, "daily-done")

    assert before == "0"


def test_what_was_wrong_on_one_day_is_put_right_on_another(a_phone, ground, the_clock):
    phone = a_phone("player")
    page = phone.page
    said = page.locator("[data-in-a-row]")

    _go(phone, "/learn/daily")
    page.locator(".option", has_text=the.OPTIONS[3]).click()
    page.wait_for_selector("[data-verdict=false]")
    _look(phone, "daily-wrong")
    page.reload()
    page.wait_for_selector("[data-today=open]")
    _look(phone, "daily-open")
    asked_again = page.locator(".option").count()
    the_clock.move(timedelta(days=1))
    page.reload()
    page.locator("h2", has_text="还可以改正的").wait_for()
    before = said.inner_text()
    _look(phone, "daily-to-put-right")
    page.locator("article").last.locator(".option", has_text=the.OPTIONS[0]).click()
    said.filter(has_text="1").wait_for()
    page.locator("article").first.locator(".option", has_text=the.OPTIONS[0]).click()
    said.filter(has_text="2").wait_for()
    _look(phone, "daily-put-right")
    page.reload()
    page.wait_for_selector("[data-today=kept]")

    assert asked_again == 0, "who has seen the key waits for another day"
    assert before == "0"
    assert page.locator("h2", has_text="还可以改正的").count() == 0


def test_somebody_sees_their_grade_and_gaps_and_asks_for_another_look(
    demonstrated, writing, a_phone
):
    with writing():
        known_password("safety-manager")
    phone = a_phone("safety-manager")
    page = phone.page

    _go(phone, "/me/competence")
    missing = page.locator(".findings .tag.bad").count()
    _look(phone, "competence")
    page.locator("a.row", has_text="已评定").click()
    page.locator("h2", has_text="对结果有异议").wait_for()
    _look(phone, "appraisal")
    page.fill("input[name=reason]", "隐患排查记录未计入")
    page.click("[data-appeal]")
    page.locator(".tag", has_text="申诉中").wait_for()

    assert missing > 0
    with demonstrated.app_context():
        states = set(db.session.scalars(select(CompetenceAppraisal.state)))
        assert State.APPEALED in states
