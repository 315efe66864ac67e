"""The phone app is killed at any instant: no tap that was shown is lost, no word is doubled."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from tests.browser.phones import (
    SCREEN,
    Candidate,
    agree,
    entries,
    moved_clock,
    sign_in,
    sign_in_again,
)

pytestmark = pytest.mark.slow

KILLS = 50


def _kill_pages(browser):
    """Kill every process that shows a page, at once and without a word."""
    session = browser.new_browser_cdp_session()
    for process in session.send("SystemInfo.getProcessInfo")["processInfo"]:
        if process["type"] == "renderer":
            with suppress(ProcessLookupError):
                os.kill(int(process["id"]), signal.SIGKILL)
    session.detach()


def _kill_browser(profile):
    """Kill every process of the browser that keeps its data there."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"--user-data-dir={profile}".encode() in (folder / "cmdline").read_bytes():
                os.kill(int(folder.name), signal.SIGKILL)


def _tap(candidate, dice):
    """Tap one of the options and wait until it is shown; return the slot and what is chosen."""
    option = candidate.page.locator(".option").nth(dice.randrange(2))
    box = option.locator("input")
    if not box.is_checked():
        option.click()
        option.locator("input:checked").wait_for(state="attached")
    slot = int((box.get_attribute("name") or "").removeprefix("slot-"))
    checked = candidate.page.locator(".option input:checked").all()
    return slot, sorted(int(one.get_attribute("data-option") or "") for one in checked)


def _claims_nothing_false(candidate, app, attempt_id):
    """What the phone believes to be with the server is there, number by number."""
    words = candidate.words()  # first: what is acknowledged meanwhile is claimed by nobody yet
    there = {(entry.slot, entry.sequence) for entry in entries(app, attempt_id)}
    believed = [one for one in words.values() if one["state"] == "held"]
    assert {(one["slot"], one["sequence"]) for one in believed} <= there


@pytest.mark.skipif(
    os.environ.get("THOROUGH", "") in ("", "0"),
    reason="a long form: THOROUGH=1. A browser whose page was killed may never open another",
)
def test_fifty_kills_at_random_instants_lose_and_double_nothing(candidate, app, phone_browser):
    dice, shown = Random(8), {}
    attempt_id = candidate.begin()

    for _ in range(KILLS):
        slot, chosen = _tap(candidate, dice)
        shown[slot] = chosen
        if dice.random() < 0.5 and candidate.page.locator("[data-next]").count():
            candidate.page.click("[data-next]", no_wait_after=True)
        candidate.page.wait_for_timeout(dice.uniform(0, 120))
        _kill_pages(phone_browser)
        candidate.reopen()
        candidate.page.wait_for_selector("[data-place]")
        _claims_nothing_false(candidate, app, attempt_id)
    candidate.wait_for_light("good")

    words = agree(app, candidate, attempt_id)
    assert {slot: words[slot]["chosen"] for slot in shown} == shown
    found = entries(app, attempt_id)
    assert len({entry.sequence for entry in found}) == len(found)


def test_the_whole_browser_is_killed_while_it_sends_and_goes_on_from_its_disk(
    candidate, app, phone_browser, tmp_path
):
    start = phone_browser.browser_type.launch_persistent_context
    options = {
        "executable_path": "/usr/bin/chromium",
        "args": ["--no-sandbox", "--disable-dev-shm-usage"],
        "viewport": SCREEN,
        "locale": "zh-CN",
    }
    url, shown = f"{candidate.address}/app/#/exams", {}
    for number in range(3):
        context = start(tmp_path / "profile", **options)
        context.add_init_script(moved_clock())
        phone = Candidate(context, candidate.address, context.pages[0])
        if number == 0:
            sign_in(phone.page, candidate.address)
            attempt_id = phone.begin()
        else:
            phone.page.goto(url)
            phone.page.wait_for_selector("[data-place]")
        for dice in (Random(number), Random(number + 10)):
            slot, chosen = _tap(phone, dice)
            shown[slot] = chosen
            phone.on()
        url = phone.page.url
        _kill_browser(tmp_path / "profile")

    context = start(tmp_path / "profile", **options)
    context.add_init_script(moved_clock())
    phone = Candidate(context, candidate.address, context.pages[0])
    phone.page.goto(url)
    # A browser keeps cookies half a minute before they are on its disk: then one signs in again.
    phone.page.wait_for_selector("[data-light=good], [data-sign-in-again]")
    if phone.page.locator("[data-sign-in-again]").count():
        phone.page.click("[data-sign-in-again] button")
        sign_in_again(phone.page)
    phone.wait_for_light("good")
    words = agree(app, phone, attempt_id)
    context.close()

    assert {slot: words[slot]["chosen"] for slot in shown} == shown
