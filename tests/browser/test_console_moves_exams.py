"""What can be done on the pages of exams, contests, training and competence is done once each.

`moves_exams.txt` says what is pressed, what is typed, and what the API says afterwards. Whoever
plans has every role everywhere; whoever examines nothing else.
"""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from exams.commands import close_overdue
from server.policy import Role
from server.web import app_files
from tests.browser.desks import a_desk
from tests.browser.exports import wrong_in
from tests.browser.grounds import competence_ground, exam_ground, training_ground
from tests.browser.offered import unpressed
from tests.browser.phones import known_password, lets_sign_in
from tests.factories import contests as the
from tests.factories.competence import a_bureau_with_an_expert
from tests.factories.phones import PHONE
from tests.factories.rosters import a_person
from tests.factories.sittings import OPENS
from tests.moments import NOON

pytestmark = pytest.mark.slow

WHY = "经核实，按规定办理"

#: When most of it happens: half an hour into the exams that began at NOON.
NOW = NOON + timedelta(minutes=30)

#: Where lists stand that have no row until all this was pressed, and how their files are called.
FILLED = (
    *("/exams/overrides", "/exams/appeals", "/exams/regrades", "/exams/regrades/{regrade}"),
    *("/exams/sittings/{running}", "/exams/exams/{exam}", "/exams/exams/{over}"),
    *("/exams/contests/{played}", "/training/appeals", "/competence/selection"),
)
FILES = {"考培分离例外", "成绩复核", "重新评分", "受影响的成绩", "考场处置", "迟到的作答"} | {
    *("异常线索", "获奖者", "学时申诉", "可选聘人员", "工作人员", "入场记录"),
}


class Row(NamedTuple):
    """One move: where, which button, what is typed; what is asked, and what the reply holds."""

    page: str
    button: str
    typed: str
    asked: str
    told: str


def table(path: Path) -> dict[str, list[Row]]:
    """Read the moves of a table by the name of their chapter."""
    lines = [one for one in path.read_text("utf-8").splitlines() if one and one[0] != "#"]
    chapters: dict[str, list[Row]] = {}
    for is_name, group in groupby(lines, key=lambda one: one.startswith("= ")):
        if is_name:
            chapters[list(group)[-1][2:]] = []
        else:
            cells = ([cell.strip() for cell in one.split("|")] for one in group)
            chapters[list(chapters)[-1]] = [Row(*each) for each in cells]
    return chapters


def values(typed: str) -> dict[str, Any]:
    """Return what is typed by the names of the fields."""
    found: dict[str, Any] = {}
    for part in filter(None, (part.strip() for part in typed.split(";"))):
        name, _, value = part.partition("=")
        ticked = value[1:-1].split(",") if value.startswith("[") else value
        found |= {"reason": WHY} if part == "why" else {name: True if value == "yes" else ticked}
    return found


class Office:
    """One desk, and somebody with every role who asks the API what has become of it."""

    def __init__(self, desk, client, a_signed_in):
        self.desk, self.client, self.sign_in = desk, client, a_signed_in
        self.moves = table(Path(__file__).with_name("moves_exams.txt"))
        self.found: dict[str, Any] = {"why": WHY}
        self.wrong: list[tuple[str, ...]] = []
        self.renew()

    def renew(self):
        """Sign in again, for time has passed."""
        self.headers = self.sign_in(*Role).headers

    def ask(self, address):
        """Return what the API says."""
        reply = self.client.get(f"/v1{address}", headers=self.headers)
        assert reply.status_code == 200, (address, reply.get_json())
        return reply.get_json()

    def work(self, who, *chapters):
        """Let somebody press what chapters of the table name."""
        self.desk.sit(who)
        for row in (row for chapter in chapters for row in self.moves.pop(chapter)):
            try:
                self._press(row)
            except Exception as refusal:  # the others are pressed as well
                self.wrong.append((row.page, row.button, str(refusal)[:500]))
                self.desk.page.reload()

    def _press(self, row):
        here = self.desk.page.url.rpartition("#")[2].partition("?")[0]
        known = {"here": here, **self.found}
        self.desk.go(row.page.format(**known))
        self.desk.move(row.button, **values(row.typed.format(**known)))
        told = json.dumps(self.ask(row.asked.format(**known)), ensure_ascii=False)
        assert row.told.format(**known) in told, told


@pytest.fixture
def office(
    phone_browser, built_app, demonstrated, address, writing, the_clock, client, a_signed_in, config
):
    """Seat whoever plans; a leader and two examiners may sit there as well."""
    if not (app_files.CONSOLE / "index.html").exists():
        pytest.skip("UNPROVED: the console is not built; run make web")
    the_clock.set(NOW)
    with writing():
        lets_sign_in(a_person(name="总管").id, "chief", *Role)
        for name in ("second", "third"):
            lets_sign_in(a_person(name=f"考评员{name}").id, name, Role.EXAMINER)
        known_password("leader")
    desk = a_desk(phone_browser, address)
    # Whatever is not there soon is not there at all: the others are pressed all the same.
    desk.context.set_default_timeout(15_000)
    opened = Office(desk, client, a_signed_in)
    with writing():
        opened.found |= exam_ground() | training_ground() | competence_ground()
    with demonstrated.app_context():
        close_overdue(NOW)
    opened.found |= _contests(client, opened.headers, writing)
    a_bureau_with_an_expert(client, writing, config)
    yield opened
    desk.context.close()
    assert desk.complaints == []


def _contests(client, holder, writing):
    """Lay out a bank for contests, one contest to call off, and one that two play on one phone."""
    ground = the.a_ground(client, holder, writing)
    with writing():
        ground.named("竞赛主办单位", "竞赛练习题库")
    begun = (NOW - timedelta(minutes=5)).isoformat()
    played = ground.published(the.a_round(opens_at=begun), merit_places=1)
    round_id = played["rounds"][0]["id"]
    for number in (1, 2):
        player = the.a_player(ground, played["id"], number, device_id=str(PHONE))
        player.play(round_id, right=number)
    return {"played": played["id"], "round": round_id, "contest": ground.published()["id"]}


def test_every_move_of_exams_training_and_competence_is_taken(
    office, demonstrated, run_jobs, the_clock
):
    office.work("chief", "planning", "teaching", "contests", "competence")
    office.work("second", "examining")
    regrades = {one["remedy"]: one["id"] for one in office.ask("/regrades")["items"]}
    office.found |= {"regrade": regrades["key_corrected"], "second": regrades["full_marks"]}
    for appeal, correction in (("scoring", "correction"), ("again", "unjust")):
        ruled = office.ask(f"/appeals/{office.found[appeal]}")
        office.found[correction] = ruled["effect_id"]
    office.work("second", "previewing")
    run_jobs()
    again = office.moves["agreeing"]
    office.work("third", "refusing", "agreeing")
    office.moves["agreeing"] = again
    office.work("chief", "agreeing", "watching")
    run_jobs()
    office.work("leader", "leading")
    applied = office.ask(f"/regrades/{office.found['regrade']}")["state"]
    the_clock.set(OPENS + timedelta(hours=4))
    office.renew()
    office.work("chief", "afterwards")
    filled = [one.format(**office.found) for one in FILLED]
    unreadable = wrong_in(office.desk, filled, FILES)

    assert office.wrong == []
    assert unreadable == []
    assert unpressed(demonstrated, "exams", office.desk.asked) == []
    assert applied == "applied"
    assert office.moves == {}
