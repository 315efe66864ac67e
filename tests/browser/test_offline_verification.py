"""A stranger verifies certificates on a phone: in airplane mode, and never by an old list."""

from __future__ import annotations

from datetime import timedelta

import pytest

from certificates import tokens
from certificates.commands import publish_lists
from certificates.trust import kid_of
from certificates.validity import Turn
from server import clock
from server.db import db
from tests.factories.certificates import a_certificate, an_issuer, befallen
from tests.factories.rosters import a_person
from tests.factories.tokens import CLAIMS, KEY, TWICE
from tests.moments import NOON

pytestmark = pytest.mark.slow


@pytest.fixture
def held(app, writing):
    """Issue three certificates, of which two no longer stand, and publish the lists."""
    with writing():
        issuer = an_issuer()
        made = [a_certificate(a_person(name=name), issuer) for name in ("欧阳建国", "李四", "赵六")]
        befallen(made[1], Turn.SUSPENDED)
        befallen(made[2], Turn.REVOKED)
        found = [each.token for each in made]
    _publish(app)
    return found


def _publish(app, at=None):
    with app.app_context():
        publish_lists(at or clock.now() + timedelta(seconds=1))
        db.session.remove()


def _open(page, address, path="/verify", *, at=NOON + timedelta(minutes=1)):
    page.clock.set_fixed_time(at)
    page.goto(address + path)
    page.wait_for_selector("main[data-ready=yes]")


def _check(page, token):
    page.fill("#token", token)
    page.click("form[data-verify] button")
    page.wait_for_selector("[data-result] .verdict")
    classes = page.get_attribute("[data-result] .verdict", "class")
    lines = {
        name: page.inner_text(f"dd[data-line={name}]") for name in ("signature", "dates", "status")
    }
    return classes.split()[-1], lines


def test_a_token_that_holds_the_prefix_by_chance_is_taken_for_a_token(page, address, held):
    _open(page, address)

    said = page.evaluate(
        """async (shown) => {
            const { readCertificate } = await import("/verify/files/signed.js");
            const read = (one) => readCertificate(one, { keys: [] }, Date.now());
            return Promise.all(shown.map((one) => read(one).then(() => "read", (e) => e.code)));
        }""",
        [TWICE, TWICE + TWICE, "HC1:6BFOXN"],
    )

    assert said == ["key_not_trusted", "token_malformed", "not_our_token"]


def test_a_certificate_is_checked_in_airplane_mode_without_one_request(page, phone, address, held):
    _open(page, address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("caches.open('sc1-pages').then(c => c.keys()).then(k => k.length >= 14)")
    phone.set_offline(True)
    page.reload()
    page.wait_for_selector("main[data-ready=yes]")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    results = [_check(page, token) for token in held]

    assert asked == []
    assert [level for level, _ in results] == ["good", "bad", "bad"]
    assert "真实" in results[0][1]["signature"]
    assert "在有效期内" in results[0][1]["dates"]
    assert "名单 0 小时前" in results[0][1]["status"]
    assert "已暂扣" in results[1][1]["status"]
    assert "已撤销" in results[2][1]["status"]
    assert "欧阳建国" not in page.inner_text("[data-result]"), "the last one shown is another's"


@pytest.mark.parametrize(
    ("later", "level", "said"),
    [
        (timedelta(hours=3), "good", "名单 3 小时前"),
        (timedelta(hours=30), "warn", "名单 30 小时前"),
        (timedelta(days=6), "warn", "名单 6 天前"),
        (timedelta(days=8), "warn", "状态未知"),
        (timedelta(hours=-2), "warn", "时钟早于名单"),
    ],
)
def test_an_old_list_is_never_green(page, phone, address, held, later, level, said):
    _open(page, address)
    page.clock.set_fixed_time(NOON + later + timedelta(minutes=1))

    found, lines = _check(page, held[0])

    assert (found, said in lines["status"]) == (level, True), lines


def test_a_list_that_is_rolled_back_or_forged_is_refused_and_the_newer_one_stays(
    page, address, held, app
):
    older = app.test_client().get("/v1/status-list").data
    _publish(app, NOON + timedelta(hours=7))
    _open(page, address, at=NOON + timedelta(hours=7, minutes=1))
    assert "状态名单第 2 号" in page.inner_text("[data-lists]")

    page.route("**/v1/status-list", lambda route: route.fulfill(body=older))
    page.reload()
    page.wait_for_selector("main[data-ready=yes]")

    told = page.inner_text("[data-lists]")
    assert "状态名单第 2 号" in told
    assert "未通过检查" in told
    assert _check(page, held[0])[0] == "good"


def test_what_no_trusted_key_signed_is_never_believed(page, address, held):
    _open(page, address)
    stranger = tokens.write(CLAIMS, KEY)
    assert kid_of(KEY.public_key())
    forgeries = [
        "https://example.org/" + held[0],
        held[0] + held[0],
        held[0][:-3] + "000",
        held[0].replace("SC1:", "HC1:"),
        "sc1:" + held[0][4:],
        stranger,
        "SC1:",
    ]

    results = [_check(page, forged) for forged in forgeries]

    assert [level for level, _ in results] == ["bad"] * len(forgeries)
    assert "SC1" in results[0][1]["signature"]
    assert "不在信任名单" in results[5][1]["signature"]


def test_the_pages_refuse_what_the_platform_refuses_mutant_by_mutant(page, address, held):
    _open(page, address)

    believed = page.evaluate(
        """async ([token, count]) => {
          const { check } = await import("/verify/files/page.js");
          const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
          let good = 0, seed = 7;
          const dice = (most) => (seed = (seed * 48271) % 2147483647) % most;
          for (let number = 0; number < count; number++) {
            const place = 4 + dice(token.length - 4), letter = letters[dice(45)];
            const mutant = token.slice(0, place) + letter + token.slice(place + 1);
            if (mutant !== token && (await check(mutant)).level !== "bad") good += 1;
          }
          return good;
        }""",
        [held[0], 1_500],
    )

    assert believed == 0


def test_the_gate_scans_many_and_lists_the_problems(page, address, held):
    _open(page, address, "/verify/gate")

    page.fill("#token", "\n".join([*held, held[0]]))
    page.click("form[data-gate] button")
    page.wait_for_function("document.querySelectorAll('[data-rows] li').length === 4")
    page.check("[data-only-problems]")

    assert "已扫 4 人，问题 3 人" in page.inner_text("[data-counts]")
    seen = [row.inner_text() for row in page.locator("[data-rows] li:visible").all()]
    assert ["重复扫描" in seen[0], "已撤销" in seen[1], "已暂扣" in seen[2], len(seen)] == [
        True,
        True,
        True,
        3,
    ]


def test_a_name_of_letters_that_look_alike_is_to_be_looked_at_twice(page, address, app, writing):
    with writing():
        issuer = an_issuer()
        names = ("Ivan Petrov", "Иван Петров", "Ivаn Petrov")  # the last one with a Cyrillic а
        tokens_of = [a_certificate(a_person(name=name), issuer).token for name in names]
    _publish(app)
    _open(page, address)

    results = [_check(page, token) for token in tokens_of]

    assert [level for level, _ in results] == ["good", "good", "warn"]
    assert "外观相同的字母" in results[2][1]["signature"]


@pytest.mark.parametrize("path", ["/verify", "/verify/gate", "/verify/card"])
def test_the_page_fits_a_phone_and_loads_from_here_alone(page, address, held, path):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    missing: set[str] = set()
    page.on("response", lambda got: missing.add(got.url) if got.status == 404 else None)

    _open(page, address, path)

    assert all(url.startswith(address) for url in asked)
    # A list that is there only once a key was in wrong hands; a browser complains by itself.
    assert missing <= {f"{address}/v1/allow-list"}
    assert [each for each in complaints if "404" not in each] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
