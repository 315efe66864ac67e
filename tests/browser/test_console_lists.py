"""Every list of the console as a file: names instead of ids, and filters or why there are none."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator

from tests.browser.desks import a_desk
from tests.browser.exports import files, unread
from tests.browser.test_console_pages import PAGES, world
from tests.factories import exams as a
from tests.factories.sitting import answer, submit

__all__ = ["world"]

pytestmark = pytest.mark.slow

#: Pages besides those of `PAGES` on which lists stand, by who opens them.
FURTHER = {
    "planner": ["/exams/exams/{sat}"],
    "invigilator": ["/exams/exams/{sat}"],
    "examiner": ["/exams/exams/{sat}", "/exams/sittings/{sitting}", "/exams/plans"],
    "auditor": ["/exams/sittings", "/exams/plans"],
    "provider-manager": ["/exams/sittings/{sitting}"],
    "leader": ["/training/classes"],
}


@pytest.fixture
def sat(world, writing):
    """Store an exam at the centre of the demonstration: one handed in, one still answers."""
    with writing():
        scene = a.an_exam(organisation_id=world[1]["centre"])
        handed_in, _ = (a.an_attempt(scene) for _ in range(2))
        answer(handed_in, right=80)
        submit(handed_in)
        return scene.exam.id


def test_every_list_is_narrowed_and_exported_with_names_and_words(phone_browser, world, sat):
    address, found = world[0], world[1] | {"sat": sat}
    desk = a_desk(phone_browser, address)
    wrong: list[tuple[str, ...]] = []
    exported: set[str] = set()
    for role in PAGES:
        desk.sit(role)
        for place in (*PAGES[role], *FURTHER.get(role, ())):
            desk.go(place.format(**found))
            for one in desk.page.locator("main .list").all():
                wrong += [(role, place, "no filter")] * (not _is_narrowed(one))
            for name, rows in files(desk):
                exported.add(name)
                wrong += [(role, place, name, *what) for what in unread(rows)]
    desk.context.close()

    assert wrong == []
    assert len(exported) >= 30, sorted(exported)
    assert {"成绩", "答卷", "考生", "审计记录", "学员", "考勤", "授权", "单位"} <= exported


def test_a_column_of_ids_or_of_a_programs_words_would_be_seen():
    rows = [
        ["姓名", "单位", "通过", "编号"],
        ["王工", "c3f1c1f0-5a36-4d0a-9be5-0f4c3f6e2b11", "true", "3f2a9c01"],
        ["李工", "", "false", "9b1d0042"],
    ]

    assert [head for head, *_ in unread(rows)] == ["单位", "通过", "编号"]


def _is_narrowed(one: Locator) -> bool:
    """Say whether a list has filters, or says why nobody needs them."""
    if one.get_attribute("data-unfiltered"):
        return True
    return one.locator("form.filters [name], form.filters select").count() > 0
