"""What can be done in the rooms of the records is done on their pages, once each.

What each came to is read from the API, in the name of whoever did it first.
"""

from __future__ import annotations

import pytest

from server.web import app_files
from tests.browser.bank_moves import ANSWERED, BANK, DECIDED, RULES
from tests.browser.desks import a_desk
from tests.browser.exports import wrong_in
from tests.browser.moves import play
from tests.browser.offered import unpressed
from tests.browser.record_moves import CERTIFICATES, COVERAGE, PEOPLE
from tests.factories.auth import PASSWORD
from tests.factories.record_rooms import ONE, OTHER, count_coverage, furnish

pytestmark = pytest.mark.slow

#: Who does what, in this order.
DAY = (
    (ONE, [*CERTIFICATES, *COVERAGE, *PEOPLE, *RULES, *BANK]),
    ("enterprise-safety-officer", ANSWERED),
    (OTHER, DECIDED),
)

#: Where lists stand that have no row until all this was pressed, and how their files are called.
FILLED = (
    *("/coverage-requests", "/coverage-targets", "/coverage-reports", "/notices", "/jobs"),
    *("/certificates/batches", "/people/doubles", "/rules/hours", "/rules/syllabuses"),
    "/rules/standards?qualification_id={electrician}",
)
FILES = {"整改通知", "地区目标", "规划评估", "公告", "任务", "批量发证", "合并记录"} | {
    *("本地学时规定", "考试大纲", "标准修订"),
}


def test_every_move_of_the_records_is_offered_taken_and_kept(
    phone_browser, built_app, address, demonstrated, writing, client
):
    if not (app_files.CONSOLE / "index.html").exists():
        pytest.skip("UNPROVED: the console is not built; run make web")
    with writing():
        known = furnish()
    with demonstrated.app_context():
        count_coverage()
    body = {"sign_in_name": ONE, "password": PASSWORD}
    body |= {"device_id": known["bank"], "device_name": "desk"}
    token = client.post("/v1/sign-in", json=body).json["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    desk = a_desk(phone_browser, address)
    failed = []
    for who, moves in DAY:
        desk.sit(who)
        failed += play(desk, moves, known, lambda path: client.get(path, headers=headers).json)
    desk.sit(ONE)
    unreadable = wrong_in(desk, [one.format(**known) for one in FILLED], FILES)
    complaints = desk.complaints
    desk.context.close()

    assert failed == []
    assert unreadable == []
    assert unpressed(demonstrated, "records", desk.asked) == []
    assert complaints == []
