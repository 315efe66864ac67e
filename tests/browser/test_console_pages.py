"""Every page of the console: readable by everybody, at a desk and on a narrow screen."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import select

from certificates.models import Certificate
from exams.models import Exam, PaperSpecification
from question_bank.models import Question, QuestionBank
from server.db import db
from server.organisations.models import Organisation
from server.people.models import Person
from server.web import app_files
from tests.browser.desks import DESK, NARROW, ROLES, Desk, a_desk
from tests.browser.phones import known_password
from tests.house import ROOT

pytestmark = pytest.mark.slow

PICTURES = ROOT / "build" / "screenshots" / "console"

#: Who looks at which pages; braces name things of the demonstration.
PAGES = {
    "author": ["/", "/bank/questions", "/bank/questions/{question}", "/bank/import", "/jobs"],
    "reviewer": ["/bank/pairs", "/bank/flags", "/bank/banks", "/bank/banks/{bank}"],
    "analyst": [
        "/coverage",
        "/coverage/shanxi-special-operations-certified",
        "/coverage/shanxi-special-operations-certified/people",
        "/coverage-requests",
        "/coverage-targets",
    ],
    "planner": [
        "/exams/specifications",
        "/exams/specifications/new",
        "/exams/specifications/{specification}",
        "/exams/plans",
        "/exams/sittings",
        "/exams/candidatures",
        "/exams/exams",
        "/exams/centres",
        "/exams/centres/{centre}",
    ],
    "invigilator": ["/exams/exams/{exam}"],
    "examiner": ["/exams/appeals", "/exams/regrades"],
    "issuer": [
        "/exams/overrides",
        "/certificates/register",
        "/certificates/register/{certificate}",
        "/certificates/applications",
        "/certificates/issuers",
        "/certificates/rules",
    ],
    "auditor": ["/audit"],
    "administrator": [
        "/",
        "/notices",
        "/people/organisations",
        "/people/organisations/{centre}",
        "/people/people",
        "/people/people/{person}",
        "/people/search",
        "/people/import",
        "/people/doubles",
        "/people/accounts",
    ],
}

#: What stands beside the screen, and is not in a frame that scrolls by itself.
_BESIDE = """[...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > innerWidth && !one.closest(".table-frame"))
    .slice(0, 6).map((one) => one.outerHTML.slice(0, 120))"""

#: A desk, and the narrowest phone.
_SIZES = ((DESK, "desk"), (NARROW, "narrow"))


@pytest.fixture
def world(built_app, demonstrated, address, writing):
    """Serve the demonstration, and say what stands in it."""
    if not (app_files.CONSOLE / "index.html").exists():
        pytest.skip("UNPROVED: the console is not built; run make web")
    with writing():
        for role in ROLES:
            known_password(role)
        things: dict[str, Any] = {
            "question": Question,
            "bank": QuestionBank,
            "specification": PaperSpecification,
            "exam": Exam,
            "person": Person,
            "certificate": Certificate,
        }
        found = {name: db.session.scalars(select(one.id)).first() for name, one in things.items()}
        centre = select(Organisation.id).where(Organisation.kind == "test_centre")
        found["centre"] = db.session.scalars(centre).first()
    return address, found


def test_every_page_of_the_console_can_be_read_and_used_by_everybody(phone_browser, world):
    address, found = world
    desk = a_desk(phone_browser, address)
    for language in ("zh", "en"):
        (PICTURES / language).mkdir(parents=True, exist_ok=True)
    for role, places in PAGES.items():
        desk.sit(role)
        for place in places:
            desk.go(place.format(**found))
            assert desk.page.locator("main .failure").all_inner_texts() == [], place
            name = f"{role}{place.replace('/', '-').replace('{', '').replace('}', '')}"
            _photograph(desk, "zh", name)
            assert _serious(desk) == [], place
            desk.turn(language="en", theme="dark")
            _photograph(desk, "en", name)
            desk.turn(language="zh", theme="light")
    desk.context.close()

    assert desk.complaints == []


def _photograph(desk: Desk, language: str, name: str) -> None:
    """Take the page's picture in both sizes; nothing of it may stand beside the screen."""
    for size, called in _SIZES:
        desk.page.set_viewport_size(size)
        desk.page.screenshot(path=PICTURES / language / f"{name}-{called}.png")
        wide = desk.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"], (name, called, language, desk.page.evaluate(_BESIDE))
    desk.page.set_viewport_size(DESK)


def _serious(desk: Desk) -> list[Any]:
    """Return what keeps somebody from using the page."""
    return [
        (one["id"], [node["html"][:140] for node in one["nodes"]])
        for one in Axe().run(desk.page).response["violations"]
        if one["impact"] in ("serious", "critical")
    ]
