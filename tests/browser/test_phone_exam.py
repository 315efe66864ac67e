"""An exam in the phone app: whatever happens, what was tapped is with the server in the end."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from exams.models import BehaviourEvent
from exams.services import moves
from server.db import db
from tests.browser.phones import (
    Candidate,
    agree,
    attempts,
    cut,
    entries,
    held,
    moved_clock,
    sign_in,
    sign_in_again,
)
from tests.factories.exams import SOMEBODY
from tests.moments import NOON

pytestmark = pytest.mark.slow

MESSAGES = "**/v1/attempts/**"


def test_a_candidate_sits_an_exam_and_sees_the_result(candidate, app):
    attempt_id = candidate.begin()
    for _ in range(3):
        candidate.tap()
        candidate.on()
    candidate.wait_for_light("good")
    candidate.hand_in()
    candidate.page.wait_for_selector("[data-over=arrived]")
    receipt = candidate.page.wait_for_selector("[data-receipt]").inner_text()
    candidate.page.click("main a.button")
    candidate.page.wait_for_selector("[data-passed=false]")

    assert len(agree(app, candidate, attempt_id)) == 3
    assert len(receipt) == len("4F2K-QX7M-3D5A-ZN2B")


def test_thirty_minutes_without_network_lose_nothing_and_claim_nothing(candidate, app, the_clock):
    attempt_id = candidate.begin()
    candidate.tap()
    candidate.wait_for_light("good")

    candidate.context.set_offline(True)
    the_clock.move(timedelta(minutes=30))
    for _ in range(4):
        candidate.on()
        candidate.tap()
    candidate.wait_for_light("bad")
    said = candidate.page.inner_text("[data-light]")
    banner = candidate.page.inner_text("[data-banner=offline]")
    before = len(held(app, attempt_id))
    candidate.context.set_offline(False)
    candidate.wait_for_light("good")

    assert ("4 题仅在本机" in said, "4 题只保存在本机" in banner, before) == (True, True, 1)
    assert len(agree(app, candidate, attempt_id)) == 5


def test_handing_in_without_network_is_a_wish_that_survives_the_page(candidate, app):
    attempt_id = candidate.begin()
    candidate.context.set_offline(True)
    candidate.tap()
    candidate.hand_in()
    candidate.page.wait_for_selector("[data-over=wish]")

    candidate.reopen()  # the app itself comes from the phone
    candidate.page.wait_for_selector("[data-over=wish]")
    candidate.context.set_offline(False)
    candidate.page.wait_for_selector("[data-over=arrived]")

    assert len(agree(app, candidate, attempt_id)) == 1
    assert [one.state for one in attempts(app)] == ["graded"]


def test_a_lost_reply_is_asked_for_again_and_nothing_is_doubled(candidate, app):
    attempt_id = candidate.begin()
    lost = []

    def lose(route):
        route.fetch()  # it arrives, and the reply does not
        lost.append(route.request.post_data)
        route.abort("connectionreset") if len(lost) < 3 else route.fallback()

    candidate.page.route("**/responses", lose)
    candidate.tap()
    candidate.wait_for_light("bad")
    candidate.wait_for_light("good")

    assert len(lost) >= 3
    assert len(agree(app, candidate, attempt_id)) == 1
    assert len(entries(app, attempt_id)) == 1


def test_a_second_window_only_looks_until_it_is_told_to_write(candidate, app):
    attempt_id = candidate.begin()
    candidate.tap()
    second = candidate.context.new_page()
    second.goto(candidate.page.url)
    second.wait_for_selector("[data-elsewhere]")

    second.click("[data-elsewhere] button")
    second.wait_for_selector("[data-place]")
    candidate.page.wait_for_selector("[data-elsewhere]")
    candidate.page, second = second, candidate.page
    candidate.on()
    candidate.tap()
    candidate.wait_for_light("good")

    assert len(agree(app, candidate, attempt_id)) == 2
    assert [entry.epoch for entry in entries(app, attempt_id)] == [1, 1]


@pytest.mark.parametrize("days", [-1, 1])
def test_moving_the_clock_of_the_phone_changes_nothing(candidate, app, days):
    attempt_id = candidate.begin()
    candidate.tap()
    candidate.wait_for_light("good")
    candidate.context.add_init_script(moved_clock(days * 86_400_000))

    candidate.reopen()
    candidate.wait_for_light("good")
    shown = candidate.page.inner_text("[data-time] strong")
    candidate.on()
    candidate.tap()
    candidate.wait_for_light("good")

    assert shown.startswith(("2:00:0", "1:59:5")), shown
    assert len(agree(app, candidate, attempt_id)) == 2


def test_an_expired_token_is_renewed_and_a_lost_one_asked_for_while_answers_are_kept(
    candidate, app, the_clock
):
    attempt_id = candidate.begin()
    the_clock.move(timedelta(minutes=11))
    candidate.tap()
    candidate.wait_for_light("good")

    the_clock.move(timedelta(minutes=11))
    candidate.context.clear_cookies()
    candidate.on()
    candidate.tap()
    candidate.page.wait_for_selector("[data-sign-in-again]")
    candidate.on()
    candidate.tap()
    kept = {word["state"] for word in candidate.words().values()}
    candidate.page.click("[data-sign-in-again] button")
    sign_in_again(candidate.page)
    candidate.wait_for_light("good")

    assert kept == {"held", "here"}
    assert len(agree(app, candidate, attempt_id)) == 3


def test_the_server_is_believed_only_where_it_has_answered(candidate, app):
    candidate.begin()
    candidate.page.route(MESSAGES, cut)
    candidate.tap()
    candidate.wait_for_light("bad")

    candidate.page.click("[data-light]")

    assert candidate.page.inner_text("[data-held]") == "0"
    assert candidate.page.inner_text("[data-here]") == "1"


def test_another_phone_goes_on_where_the_first_one_stopped(candidate, app, phone_browser, writing):
    attempt_id = candidate.begin()
    candidate.tap()
    candidate.wait_for_light("good")
    candidate.context.set_offline(True)
    candidate.on()
    candidate.tap()
    other = phone_browser.new_context(locale="zh-CN")
    other.add_init_script(moved_clock())
    new = Candidate(other, candidate.address, other.new_page())
    sign_in(new.page, candidate.address)
    new.page.goto(f"{candidate.address}/app/#/exams")
    new.page.click("a.next-exam")
    new.page.click("[data-begin]")
    new.page.wait_for_selector("[data-moving-code]")

    with writing():
        given = moves.give(
            uuid4(), attempt_id=UUID(attempt_id), reason="手机没电", by=SOMEBODY, at=NOON
        )
    new.page.fill("[data-moving-code]", given.code or "")
    new.page.click("form button")
    new.page.wait_for_selector("[data-place]")
    carried = len(new.words())
    new.on()
    new.tap()
    new.on()
    new.tap()
    new.wait_for_light("good")
    candidate.context.set_offline(False)
    candidate.page.wait_for_selector("[data-over=moved]")

    record = held(app, attempt_id)
    assert carried == 1
    assert [record[slot].epoch for slot in sorted(record)].count(2) == 2
    assert len([entry for entry in entries(app, attempt_id) if entry.late]) <= 1
    other.close()


def test_the_end_is_announced_and_the_server_alone_ends_the_time(candidate, app, the_clock):
    attempt_id = candidate.begin()

    the_clock.move(timedelta(minutes=91))
    candidate.tap()
    told = candidate.page.wait_for_selector("[aria-live=polite] [data-warning='30']").inner_text()
    candidate.wait_for_light("good")
    the_clock.move(timedelta(minutes=30))
    candidate.on()
    candidate.tap()
    candidate.page.wait_for_selector("fieldset:disabled")

    assert "30 分钟" in told
    assert {entry.late for entry in entries(app, attempt_id)} == {False, True}
    assert [one.state for one in attempts(app)] == ["in_progress"]


def test_leaving_the_page_is_written_down_and_hands_nothing_in(candidate, app):
    attempt_id = candidate.begin()

    candidate.page.evaluate("dispatchEvent(new Event('blur'))")
    candidate.page.evaluate("dispatchEvent(new Event('focus'))")
    candidate.tap()
    candidate.wait_for_light("good")
    candidate.on()
    candidate.tap()
    candidate.wait_for_light("good")

    with app.app_context():
        noted = db.session.execute(
            select(BehaviourEvent.kind).where(BehaviourEvent.attempt_id == UUID(attempt_id))
        ).scalars()
        assert {"focus_lost", "focus_gained", "answered"} <= set(noted)
    assert [one.state for one in attempts(app)] == ["in_progress"]
