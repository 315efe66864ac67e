"""The page of the state on a narrow phone: also when nobody answers."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from server.db import db
from server.notices.models import Notice, Urgency
from tests.moments import NOON


def test_it_tells_the_state_and_notices_and_that_nobody_answers(app, writing, phone, page, address):
    with writing():
        notice = Notice(
            urgency=Urgency.TROUBLE,
            title_zh="登录较慢",
            title_en="Signing in is slow",
            body_zh="正在处理，考试不受影响。",
            body_en="It is being mended; exams go on.",
            from_at=NOON,
            until_at=NOON + timedelta(hours=2),
            published_by_id=uuid4(),
            published_at=NOON,
        )
        db.session.add(notice)
    app.extensions["group_commit"]._troubled_at = float("-inf")
    page.set_viewport_size({"width": 360, "height": 740})

    page.goto(f"{address}/status")
    expect(page.locator("#state")).to_have_text(re.compile("运行正常"))
    expect(page.get_by_text("登录较慢")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert Axe().run(page).response["violations"] == []

    page.clock.install()
    page.reload()
    expect(page.locator("#state")).to_have_text(re.compile("运行正常"))
    phone.set_offline(True)
    page.clock.run_for(21_000)
    expect(page.locator("#state")).to_have_text(re.compile("无法连接服务器"))
    expect(page.get_by_text("登录较慢")).to_be_visible()  # what was known stays
    assert Axe().run(page).response["violations"] == []
