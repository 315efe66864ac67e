"""A browser of the size of a phone, and a server on this machine for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from server.web import app_files
from tests.browser.pages import COUNTING
from tests.browser.phones import SCREEN, Candidate, an_enrolled_electrician, moved_clock, sign_in
from tests.moments import NOON

#: The browser of the machine; tests bring none.
CHROMIUM = Path("/usr/bin/chromium")

#: How it is started. Without a process in reserve: a page that is opened in one that was killed
#: meanwhile never comes.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-features=SpareRendererForSitePerProcess",
]


@pytest.fixture(scope="module")
def phone_browser() -> Iterator[Browser]:
    """Start the machine's Chromium; without one the tests are skipped as UNPROVED.

    It ends with the module: as long as it stands, an event loop runs in this thread, and tests
    that run one of their own cannot.
    """
    if not CHROMIUM.exists():
        pytest.skip(f"UNPROVED: there is no browser at {CHROMIUM}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def phone(phone_browser) -> Iterator[BrowserContext]:
    """Open a browser with the screen of a cheap phone."""
    context = phone_browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    yield context
    context.close()


@pytest.fixture
def page(phone) -> Page:
    """Open one page of the phone."""
    opened: Page = phone.new_page()
    return opened


@pytest.fixture
def address(app) -> Iterator[str]:
    """Serve the application on this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(timeout=5)
    server.server_close()


@pytest.fixture
def built_app(request) -> None:
    """See to it that there is a phone app to prove something of.

    What is proved is the phone: it speaks HTTP and sees no database, so one of them is enough.
    """
    if request.config.getoption("--database") != "sqlite":
        pytest.skip("the phone app sees no database: proved on SQLite")
    if not (app_files.BUILT / "phone" / "index.html").exists():
        pytest.skip("UNPROVED: the phone app is not built; run make web")


@pytest.fixture
def candidate(phone_browser, built_app, address, writing) -> Iterator[Candidate]:
    """Sign an electrician in, who has a place in an exam, on a small phone that stands at NOON."""
    with writing():
        an_enrolled_electrician()
    context = phone_browser.new_context(viewport=SCREEN, locale="zh-CN")
    context.add_init_script(moved_clock())
    page = context.new_page()
    sign_in(page, address)
    yield Candidate(context, address, page)
    context.close()


@pytest.fixture
def a_phone(phone_browser, built_app, address) -> Iterator[Callable[..., Candidate]]:
    """Sign somebody in on a phone of their own whose clock stands at a moment."""
    contexts = []

    def opened(name: str, at: datetime = NOON) -> Candidate:
        context = phone_browser.new_context(viewport=SCREEN, locale="zh-CN")
        context.add_init_script(moved_clock((at - NOON).total_seconds() * 1000))
        context.add_init_script(COUNTING)
        contexts.append(context)
        phone = Candidate(context, address, context.new_page())
        sign_in(phone.page, address, name)
        return phone

    yield opened
    for context in contexts:
        context.close()
