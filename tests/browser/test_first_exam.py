"""From an empty installation to the first exam that was sat: everything pressed in the browser.

Only the first administrator and the passwords are stored beforehand, as `flask` makes them.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from exams.models import Candidature, Sitting
from server.auth.models import Account
from server.db import db
from server.organisations.models import Organisation
from server.people.models import Person
from server.policy import Role
from server.web import app_files
from tests.browser.desks import a_desk, choose
from tests.browser.offered import unpressed
from tests.browser.pages import photograph, settle
from tests.browser.phones import attempts, known_password, lets_sign_in
from tests.factories.organisations import a_credit_code
from tests.factories.rosters import a_person
from tests.house import ROOT
from tests.moments import NOON

pytestmark = pytest.mark.slow

PICTURES = ROOT / "build" / "screenshots" / "first-exam"

#: What a bureau has in its drawer: twelve sound questions, and one whose key is missing.
STEMS = (
    "行政执法人员执法时应当主动出示证件。",
    "查封扣押的期限一般不得超过三十日。",
    "当事人有权陈述和申辩。",
    "较大数额罚款前应当告知听证权利。",
    "现场检查记录由被检查单位负责人签名。",
    "重大事故隐患排除前应当责令撤出人员。",
    "罚款决定与罚款收缴应当分离。",
    "生产安全事故分为四个等级。",
    "举报人的信息应当严格保密。",
    "危险化学品经营实行许可制度。",
    "证据先行登记保存应当在七日内处理。",
    "未经培训合格不得安排上岗作业。",
)
QUESTIONS = "题干,题型,A,B,答案,知识点\n" + "".join(
    f"{stem},判断题,正确,错误,A,执法程序\n" for stem in STEMS
)
BROKEN = "高处作业不系安全带可以吗？,单选题,可以,不可以,,高处作业\n"

#: The sitting: noon of a Tuesday fifteen days ahead, and when its doors open.
OPENS = NOON + timedelta(days=15)
DOORS = OPENS - timedelta(hours=1)


@pytest.fixture
def desk(phone_browser, built_app, address, furnished, writing):
    """Seat the first administrator, and a reviewer, for nobody reviews what they wrote."""
    if not (app_files.CONSOLE / "index.html").exists():
        pytest.skip("UNPROVED: the console is not built; run make web")
    with writing():
        roles = (Role.ADMINISTRATOR, Role.AUTHOR, Role.PLANNER)
        lets_sign_in(a_person(name="首任管理员").id, "first", *roles)
        lets_sign_in(a_person(name="审题人").id, "second", Role.REVIEWER)
    opened = a_desk(phone_browser, address)
    yield opened
    opened.context.close()
    assert opened.complaints == []


def _photograph(desk, name):
    settle(desk.page)
    photograph(desk.page, PICTURES / name)


def _found(app, statement):
    with app.app_context():
        return list(db.session.scalars(statement))


def test_a_bureau_comes_from_nothing_to_its_first_exam(
    desk, a_phone, app, writing, the_clock, run_jobs, tmp_path
):
    desk.sit("first")
    _see_what_is_to_be_done(desk)
    _register_organisations(desk)
    _register_people(desk, app, writing)
    _bring_questions(desk, run_jobs, tmp_path)
    _write_a_specification(desk)
    _approve_a_centre(desk)
    _plan_a_sitting(desk)
    _let_somebody_apply(desk, a_phone)
    _seat(desk, the_clock)
    attempt_id = _sit_it(desk, a_phone, the_clock)
    desk.go("/")
    desk.page.locator(".steps > li.done").nth(8).wait_for()
    _photograph(desk, "all-steps-done")

    assert unpressed(app, "first exam", desk.asked) == []
    (attempt,) = attempts(app)
    assert (str(attempt.id), attempt.state.value) == (attempt_id, "graded")
    (place,) = _found(app, select(Candidature))
    (sitting,) = _found(app, select(Sitting))
    assert (sitting.state.value, place.attendance.value) == ("running", "present")
    names = set(_found(app, select(Organisation.name)))
    assert {"滨江区应急管理局", "滨江区考试点"} <= names


def _see_what_is_to_be_done(desk):
    desk.go("/")
    assert desk.page.locator(".steps > li").count() == 10
    assert desk.page.locator(".steps > li.done").count() <= 2
    _photograph(desk, "first-run")
    desk.page.locator(".steps a", has_text="去办理").first.click()
    desk.page.locator("h1").wait_for()


def _register_organisations(desk):
    page = desk.page
    for kind, name in (("监管部门", "滨江区应急管理局"), ("考试点", "滨江区考试点")):
        desk.go("/people/organisations")
        page.get_by_role("button", name="登记单位", exact=True).click()
        desk.fill(kind=kind, name=name, credit_code=a_credit_code())
        for region in ("浙江省", "杭州市", "滨江区"):
            choose(page.locator("dialog [name=region_id]"), region)
        desk.send()
        page.locator("h1", has_text=name).wait_for()


def _register_people(desk, app, writing):
    """An officer who is to be examined, and a watcher with a role; both get accounts."""
    page = desk.page
    for number, (name, place, sign_in_name) in enumerate(
        (("王执法", "滨江区应急管理局", "officer"), ("李监考", "滨江区考试点", "watcher"))
    ):
        desk.go("/people/people")
        desk.move(
            "登记人员",
            name=name,
            document_type="护照",
            document_number=f"E1234567{number}",
            registered_under_id=place,
            sex="男",
            birth_on="1990-03-02",
        )
        page.locator("h1", has_text=name).wait_for()
        role = "监管执法人员" if place.endswith("局") else "其他从业人员"
        desk.move("任职", organisation_id=place, role=role, from_on="2026-01-05")
        desk.go("/people/accounts")
        page.get_by_role("button", name="开通账户", exact=True).click()
        desk.fill(person_id=name, sign_in_name=sign_in_name)
        page.locator("dialog .form-foot button").last.click()
        assert page.locator("dialog .big code").inner_text()
        page.locator("dialog .form-foot button").click()
    page.locator("tbody a", has_text="watcher").click()
    desk.move("授权", role="监考员", organisation_id="滨江区考试点", from_on="2026-06-15")
    _photograph(desk, "account")
    with writing():
        for name in ("officer", "watcher"):
            known_password(name)
            account = db.session.scalars(select(Account).where(Account.sign_in_name == name)).one()
            account.first_password_until = None
    assert len(_found(app, select(Person).where(Person.name.in_(("王执法", "李监考"))))) == 2


def _bring_questions(desk, run_jobs, tmp_path):
    page = desk.page
    file = tmp_path / "questions.csv"
    file.write_text(QUESTIONS + BROKEN, "utf-8")
    desk.go("/bank/banks")
    desk.move("新建题库", name="执法题库", owner_id="滨江区应急管理局")
    desk.go("/bank/import")
    choose(page.locator("[name=bank_id]"), "执法题库")
    page.get_by_label("监管执法人员").check()
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="上传并预览").click()
    page.wait_for_url("**/bank/import/*")
    run_jobs()
    page.get_by_role("button", name="写入 12 题").wait_for()
    _photograph(desk, "import-previewed")
    desk.move("写入 12 题")
    run_jobs()
    desk.move("全部送审")
    place = page.url.rsplit("#", 1)[-1]
    desk.sit("second")
    desk.go(place)
    desk.move("全部发布")
    desk.sit("first")


def _write_a_specification(desk):
    page = desk.page
    desk.go("/exams/specifications")
    page.get_by_role("link", name="新建组卷方案").first.click()
    page.locator("[name=count]").first.wait_for()
    desk.fill(name="执法人员理论", qualification_id="执法", organisation_id="滨江区考试点")
    for _ in range(2):
        page.get_by_role("button", name="移除").last.click()
    desk.fill(count="2", points="50")
    page.get_by_role("button", name="保存并查看能否组卷").click()
    page.wait_for_url("**/exams/specifications/*-*")
    page.locator(".tag.good", has_text="可以组卷").wait_for()
    _photograph(desk, "specification")


def _approve_a_centre(desk):
    page = desk.page
    desk.go("/exams/centres")
    page.locator("tbody a", has_text="滨江区考试点").click()
    desk.move("批准", from_on="2026-01-01", until_on="2027-12-31", document="滨应急〔2026〕1号")
    desk.move("登记考场", name="第一考场", address="一号楼201", row_count="2", column_count="4")
    page.locator(".seat").first.wait_for()


def _plan_a_sitting(desk):
    desk.go("/exams/plans")
    desk.move(
        "编制计划",
        name="六月执法考试",
        organisation_id="滨江区考试点",
        qualification_id="执法",
        specification_id="执法人员理论",
        from_on="2026-06-01",
        until_on="2026-07-31",
    )
    desk.go("/exams/sittings")
    desk.move(
        "安排场次",
        plan_id="六月执法考试",
        name="执法理论第一场",
        centre_id="滨江区考试点",
        room_ids=["第一考场"],
        enrolment_opens_at="2026-06-15T11:00",
        enrolment_closes_at="2026-06-26T18:00",
        opens_at="2026-06-30T12:00",
        closes_at="2026-06-30T15:00",
    )
    desk.page.wait_for_url("**/exams/sittings/*-*")
    desk.move("开放报名")
    desk.move("安排人员", person_id="李监考", duty="监考", room="第一考场")


def _let_somebody_apply(desk, a_phone):
    page = desk.page
    phone = a_phone("officer")
    phone.page.goto(f"{phone.address}/app/#/exams/open")
    card = phone.page.locator("section.card", has_text="执法理论第一场")
    settle(phone.page)
    photograph(phone.page, PICTURES / "enrol")
    card.locator("button").click()
    phone.page.locator(".tag", has_text="待审核").wait_for()
    phone.context.close()
    page.reload()
    desk.move("通过", reason="材料齐全，符合报考条件")


def _seat(desk, the_clock):
    the_clock.set(NOON + timedelta(days=13))
    desk.move("截止报名")
    desk.move("编排座位")
    desk.page.locator(".seat.taken").first.wait_for()
    _photograph(desk, "seated")


def _sit_it(desk, a_phone, the_clock):
    the_clock.set(DOORS)
    desk.move("开始场次")
    watcher = a_phone("watcher", DOORS)
    watcher.page.goto(f"{watcher.address}/app/#/duty")
    watcher.page.locator("a.row", has_text="第一考场").click()
    watcher.page.locator("[data-person]").first.click()
    watcher.page.click("[data-let-in]")
    watcher.page.wait_for_selector("[data-outbox='0']")
    the_clock.set(OPENS)
    watcher.page.locator(".act-button", has_text="现在开始").click()
    watcher.page.locator("dialog[open] .chip").first.click()
    watcher.page.locator("dialog[open] form.act button.wide").click()
    watcher.page.locator("dialog[open] button.wide").click()
    candidate = a_phone("officer", OPENS)
    attempt_id = candidate.begin()
    candidate.tap()
    candidate.on()
    candidate.tap()
    candidate.wait_for_light("good")
    photograph(candidate.page, PICTURES / "question")
    candidate.hand_in()
    candidate.page.wait_for_selector("[data-over=arrived]")
    candidate.page.click("main a.button")
    candidate.page.wait_for_selector("[data-passed]")
    photograph(candidate.page, PICTURES / "result")
    desk.page.get_by_role("link", name="考场实况").click()
    desk.page.locator("h2", has_text="成绩统计").wait_for()
    _photograph(desk, "outcomes")
    return attempt_id
