"""A safety officer sees who may not work and why, and enters what was taught: they may then."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from server.db import db
from server.policy import Role
from server.records.entries import RecordKind
from server.records.models import Record
from server.web import app_files
from tests.browser.desks import a_desk
from tests.browser.offered import unpressed
from tests.browser.pages import photograph, serious, settle
from tests.browser.phones import SCREEN, lets_sign_in
from tests.factories.organisations import an_organisation
from tests.factories.people import a_person, a_post
from tests.house import ROOT

pytestmark = pytest.mark.slow

PICTURES = ROOT / "build" / "screenshots" / "inductions"


@pytest.fixture
def employed(writing):
    """Store a plant with a workshop, two newcomers who were taught nothing, and its officer."""
    with writing():
        plant = an_organisation(name="某装备制造厂")
        workshop = an_organisation(plant, name="焊接车间")
        officer = a_person(plant, name="赵安")
        for name in ("王建国", "李明"):
            a_post(a_person(plant, name=name), workshop, from_on=date(2026, 6, 1))
        lets_sign_in(officer.id, "officer", Role.ENTERPRISE_SAFETY_OFFICER)


def entered(app):
    with app.app_context():
        found = select(Record.content).where(Record.kind == RecordKind.TRAINING)
        return [
            (one["purpose"], one.get("level"), one["hours"], one["passed"], one["trainers"])
            for one in db.session.scalars(found)
        ]


def test_an_officer_enters_the_induction_of_newcomers_and_they_may_work(
    phone_browser, built_app, app, employed, address
):
    if not (app_files.CONSOLE / "index.html").exists():
        pytest.skip("UNPROVED: the console is not built; run make web")
    desk = a_desk(phone_browser, address)
    page = desk.page
    desk.sit("officer")
    desk.go("/training/on-post?may_work=false")
    rows = page.locator("tbody tr")
    rows.nth(1).wait_for()
    page.locator("tbody td", has_text="王建国").first.wait_for()
    assert page.locator("tbody .tag.bad", has_text="不可上岗").count() == 2
    _looked_at(page, "list")

    for at in range(2):
        rows.nth(at).locator("input[type=checkbox]").check()
    page.get_by_role("button", name="为所选 2 个岗位的人登记安全教育").click()
    desk.fill(level="三级一并", hours="24.0", trainers="张师傅\n李师傅", result="合格")
    _looked_at(page, "form")
    page.locator("dialog .form-foot button").last.click()
    page.locator("dialog .tag.good", has_text="已登记 2").wait_for()
    page.locator("dialog .form-foot button").last.click()
    page.get_by_text("没有符合筛选条件的记录").wait_for()

    assert entered(app) == [("induction", None, "24.0", True, ["张师傅", "李师傅"])] * 2
    desk.go("/training/on-post?may_work=true")
    rows.nth(1).wait_for()
    assert page.locator("tbody .tag.good", has_text="可以上岗").count() == 2
    desk.move(
        "登记安全教育",
        in_row="李明",
        purpose="四新教育",
        programme="激光焊机操作",
        hours="4.0",
        result="未考核",
    )
    assert ("new_technology", None, "4.0", None, []) in entered(app)
    desk.context.close()
    assert desk.complaints == []
    assert unpressed(app, "inductions", desk.asked) == []


def _looked_at(page, name):
    """Look at what the screen shows at a desk and at the width of a phone."""
    desk = page.viewport_size
    for size in (desk, SCREEN):
        page.set_viewport_size(size)
        settle(page)
        photograph(page, PICTURES / f"{name}-{size['width']}")
        assert serious(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.set_viewport_size(desk)
