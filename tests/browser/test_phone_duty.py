"""The day of an exam on phones: who watches, who examines, who sits it; the record is the judge."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from exams.models import Candidature, CheckIn, Practical, PracticalExhibit, PracticalWord, RoomEvent
from exams.rooms import StartMode
from exams.services import sitting_moves
from exams.services.deciding import decide
from exams.services.sitting_moves import Wanted
from exams.sittings import Attendance, SittingMove
from server.db import db
from server.policy import Role
from tests.browser.pages import photograph, serious
from tests.browser.phones import SCREEN, attempts, lets_sign_in
from tests.factories import practicals as the
from tests.factories import sittings as some
from tests.factories.practical_days import PracticalDay
from tests.factories.question_files import a_picture
from tests.factories.sittings import OPENS
from tests.house import ROOT
from tests.moments import NOON

pytestmark = pytest.mark.slow

PICTURES = ROOT / "build" / "screenshots" / "phone" / "duty"

DOORS = OPENS - timedelta(hours=1)


def _go(phone, path):
    phone.page.goto(f"{phone.address}/app/#{path}")
    phone.page.wait_for_selector("[data-loading]", state="detached")


def _photograph(phone, name):
    photograph(phone.page, PICTURES / name)
    assert serious(phone.page) == [], name
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"], name


def _act(phone, name, **fields):
    """Do something to the room or to somebody, with the first of the common reasons."""
    phone.page.locator(".act-button", has_text=name).last.click()
    sheet = phone.page.locator("dialog[open] form.act")
    for field, value in fields.items():
        sheet.locator(f"[name={field}]").fill(value)
    sheet.locator(".chip").first.click()
    sheet.locator("button.wide").click()


def _found(app, model, *conditions):
    with app.app_context():
        return list(db.session.scalars(select(model).where(*conditions)))


def test_an_invigilator_keeps_a_room_through_its_day(a_phone, app, writing, the_clock):
    with writing():
        hall = some.a_hall()
        sitting = some.a_sitting(hall, start_mode=StartMode.BY_SIGNAL)
        places = some.seated(hall, sitting, 3)
        lets_sign_in(some.an_invigilator(hall, sitting).person_id, "watcher", Role.INVIGILATOR)
        lets_sign_in(places[0].candidate_id, "worker")
        seats = [place.seat_label for place in places]
        sitting_id = sitting.id
    the_clock.set(DOORS)
    with writing():
        some.move(hall, sitting, SittingMove.START, at=DOORS)
    watcher = a_phone("watcher", DOORS)
    _let_in_without_network(watcher, app, seats[:2])
    the_clock.set(OPENS)
    _act(watcher, "现在开始")
    watcher.page.click("dialog button.wide")
    worker = a_phone("worker", OPENS)
    worker.begin()
    worker.tap()
    worker.wait_for_light("good")
    code = _act_upon_the_room_and_somebody(watcher, seats[0])

    here = Candidature.sitting_id == sitting_id
    came = {one.attendance for one in _found(app, Candidature, here)}
    assert came == {Attendance.PRESENT, Attendance.EXPECTED}
    kinds = [one.kind.value for one in _found(app, RoomEvent)]
    assert sorted(kinds) == ["extension", "pause", "resume", "start"]
    (attempt,) = attempts(app)
    assert (attempt.state.value, attempt.void_reason, attempt.counts) == ("voided", "替考", False)
    assert re.fullmatch(r"[A-Z2-9]{4}-[A-Z2-9]{4}", code)


def _let_in_without_network(watcher, app, seats):
    page = watcher.page
    _go(watcher, "/duty")
    _photograph(watcher, "duties")
    page.locator("a.row", has_text="第1考场").click()
    page.wait_for_selector("[data-person]")
    watcher.context.set_offline(True)
    for seat in seats:
        page.click(f"[data-person='{seat}']")
        page.click("[data-let-in]")
        page.wait_for_selector("dialog", state="detached")
    page.wait_for_selector("[data-outbox='2']")
    page.wait_for_selector("[data-banner=offline]")
    _photograph(watcher, "room-offline")
    assert _found(app, CheckIn) == []
    page.reload()  # what was said is on the phone, whatever happens to the page
    page.wait_for_selector("[data-outbox='2']")
    watcher.context.set_offline(False)
    page.wait_for_selector("[data-outbox='0']")
    assert page.inner_text("[data-came]") == "2"
    _photograph(watcher, "room")


def _act_upon_the_room_and_somebody(watcher, seat):
    """Extend, pause, resume; make a code for another phone, void; return the code."""
    page = watcher.page
    page.reload()
    page.locator(".row.person", has_text="作答中").wait_for()
    _act(watcher, "延时", minutes="15")
    page.click("dialog button.wide")
    _act(watcher, "暂停")
    page.click("dialog button.wide")
    _act(watcher, "恢复")
    page.click("dialog button.wide")
    page.click(f"[data-person='{seat}']")
    _act(watcher, "换机")
    code = page.wait_for_selector("[data-code]").inner_text()
    _photograph(watcher, "moving-code")
    page.click("dialog button.wide")
    page.click(f"[data-person='{seat}']")
    _act(watcher, "作废")
    page.wait_for_selector("dialog", state="detached")
    return code


def test_two_examiners_score_a_practical_apart_with_photos_and_without_network(
    a_phone, app, writing, the_clock, tmp_path
):
    with writing():
        day = PracticalDay(1)
        day.seat()
        day.open_doors()
        day.arrive(day.places[0])
        lets_sign_in(day.examiners[0].person_id, "examiner-one", Role.EXAMINER)
        practical = day.practical(day.places[0])
        practical_id, other = practical.id, day.examiners[1]
    the_clock.set(OPENS)
    picture = tmp_path / "station.jpg"
    picture.write_bytes(a_picture("JPEG", size=(1600, 1200)))
    phone = a_phone("examiner-one", OPENS)
    page = phone.page

    _go(phone, "/duty")
    page.locator("a.row", has_text="实操候考").click()
    page.wait_for_selector("main a.row")
    _photograph(phone, "board")
    page.locator("main a.row").first.click()
    page.locator(".chip", has_text="叫号").first.click()
    page.locator(".tag", has_text="在工位").wait_for()
    phone.context.set_offline(True)
    for full in page.locator("[data-full]").all():
        full.click()
    for fine in page.locator(".veto .chip:first-child").all():
        fine.click()
    page.set_input_files("input[name=photo]", picture)
    page.wait_for_selector("[data-photo=here]")
    _photograph(phone, "scoring-offline")
    stored = _found(app, PracticalWord)
    phone.reopen()  # the app and the sheet come from the phone
    page = phone.page
    page.wait_for_selector("[data-photo=here]")
    phone.context.set_offline(False)
    page.wait_for_selector("[data-outbox='0']")
    page.wait_for_selector("[data-photo=held]")
    page.click("[data-hand-in]")
    page.click("[data-hand-in-now]")
    page.locator("h2", has_text="评分表已提交").wait_for()
    _photograph(phone, "handed-in")
    with writing():
        the.score(the.decided(practical_id), other, at=OPENS)
    page.reload()
    page.locator("h2", has_text="已评定").wait_for()

    assert stored == []
    (exhibit,) = _found(app, PracticalExhibit)
    assert exhibit.media_type == "image/jpeg"
    (decided,) = _found(app, Practical)
    assert decided.state.value == "decided"
    with app.app_context():
        outcome = the.decided(practical_id).outcome
        assert outcome is not None
        assert outcome.passed


def test_the_third_examiner_decides_where_two_differ_and_a_veto_fails_the_whole(
    a_phone, app, writing, the_clock
):
    at = NOON + the.DAY
    with writing():
        practical, (first, second) = the.a_practical()
        veto = the.vetoes(practical)[0]
        the.score(practical, first)
        the.score(practical, second, {veto: "1"})
        third = the.assigned(practical)
        lets_sign_in(third.person_id, "third", Role.EXAMINER)
        practical_id = practical.id
    the_clock.set(at)
    phone = a_phone("third", at)
    page = phone.page

    _go(phone, f"/duty/practicals/{practical_id}")
    page.locator("fieldset.step").wait_for()
    disputed = page.locator("fieldset.step").count()
    page.get_by_role("button", name="出现，否决").click()
    page.fill("input[name=reason]", "录像可见未验电即作业")
    _photograph(phone, "ruling")
    page.get_by_role("button", name="作出裁定").click()
    page.get_by_text("已评定").wait_for()

    assert disputed == 1
    with app.app_context():
        outcome = the.decided(practical_id).outcome
        assert outcome is not None
        assert not outcome.passed


def test_a_worker_enrols_has_a_ticket_and_finds_the_sealed_exam_there(
    a_phone, app, writing, the_clock
):
    with writing():
        hall = some.a_hall()
        sitting = some.a_sitting(hall)
        lets_sign_in(some.a_candidate(name="报名工人").id, "worker")
        lets_sign_in(some.an_invigilator(hall, sitting).person_id, "watcher", Role.INVIGILATOR)
    worker = a_phone("worker")
    page = worker.page

    _go(worker, "/exams/open")
    page.locator("section.card", has_text="低压电工理论考试").locator("button").click()
    page.wait_for_selector("[data-begin], .tag")
    _photograph(worker, "waiting")
    with writing():
        (place,) = db.session.scalars(select(Candidature)).all()
        decide(place.id, approved=True, reason="符合条件", by=hall.by, at=NOON)
        for move in (SittingMove.CLOSE, SittingMove.SEAT):
            wanted = Wanted(move=move, reason="安排", seed=bytes(32))
            sitting_moves.make(sitting.id, wanted, by=hall.by, at=NOON + timedelta(days=13))
    page.reload()
    page.locator(".tag", has_text="已下载到本机").wait_for()
    page.locator("a.row", has_text="准考证").click()
    page.wait_for_selector("img.qr")
    _photograph(worker, "ticket")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    worker.context.set_offline(True)
    worker.reopen()
    worker.page.wait_for_selector("img.qr")
    seat = worker.page.locator("dd.big").inner_text()

    (kept,) = _found(app, Candidature)
    with app.app_context():
        assert db.session.merge(kept).seat_label == seat
