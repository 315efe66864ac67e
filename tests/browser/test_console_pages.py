"""Every page of the console: readable by everybody, at a desk and on a narrow screen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ViewportSize
from sqlalchemy import select

from certificates.competence.kinds import State
from certificates.competence.models import CompetenceAppraisal, CompetenceCycle
from certificates.models import Certificate
from exams.contests.models import Contest
from exams.models import Exam, PaperSpecification, Qualification, Sitting
from question_bank.models import Law, Question, QuestionBank, QuestionVersion
from server.db import db
from server.organisations.models import Organisation
from server.people.models import Person
from server.training.models import ClassLesson, Programme, TrainingClass
from server.web import app_files
from tests.browser.desks import DESK, NARROW, ROLES, Desk, a_desk
from tests.browser.pages import photograph, serious
from tests.browser.phones import known_password
from tests.factories.record_rooms import count_coverage, furnish
from tests.house import ROOT

pytestmark = pytest.mark.slow

PICTURES = ROOT / "build" / "screenshots" / "console"

#: Who looks at which pages; braces name things of the demonstration.
PAGES = {
    "author": ["/", "/bank/questions", "/bank/questions/{question}", "/bank/import", "/jobs"],
    "reviewer": [
        "/bank/pairs",
        "/bank/pairs/{pair}",
        "/bank/flags",
        "/bank/banks",
        "/bank/banks/{bank}",
        "/rules/laws",
        "/rules/laws/{law}",
        "/rules/syllabuses",
    ],
    "analyst": [
        "/coverage",
        "/coverage/shanxi-special-operations-certified",
        "/coverage/shanxi-special-operations-certified/people",
        "/coverage-requests",
        "/coverage-targets",
        "/coverage-admissions",
        "/coverage-reports",
        "/coverage-indicators/shanxi-special-operations-certified",
    ],
    "provider-manager": [
        "/training/classes",
        "/training/classes/{over}",
        "/training/classes/{over}/lessons/{lesson}",
        "/training/dues?within=365",
        "/training/programmes",
        "/training/programmes/{programme}",
        "/training/appeals",
        "/training/providers/{provider}",
        "/training/quality?since=2026-01-01",
        "/training/quality/provider/{provider}?since=2026-01-01",
    ],
    "planner": [
        "/exams/specifications",
        "/exams/specifications/new",
        "/exams/specifications/{specification}",
        "/exams/plans",
        "/exams/sittings",
        "/exams/sittings/{sitting}",
        "/exams/candidatures",
        "/exams/exams",
        "/exams/centres",
        "/exams/centres/{centre}",
        "/exams/contests",
        "/exams/contests/{contest}",
    ],
    "invigilator": ["/exams/exams/{exam}"],
    "examiner": ["/exams/appeals", "/exams/asked", "/exams/regrades"],
    "issuer": [
        "/exams/overrides",
        "/certificates/register",
        "/certificates/register/{certificate}",
        "/certificates/applications",
        "/certificates/issuers",
        "/certificates/undecided",
        "/certificates/batches",
        "/training/confirmations",
        "/training/providers",
        "/training/experts",
        "/competence/selection",
        "/rules/certificates",
    ],
    "auditor": ["/audit"],
    "leader": [
        "/competence/appraisals",
        "/competence/appraisals/{concluded}",
        "/competence/appraisals/{appraisal}",
        "/competence/cycles",
        "/competence/cycles/{cycle}",
        "/competence/frameworks",
        "/competence/frameworks/{framework}",
        "/people/people/{appraised}",
    ],
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
        "/people/doubles/{merged}",
        "/people/accounts",
        "/people/accounts/{account}",
        "/coverage-indicators/new",
        "/rules/hours",
        "/rules/standards?qualification_id={qualification}",
    ],
}

#: How wide a page is once what it draws itself has followed the size of its box.
_WIDTH = """() => new Promise((tell) => requestAnimationFrame(() => requestAnimationFrame(
    () => tell(document.documentElement.scrollWidth))))"""

#: What stands beside the screen, and is not in a frame that scrolls by itself.
_BESIDE = """[...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > innerWidth && !one.closest(".table-frame"))
    .slice(0, 6).map((one) => one.outerHTML.slice(0, 120))"""

#: Between a desk and the narrowest phone; of it no picture is kept.
TABLET: ViewportSize = {"width": 768, "height": 1024}

#: Who keeps the bank; nobody else is ever told a key.
_KEEPERS = ("author", "reviewer")

#: How a key or its explanation would stand in a reply.
_KEY = re.compile(r'"key":\s*\["|"explanation":')

#: Keeps what the server replies, for this test to look through.
_LISTEN = """(() => {
  const asked = fetch;
  globalThis.said = [];
  globalThis.fetch = async (...what) => {
    const reply = await asked(...what);
    said.push(await reply.clone().text());
    return reply;
  };
})();"""

#: Whatever this origin keeps on the machine, as text.
_KEPT = """async () => {
  const read = (one) => new Promise((done) => (one.onsuccess = () => done(one.result)));
  const kept = [{ ...localStorage }, { ...sessionStorage }, document.cookie];
  for (const { name } of await indexedDB.databases()) {
    const database = await read(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      kept.push(await read(database.transaction(store).objectStore(store).getAll()));
    }
  }
  return JSON.stringify([kept, await caches.keys()]);
}"""


@pytest.fixture
def world(built_app, demonstrated, address, writing):
    """Serve the demonstration, and say what stands in it."""
    if not (app_files.CONSOLE / "index.html").exists():
        pytest.skip("UNPROVED: the console is not built; run make web")
    with writing():
        for role in ROLES:
            known_password(role)
        furnished = furnish()
        things: dict[str, Any] = {
            "question": Question,
            "bank": QuestionBank,
            "specification": PaperSpecification,
            "exam": Exam,
            "contest": Contest,
            "sitting": Sitting,
            "person": Person,
            "certificate": Certificate,
            "law": Law,
            "programme": Programme,
            "qualification": Qualification,
        }
        found = {name: db.session.scalars(select(one.id)).first() for name, one in things.items()}
        centre = select(Organisation.id).where(Organisation.kind == "test_centre")
        found["centre"] = db.session.scalars(centre).first()
        stem = select(QuestionVersion.stem).where(QuestionVersion.question_id == found["question"])
        found["stem"] = db.session.scalars(stem).first()
        over = select(TrainingClass).where(TrainingClass.closed_at.is_not(None))
        taught = db.session.scalars(over).one()
        found |= {"over": taught.id, "provider": taught.provider_id}
        lesson = select(ClassLesson.id).where(ClassLesson.class_id == taught.id)
        found["lesson"] = db.session.scalars(lesson).first()
        found |= _appraisals()
        found |= {name: furnished[name] for name in ("merged", "pair", "account")}
    with demonstrated.app_context():
        count_coverage()
    return address, found


def _appraisals() -> dict[str, Any]:
    """Return an evaluation with a result, one in which two differ, and what they belong to."""
    every = {one.state: one for one in db.session.scalars(select(CompetenceAppraisal))}
    cycle = db.session.scalars(select(CompetenceCycle)).one()
    concluded = every[State.CONCLUDED]
    return {
        "concluded": concluded.id,
        "appraised": concluded.person_id,
        "appraisal": every[State.OPEN].id,
        "cycle": cycle.id,
        "framework": cycle.framework_id,
    }


def test_every_page_of_the_console_can_be_read_and_used_by_everybody(phone_browser, world):
    address, found = world
    desk = a_desk(phone_browser, address)
    desk.context.add_init_script(_LISTEN)
    looks = [("zh", "light"), ("en", "dark")]
    for role, places in PAGES.items():
        desk.sit(role)
        for place in places:
            desk.go(place.format(**found))
            assert desk.page.locator("main .failure").all_inner_texts() == [], place
            name = re.sub(r"[?=].*|[{}]", "", f"{role}{place.replace('/', '-')}")
            _look_at(desk, name, looks)
            looks.reverse()
        replies = desk.page.evaluate("said")
        assert len(replies) >= len(places)
        assert role in _KEEPERS or not [one[:200] for one in replies if _KEY.search(one)], role
    kept = desk.page.evaluate(_KEPT)
    desk.context.close()

    assert desk.complaints == []
    assert "safety-settings" in kept, "it sees what is there"
    assert found["stem"] not in kept
    assert not re.search(r"stem|access_token|refresh_token|eyJ|safety-phone-", kept)


def test_the_search_for_keys_finds_one_where_it_may_be(phone_browser, world):
    """Whoever reviews is told keys: so the search above would see one that leaks."""
    address, found = world
    desk = a_desk(phone_browser, address)
    desk.context.add_init_script(_LISTEN)
    desk.sit("reviewer")
    desk.go(f"/bank/questions/{found['question']}")

    replies = desk.page.evaluate("said")
    desk.context.close()

    assert any(_KEY.search(one) and found["stem"] in one for one in replies)


def _look_at(desk: Desk, name: str, looks: list[tuple[str, str]]) -> None:
    """Hold a page to what all keep, and take its picture in both languages and sizes.

    It begins as the page before ended, so that little is turned and resized: half of the pages
    are judged in light Chinese, half in dark English.
    """
    first, second = (language for language, _ in looks)
    assert serious(desk.page) == [], name
    _fits(desk, NARROW, name, PICTURES / first / f"{name}-narrow")
    _fits(desk, TABLET, name, None)
    _fits(desk, DESK, name, PICTURES / first / f"{name}-desk")
    desk.turn(language=second, theme=looks[1][1])
    photograph(desk.page, PICTURES / second / f"{name}-desk")
    _fits(desk, NARROW, name, PICTURES / second / f"{name}-narrow")


def _fits(desk: Desk, size: ViewportSize, name: str, picture: Path | None) -> None:
    """See that nothing of a page stands beside a screen of this size; keep a picture of it."""
    desk.page.set_viewport_size(size)
    wide = desk.page.evaluate(_WIDTH)
    assert wide <= size["width"], (name, size, desk.page.evaluate(_BESIDE))
    if picture is not None:
        photograph(desk.page, picture)
