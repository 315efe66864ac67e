"""Somebody at a desk with the console, who signs in by role."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize

from tests.browser.pages import COUNTING, settle
from tests.browser.phones import moved_clock
from tests.factories.auth import PASSWORD

DESK: ViewportSize = {"width": 1440, "height": 900}

NARROW: ViewportSize = {"width": 360, "height": 740}

#: The roles of the demonstration that work at a desk, by their sign-in names.
ROLES = (
    *("author", "reviewer", "planner", "invigilator", "examiner", "issuer", "analyst", "auditor"),
    *("administrator", "provider-manager", "enterprise-safety-officer", "leader"),
)

#: A form has closed, says what came back and waits to be read, or says why it was refused.
_SENT = """() => !document.querySelector("dialog")
    || document.querySelector("dialog div.form > [role=status], dialog .failure")"""


@dataclass
class Desk:
    """One browser at one desk; whoever sits down signs in."""

    context: BrowserContext
    address: str
    page: Page
    #: What the page complained of, and what it asked elsewhere.
    complaints: list[str]
    #: Verb and path of each request to the platform.
    asked: set[str]

    def sit(self, role: str) -> None:
        """Sign in as this role, after whoever sat there."""
        self.page.goto(f"{self.address}/console/")
        self.page.wait_for_selector(".frame, .door")
        if self.page.locator(".frame").count():
            with self.page.expect_navigation():
                self.page.click(".own .link:last-child")
            self.page.wait_for_selector(".door")
        self.page.fill("input[name=name]", role)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("form button")
        self.page.wait_for_selector(".frame")

    def go(self, path: str) -> None:
        """Open a page, and wait until all of it is there."""
        self.page.goto(f"{self.address}/console/#{path}")
        self.page.wait_for_selector("main h1")
        settle(self.page)

    def turn(self, *, language: str, theme: str) -> None:
        """Choose language and light by the buttons of the frame."""
        root = self.page.locator("html")
        while root.get_attribute("data-theme") != theme:
            self.page.locator(".own .link").nth(0).click()
        if root.get_attribute("lang") != {"zh": "zh-CN", "en": "en"}[language]:
            self.page.locator(".own .link").nth(1).click()
        settle(self.page)

    def fill(self, **values: Any) -> None:
        """Fill the form that is open by the names of its fields; of choices say a part of one."""
        over_the_page = self.page.locator("dialog[open]").count()
        form = self.page.locator("dialog form" if over_the_page else "main form.form").last
        for name, value in values.items():
            if isinstance(value, list):
                for label in value:
                    # One that says just this, or else one that says it beside other words.
                    exactly = form.get_by_label(label, exact=True)
                    (exactly if exactly.count() else form.get_by_label(label)).check()
                continue
            field = form.locator(f"[name={name}]").last
            if field.evaluate("one => one.tagName") == "SELECT":
                choose(field, value)
            elif isinstance(value, bool):
                field.set_checked(value)
            else:
                field.fill(value)

    def move(self, button: str, /, *, in_row: str = "", **values: Any) -> None:
        """Press a button that opens a form, fill it, see the preview if there is one, send it.

        Of lists to be ticked, `values` names the labels; `in_row` is what the row of the button
        says.
        """
        main = self.page.locator("main")
        if in_row:
            main = main.locator("tbody tr", has_text=in_row).first
        # The head of a column, by which one sorts, may have the same name.
        moves = main.get_by_role("button", name=button, exact=True)
        moves.and_(self.page.locator("button:not(.head)")).first.click()
        self.page.wait_for_selector("dialog[open]")
        self.fill(**values)
        self.send()

    def send_from_page(self, button: str) -> None:
        """See the preview of the form that stands on the page, and send it by this button."""
        send = self.page.locator("main form.form .form-foot button").last
        send.click()
        self.page.wait_for_selector("main form .preview, main form .failure")
        assert self.page.locator("main form .failure").all_inner_texts() == []
        assert send.inner_text() == button
        before = self.page.url
        send.click()
        self.page.wait_for_url(lambda url: url != before)

    def send(self) -> None:
        """Send the form that is open; confirm what is previewed first."""
        send = self.page.locator("dialog .form-foot button").last
        if send.inner_text() in ("预览影响", "Preview"):
            send.click()
            self.page.wait_for_selector("dialog .preview, dialog .failure")
            assert self._refusal() == []
        send.click()
        self.page.wait_for_function(_SENT)
        assert self._refusal() == []
        # What is done may lead the page elsewhere, and the dialog goes by itself.
        self.page.evaluate("document.querySelector('dialog .form-foot button')?.click()")
        self.page.wait_for_selector("dialog", state="detached")

    def _refusal(self) -> list[str]:
        """Return why the form that is open was not taken."""
        return self.page.locator("dialog .failure").all_inner_texts()


def choose(field: Locator, words: str) -> None:
    """Choose what contains these words, looking for it by name where the list is long."""
    search = field.locator("xpath=../input[@type='search']")
    if search.count():
        search.fill(words)
    option = field.locator("option:not([value=''])", has_text=words).first
    option.wait_for(state="attached")
    field.select_option(value=option.get_attribute("value"))


def a_desk(browser: Browser, address: str, *, language: str = "zh", theme: str = "light") -> Desk:
    """Open a browser at a desk; its clock stands at NOON."""
    context = browser.new_context(viewport=DESK, locale="zh-CN", accept_downloads=True)
    context.add_init_script(moved_clock())
    context.add_init_script(COUNTING)
    chosen = json.dumps(json.dumps({"language": language, "size": 0, "theme": theme}))
    known = "localStorage.getItem('safety-settings')"
    context.add_init_script(f"{known} ?? localStorage.setItem('safety-settings', {chosen})")
    # A machine that tests many things at once draws slowly.
    context.set_default_timeout(120_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
    )
    page.on(
        "request",
        lambda one: (
            None if one.url.startswith((address, "data:", "blob:")) else complaints.append(one.url)
        ),
    )
    asked: set[str] = set()
    page.on("request", lambda one: asked.add(f"{one.method} {urlsplit(one.url).path}"))
    return Desk(context, address, page, complaints, asked)
