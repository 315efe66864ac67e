"""A worker shows a card on a phone, and a gate scans: without a network, honest of their age."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from certificates import qr
from certificates.commands import publish_lists
from certificates.validity import Turn
from server import clock
from server.db import db
from server.people.models import Photo
from server.people.roster import PostRole
from server.policy import Role
from server.web import app_files
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.factories.certificates import a_certificate, an_issuer, befallen
from tests.factories.photos import a_png
from tests.factories.rosters import a_person, a_post, an_organisation, stored
from tests.moments import NOON

pytestmark = pytest.mark.slow

#: Where pictures are left for people to look at; None for nowhere.
PICTURES = os.environ.get("PICTURES")


@pytest.fixture
def site(app, writing, client, a_signed_in):
    """Store a site with two workers, publish the lists, and register a gate."""
    with writing():
        issuer, place = an_issuer(), an_organisation(name="某市轨道交通三标段")
        stored(Photo(hash="b" * 64, media_type="image/png", content=a_png()))
        found: dict[str, Any] = {"tokens": {}, "people": {}}
        for name in ("欧阳建国", "李停证"):
            person = a_person(place, name=name)
            person.photo_hash = "b" * 64
            a_post(person, place, role=PostRole.PRINCIPAL)
            made = a_certificate(person, issuer, qualification="principal")
            if name == "李停证":
                befallen(made, Turn.SUSPENDED)
            found["tokens"][name], found["people"][name] = made.token, person.id
        found["tokens"]["外人"] = a_certificate(
            a_person(name="外人"), issuer, qualification="principal"
        ).token
        place_id = place.id
    with app.app_context():
        publish_lists(clock.now() + timedelta(seconds=1))
        db.session.remove()
    officer = a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=place_id).headers
    body = {"organisation_id": str(place_id), "name": "一号门"}
    found["device"] = f"/v1/gate-devices/{uuid4()}"
    made = client.put(found["device"], json=body, headers=officer)
    return found | {"key": made.json["key"], "officer": officer}


def _open(page, address, path, *, at=NOON + timedelta(minutes=1)):
    page.clock.set_fixed_time(at)
    page.goto(address + path)
    page.wait_for_selector("main[data-ready=yes]")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("caches.open('sc1-pages').then(c => c.keys()).then(k => k.length >= 14)")


def _look(page, name):
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


def test_a_card_is_fetched_shown_offline_and_worth_nothing_tomorrow(
    page, phone, address, site, client, a_signed_in
):
    signed = a_signed_in(person_id=site["people"]["欧阳建国"]).headers
    token = signed["Authorization"].removeprefix("Bearer ")
    page.route("**/v1/sign-in", lambda route: route.fulfill(json={"access_token": token}))
    _open(page, address, "/verify/card")
    page.fill("#name", "ouyang")
    page.fill("#password", "correct horse")
    page.click("form[data-sign-in] button")
    page.wait_for_selector(".pass")

    card = client.get("/v1/me/card", headers=signed).json
    shown = page.inner_text(".pass")
    assert card["name_masked"] == "欧某某某"
    assert "欧某某某" in shown
    assert "欧阳建国" not in shown
    assert card["photo"]
    (there,) = card["sites"]
    assert there["mark"]["word"] in page.inner_text(".moving")
    said = "今日可以上岗" if there["may_work"] else "不得上岗"
    assert said in shown
    assert page.locator(".held img").count() == 1
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert token not in kept
    assert "correct horse" not in kept
    positions = {page.evaluate(_WHERE) for _ in range(4) if page.wait_for_timeout(120) is None}
    assert len(positions) > 1, "the mark moves"
    _look(page, "card")

    phone.set_offline(True)
    page.reload()
    page.wait_for_selector(".pass")
    assert "今日 0 小时前取得" in page.inner_text(".age")
    page.clock.set_fixed_time(NOON + timedelta(days=1))
    page.reload()
    page.wait_for_selector(".pass")
    assert "今日未知" in page.inner_text(".age")
    assert page.locator(".verdict.good").count() == 0
    assert there["mark"]["word"] not in page.inner_text(".moving")
    _look(page, "card-tomorrow")
    page.clock.set_fixed_time(NOON - timedelta(hours=2))
    page.reload()
    page.wait_for_selector(".pass")
    assert "时钟" in page.inner_text(".age")
    page.click("[data-forget]")
    assert page.evaluate("localStorage.getItem('sc1.card')") is None
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


_WHERE = "getComputedStyle(document.querySelector('.moving b')).transform"


def test_a_registered_gate_says_who_may_enter_offline_and_reports_afterwards(
    page, phone, address, site, client
):
    _open(page, address, "/verify/gate")
    page.click("[data-registering] summary")
    page.fill("#key", site["key"])
    page.click("form[data-register] button")
    page.wait_for_selector("[data-site]:not([hidden])")
    roster = client.get("/v1/gate/roster", headers={"X-Gate-Key": site["key"]}).json
    assert roster["mark"]["word"] == page.inner_text("[data-mark] b")
    assert "某市轨道交通三标段" in page.inner_text("[data-site-name]")
    phone.set_offline(True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.fill("#token", "\n".join([*site["tokens"].values(), "https://example.org"]))
    page.click("form[data-gate] button")
    page.wait_for_function("document.querySelectorAll('[data-rows] li').length === 4")

    assert asked == [], "a scan asks nobody"
    rows = [row.inner_text() for row in page.locator("[data-rows] li").all()][::-1]
    may = {each["name"]: each["may_enter"] for each in roster["items"]}
    assert ("今日可以进入" in rows[0]) is may["欧阳建国"]
    assert "已暂扣" in rows[1]
    assert "不在本工地在岗名册" in rows[2]
    assert "SC1" in rows[3]
    _look(page, "gate")

    phone.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.get_by_text("查验已上报").wait_for()
    kept = client.get(f"{site['device']}/scans", headers=site["officer"]).json["items"]
    assert len(kept) == 4
    assert page.evaluate("localStorage.getItem('sc1.gate.waiting')") == "[]"
    client.put(f"{site['device']}/retirement", headers=site["officer"])
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_selector("[data-site]", state="hidden")
    assert page.evaluate("localStorage.getItem('sc1.gate.roster')") is None


def _filmed(token, path):
    """Write what a camera sees that is held before a code: one frame, again and again."""
    code = Image.open(io.BytesIO(qr.png(token))).convert("L")
    frame = Image.new("L", (1280, 960), 96)
    side = min(code.width, 900)
    frame.paste(code.resize((side, side)), ((1280 - side) // 2, (960 - side) // 2))
    grey = bytes([128]) * (1280 * 960 // 2)
    path.write_bytes(b"YUV4MPEG2 W1280 H960 F5:1 Ip C420jpeg\nFRAME\n" + frame.tobytes() + grey)
    return path


def test_a_gate_reads_codes_with_its_camera_and_without_a_network(
    phone_browser, address, site, tmp_path
):
    if not (app_files.VERIFY / "scanner.js").exists():
        pytest.skip("UNPROVED: the apps are not built; run make web")
    film = _filmed(site["tokens"]["李停证"], tmp_path / "film.y4m")
    camera = ("use-fake-ui-for-media-stream", "use-fake-device-for-media-stream")
    seen = [f"--{each}" for each in (*camera, f"use-file-for-fake-video-capture={film}")]
    browser = phone_browser.browser_type.launch(
        executable_path=str(CHROMIUM), args=[*ARGUMENTS, *seen]
    )
    phone = browser.new_context(viewport={"width": 360, "height": 740})
    page = phone.new_page()
    _open(page, address, "/verify/gate")
    page.wait_for_function("caches.match('/verify/files/scanner.js')")
    phone.set_offline(True)
    page.reload()
    page.wait_for_selector("main[data-ready=yes]")
    page.click("[data-camera] button")

    said = page.wait_for_selector("[data-rows] li").inner_text()
    page.wait_for_timeout(700)
    read = page.locator("[data-rows] li").count()
    _look(page, "gate-camera")
    browser.close()

    assert "已暂扣" in said
    assert read == 1, "a code is read once as long as it is held there"
