"""What each role comes to the console for, worked through; the record is the judge."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from certificates import watching
from certificates.models import Certificate
from server import clock
from server.db import db
from server.people.models import Person
from server.policy import Role
from server.training.models import Attendance, TrainingClass
from server.web import app_files
from tests.browser.desks import ROLES, a_desk, choose
from tests.browser.offered import unpressed
from tests.browser.pages import photograph, settle
from tests.browser.phones import known_password, lets_sign_in
from tests.factories.rosters import a_person
from tests.house import ROOT

pytestmark = pytest.mark.slow

PICTURES = ROOT / "build" / "screenshots" / "console" / "journeys"


@pytest.fixture
def desk(phone_browser, built_app, address):
    """Open one browser at one desk, who complains of nothing at the end."""
    if not (app_files.CONSOLE / "index.html").exists():
        pytest.skip("UNPROVED: the console is not built; run make web")
    opened = a_desk(phone_browser, address)
    opened.context.set_default_timeout(120_000)
    yield opened
    opened.context.close()
    assert opened.complaints == []


@pytest.fixture
def staffed(demonstrated, writing):
    """Let everybody of the demonstration sign in with the password of tests."""
    with writing():
        for role in ROLES:
            known_password(role)
    return demonstrated


def _photograph(desk, name):
    settle(desk.page)
    photograph(desk.page, PICTURES / name)


def _found(app, statement):
    with app.app_context():
        return list(db.session.scalars(statement))


def test_an_officer_proposes_a_batch_and_another_looks_at_samples_and_issues(
    desk, staffed, writing, run_jobs
):
    with writing():
        second = a_person(name="第二发证员")
        lets_sign_in(second.id, "second-officer", Role.ISSUER)
        taken = select(Certificate.person_id)
        people = db.session.scalars(select(Person.name).where(Person.id.not_in(taken)).limit(2))
        names = list(people)
    (before,) = _found(staffed, select(func.count()).select_from(Certificate))
    page = desk.page

    desk.sit("issuer")
    desk.go("/certificates/batches")
    page.get_by_role("button", name="提出一批").click()
    desk.fill(issuer_id="示范", qualification_id="主要负责人", by="逐人选定")
    for name in names:
        choose(page.locator("dialog [name=person_id]").last, name)
        page.get_by_role("button", name="添加 · 人员").click()
    page.locator("dialog").get_by_role("button", name="移除").last.click()
    desk.fill(reason="纸质档案补录，已核对原件")
    desk.send()
    page.wait_for_url("**/certificates/batches/*-*")
    place = page.url.rsplit("#", 1)[-1]
    desk.sit("second-officer")
    desk.go(place)
    for at in range(len(names)):
        desk.move("相符")
        page.locator("td .tag.good", has_text="相符").nth(at).wait_for()
    desk.move("批准签发", reason="抽样全部相符")
    run_jobs()
    page.locator(".figure.good", has_text="已签发").wait_for()
    _photograph(desk, "batch-issued")
    desk.move("打印", form="卡证拼版")
    page.wait_for_url("**/jobs/*-*")
    run_jobs()
    with page.expect_download() as printed:
        page.get_by_role("button", name="下载").first.click()
    _photograph(desk, "batch-printed")

    assert unpressed(staffed, "a batch", desk.asked) == []
    assert printed.value.path().read_bytes().startswith(b"%PDF")
    assert _found(staffed, select(func.count()).select_from(Certificate)) == [before + 2]


def test_a_bureau_goes_from_the_figure_to_the_people_and_takes_the_list_along(desk, staffed):
    page = desk.page
    with staffed.app_context():
        watching.work_off(clock.now())
    desk.sit("analyst")
    desk.go("/coverage")
    page.locator(".tiles a", has_text="严格执行特种作业人员持证上岗").first.click()
    page.locator("h1").wait_for()
    _photograph(desk, "indicator")
    page.get_by_role("link", name="查看名单").click()
    page.locator("tbody tr").first.wait_for()
    with page.expect_download() as taken:
        page.get_by_role("button", name="导出 CSV").click()
    text = taken.value.path().read_text("utf-8-sig")
    page.get_by_role("button", name="发整改通知").first.click()
    desk.fill(due_on="2026-09-30", note="请于期限内安排缺证人员培训考核")
    desk.send()
    desk.go("/coverage-requests")
    page.locator("tbody tr").first.wait_for()

    assert text.splitlines()[0].startswith("姓名,证件号码")
    assert len(text.splitlines()) > 2
    assert "***" in text


def test_a_provider_plans_a_class_for_who_is_due_and_enters_who_was_there(desk, staffed, the_clock):
    page = desk.page
    desk.sit("provider-manager")
    desk.go("/training/classes")
    desk.move(
        "办班",
        provider_id="示范安全培训中心",
        programme_id="从业人员年度再培训",
        name="年度再培训第三期",
        starts_on="2026-06-15",
        ends_on="2026-06-17",
        capacity="20",
        run_by_id="",
    )
    page.wait_for_url("**/training/classes/*-*")
    place = page.url.rsplit("#", 1)[-1]
    desk.move(
        "排课",
        subject="法律法规",
        title="安全生产法",
        starts_at="2026-06-15T18:00",
        ends_at="2026-06-15T19:30",
        hours="2",
        teacher_id="",
        room_id="示范第一教室",
    )
    page.locator(".lesson").wait_for()
    desk.go("/training/dues?within=365")
    page.locator("tbody input[type=checkbox]").first.check()
    page.get_by_role("button", name="所选 1 项加入培训班").click()
    desk.fill(class_id="年度再培训第三期")
    page.locator("dialog .form-foot button").last.click()
    page.locator("dialog .tag", has_text="已加入").wait_for()
    page.locator("dialog .form-foot button").last.click()
    desk.go(place)
    page.locator(".lesson a").click()
    page.locator("tbody input[type=checkbox]").first.check()
    page.get_by_role("button", name="补录 1 人到课").click()
    page.locator("tbody .tag", has_text="教师点名").wait_for()
    _photograph(desk, "attendance")

    (made,) = _found(staffed, select(TrainingClass).where(TrainingClass.name == "年度再培训第三期"))
    there = _found(staffed, select(Attendance.person_id))
    assert unpressed(staffed, "a class", desk.asked) == []
    assert made.mode.value == "classroom"
    assert len(there) > 9
