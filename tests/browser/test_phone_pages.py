"""Every page of the phone app: readable by everybody, in both languages, on a narrow screen."""

from __future__ import annotations

import json

import pytest

from tests.browser.pages import COUNTING, photograph, serious, settle
from tests.browser.phones import SCREEN, Candidate, a_holder, known_password, moved_clock, sign_in
from tests.house import ROOT

pytestmark = pytest.mark.slow

PICTURES = ROOT / "build" / "screenshots" / "phone"

#: Where each page stands; `#` and what follows it.
PAGES = {
    "today": "/",
    "learn": "/learn",
    "daily": "/learn/daily",
    "contests": "/learn/contests",
    "practise": "/learn/practise/all",
    "wrong-questions": "/learn/practise/wrong",
    "mock-exams": "/learn/mocks",
    "exams": "/exams",
    "enrol": "/exams/open",
    "check": "/check",
    "certificates": "/certificates",
    "me": "/me",
    "file": "/me/file",
    "competence": "/me/competence",
    "confirmations": "/me/confirmations",
    "looked": "/me/looked",
    "messages": "/me/messages",
    "devices": "/me/devices",
    "settings": "/me/settings",
}

#: A finger's breadth: whatever is tapped in the app.
TAPPED = ".button, .row, .option, .tabs a, .cells button, .round, .light, .link, .choice label"

TOO_SMALL = """tapped => [...document.querySelectorAll(tapped)]
  .filter((one) => one.getClientRects().length > 0)
  .filter((one) => one.offsetHeight < 44 || one.offsetWidth < 44)
  .map((one) => one.outerHTML.slice(0, 120))"""


@pytest.fixture
def world(built_app, demonstrated, address, writing):
    """Serve the demonstration, whose electrician and a holder sign in."""
    with writing():
        known_password("electrician")
        a_holder()
    return address


def _phone(browser, world, *, language, theme, size=0):
    context = browser.new_context(viewport=SCREEN, device_scale_factor=2, locale="zh-CN")
    context.add_init_script(moved_clock())
    context.add_init_script(COUNTING)
    chosen = json.dumps(json.dumps({"language": language, "size": size, "theme": theme}))
    context.add_init_script(f"localStorage.setItem('safety-settings', {chosen})")
    return Candidate(context, world, context.new_page())


def _judge(phone, name, language):
    """Take a picture, and hold the page to what every page must keep."""
    page = phone.page
    settle(page)
    photograph(page, PICTURES / language / name)
    assert serious(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"], name
    assert page.evaluate(TOO_SMALL, TAPPED) == [], name


@pytest.mark.parametrize(("language", "theme"), [("zh", "light"), ("en", "dark")])
def test_every_page_can_be_read_and_used_by_everybody(phone_browser, world, language, theme):
    phone = _phone(phone_browser, world, language=language, theme=theme)
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url))
    complaints: list[str] = []
    phone.page.on("pageerror", lambda error: complaints.append(str(error)))
    phone.page.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
    )
    phone.page.goto(f"{world}/app/")
    phone.page.wait_for_selector("form")
    _judge(phone, "sign-in", language)
    sign_in(phone.page, world)

    for name, place in PAGES.items():
        phone.page.goto(f"{world}/app/#{place}")
        _judge(phone, name, language)
    _judge_an_exam(phone, language)
    phone.context.close()

    assert complaints == []
    assert all(url.startswith((world, "data:", "blob:")) for url in asked)


def _judge_an_exam(phone, language):
    phone.page.goto(f"{phone.address}/app/#/exams")
    phone.page.click("a.next-exam")
    phone.page.wait_for_selector("[data-begin]")
    _judge(phone, "place", language)
    phone.page.click("[data-begin]")
    phone.page.wait_for_selector("[data-place]")
    _judge(phone, "question", language)
    phone.tap()
    phone.on()
    phone.tap(1)
    phone.page.click("[aria-pressed=false] >> nth=-1")
    phone.page.click("[data-sheet]")
    _judge(phone, "answer-sheet", language)
    phone.page.keyboard.press("Escape")
    phone.context.set_offline(True)
    phone.on()
    phone.tap()
    phone.wait_for_light("bad")
    _judge(phone, "offline", language)
    phone.hand_in()
    phone.page.wait_for_selector("[data-over=wish]")
    _judge(phone, "handing-in-offline", language)
    phone.context.set_offline(False)
    phone.page.wait_for_selector("[data-over=arrived]")
    _judge(phone, "handed-in", language)
    phone.page.click("main a.button")
    phone.page.wait_for_selector("[data-passed]")
    _judge(phone, "result", language)


DUMP = """async () => {
  const read = (request) => new Promise((done) => (request.onsuccess = () => done(request.result)));
  const database = await read(indexedDB.open("safety-phone"));
  const stored = {};
  for (const name of database.objectStoreNames) {
    stored[name] = await read(database.transaction(name).objectStore(name).getAll());
  }
  const locked = stored.attempts.map(({ key }) => key instanceof CryptoKey && !key.extractable);
  const cached = [];
  for (const name of await caches.keys()) {
    const kept = await (await caches.open(name)).keys();
    cached.push(...kept.map(({ url }) => new URL(url).pathname));
  }
  return { stored: JSON.stringify(stored), locked, cached,
           beside: JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]) };
}"""


def test_no_key_no_question_and_no_token_is_left_on_the_phone(phone_browser, world):
    phone = _phone(phone_browser, world, language="zh", theme="light")
    tokens: list[str] = []
    phone.page.on(
        "request", lambda request: tokens.append(request.headers.get("authorization", ""))
    )
    sign_in(phone.page, world)
    phone.begin()
    phone.tap()
    stem = phone.page.inner_text("#stem")
    phone.wait_for_light("good")
    # Looked at before practising, which may ask the same again and keeps what it has asked.
    in_the_exam = phone.page.evaluate(DUMP)
    phone.page.goto(f"{world}/app/#/learn/practise/all")
    phone.page.wait_for_selector(".option")
    practised = phone.page.inner_text(".stem")
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.page.locator(".option").first.click()
    phone.page.wait_for_selector("button.wide")

    found = phone.page.evaluate(DUMP)
    phone.context.close()

    assert found["locked"] == [True]
    assert all(path.startswith("/app/") for path in found["cached"])
    assert "main-" in "".join(found["cached"])
    assert practised in found["stored"], "the dump sees what is there"
    assert stem not in in_the_exam["stored"] + in_the_exam["beside"]
    assert '"key":["' not in found["stored"]
    assert '"explanation"' not in found["stored"]
    given = {one.removeprefix("Bearer ") for one in tokens if one}
    assert given
    assert not any(token in found["stored"] + found["beside"] for token in given)
    assert "refresh_token" not in found["stored"] + found["beside"]


def test_holders_show_their_certificate_without_a_network(phone_browser, world):
    phone = _phone(phone_browser, world, language="zh", theme="light")
    phone.page.goto(f"{world}/app/")
    sign_in(phone.page, world, "holder")
    phone.page.goto(f"{world}/app/#/certificates")
    phone.page.click("a.pass")
    phone.page.wait_for_selector("img.qr")
    _judge(phone, "certificate", "zh")
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    phone.context.set_offline(True)
    phone.reopen()
    phone.page.wait_for_selector("img.qr")

    width = phone.page.evaluate("document.querySelector('img.qr').naturalWidth")
    phone.context.close()
    assert width > 100


def test_a_learner_practises_and_sits_a_mock_exam_in_the_largest_type(phone_browser, world):
    phone = _phone(phone_browser, world, language="zh", theme="auto", size=2)
    page = phone.page
    sign_in(page, world)
    page.goto(f"{world}/app/#/learn/practise/all")
    page.locator(".option").first.click()
    if page.locator("input[type=checkbox]").count():
        page.click("button.wide")
    page.wait_for_selector("[data-verdict]")
    _judge(phone, "verdict-largest", "zh")

    page.goto(f"{world}/app/#/learn/mocks")
    page.locator("section.card button").first.click()
    page.wait_for_selector("fieldset.options")
    page.locator(".option").first.click()
    page.locator("button.wide").last.click()
    page.wait_for_selector("[data-mock-result]")
    _judge(phone, "mock-result-largest", "zh")
    explained = page.locator(".explained").count()
    phone.context.close()

    assert explained == 1
