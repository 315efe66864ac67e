"""Contests over HTTP: a bank of practice questions, and a contest of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask.testing import FlaskClient

from question_bank.models import QuestionBank
from server.db import db
from server.organisations.models import Organisation
from tests.factories.organisations import an_organisation
from tests.factories.question_bank import Desk, a_content, a_desk, a_published_question
from tests.factories.regions import a_county
from tests.moments import NOON

Headers = dict[str, str]
Writing = Callable[[], AbstractContextManager[None]]

#: How long anything in these contests may take.
SECONDS = 20


@dataclass
class Ground:
    """Where contests are held."""

    client: FlaskClient
    holder: Headers
    bank_id: UUID
    organisation_id: UUID
    region_ids: list[UUID]
    employer_ids: list[UUID]
    #: The text of the right option of each question, by its stem.
    keys: dict[str, str] = field(default_factory=dict)
    desk: Desk | None = None

    def words(self, *rounds: dict[str, Any], **changed: Any) -> dict[str, Any]:
        """Return a contest as it is sent."""
        return {
            "organisation_id": str(self.organisation_id),
            "name": "全县安全知识竞赛",
            "notice": "仅用于本次竞赛，结束后一年删除。",
            "entry_mode": "open",
            "joins_from": (NOON - timedelta(days=1)).isoformat(),
            "joins_until": (NOON + timedelta(days=30)).isoformat(),
            "bank_ids": [str(self.bank_id)],
            "rounds": list(rounds) or [a_round()],
        } | changed

    def published(self, *rounds: dict[str, Any], **changed: Any) -> dict[str, Any]:
        """Plan and publish a contest; return it as its holder sees it."""
        url = f"/v1/held-contests/{uuid4()}"
        planned = self.client.put(url, json=self.words(*rounds, **changed), headers=self.holder)
        assert planned.status_code == 200, planned.get_json()
        reply = self.client.put(f"{url}/publication", headers=self.holder)
        assert reply.status_code == 200, reply.get_json()
        found: dict[str, Any] = reply.get_json()
        return found

    def named(self, holder: str, bank: str) -> None:
        """Call who holds contests, and the bank, by names of their own; within `writing()`."""
        db.session.get_one(Organisation, self.organisation_id).name = holder
        db.session.get_one(QuestionBank, self.bank_id).name = bank

    def right(self, question: dict[str, Any]) -> list[int]:
        """Return the place of the right option of a question as it was shown."""
        texts = [option["text"] for option in question["options"]]
        return [texts.index(self.keys[question["stem"]])]

    def wrong(self, question: dict[str, Any]) -> list[int]:
        """Return the place of a wrong option."""
        return [(self.right(question)[0] + 1) % len(question["options"])]


@dataclass
class Player:
    """Somebody who takes part, with the token they were given."""

    ground: Ground
    id: str
    headers: Headers
    entry_id: str = ""

    def enter(self, round_id: str) -> dict[str, Any]:
        """Enter a round; return what is shown."""
        url = f"/v1/contest-entries/{uuid4()}"
        body = {"round_id": round_id}
        reply = self.ground.client.put(url, json=body, headers=self.headers)
        assert reply.status_code == 200, reply.get_json()
        shown: dict[str, Any] = reply.get_json()
        self.entry_id = shown["entry"]["id"]
        return shown

    def say(self, slot: int, chosen: Any) -> Any:
        """Respond; return the reply."""
        url = f"/v1/contest-entries/{self.entry_id}/responses"
        body = {"slot": slot, "chosen": chosen}
        return self.ground.client.put(url, json=body, headers=self.headers)

    def play(self, round_id: str, *, right: int) -> None:
        """Play a whole round, the first `right` questions rightly."""
        question = self.enter(round_id)["question"]
        while question is not None:
            good = question["slot"] <= right
            chosen = self.ground.right(question) if good else self.ground.wrong(question)
            question = self.say(question["slot"], chosen).get_json()["question"]

    def shown(self) -> dict[str, Any]:
        """Return one's own entry."""
        url = f"/v1/contest-entries/{self.entry_id}"
        found: dict[str, Any] = self.ground.client.get(url, headers=self.headers).get_json()
        return found


def board(ground: Ground, round_id: str) -> dict[str, Any]:
    """Return a board, through the lane in front of the framework."""
    reply = ground.client.get(f"/v1/contest-boards/{round_id}")
    assert reply.status_code == 200, reply.get_json()
    found: dict[str, Any] = reply.get_json()
    return found


def codes(replies: list[Any]) -> list[tuple[int, str]]:
    """Return with what status and code each was refused."""
    return [(reply.status_code, reply.get_json()["code"]) for reply in replies]


def question_of_final(ground: Ground, round_id: str, slot: int) -> Any:
    """Ask for a question of a final, and return the reply."""
    return ground.client.get(f"/v1/contest-questions/{round_id}.{slot}")


def a_round(**changed: Any) -> dict[str, Any]:
    """Return a qualifying round of three questions that is open now, for a day."""
    return {
        "kind": "qualifying",
        "opens_at": (NOON - timedelta(hours=1)).isoformat(),
        "closes_at": (NOON + timedelta(days=1)).isoformat(),
        "question_count": 3,
        "seconds": SECONDS,
    } | changed


def a_final(opens_at: datetime, **changed: Any) -> dict[str, Any]:
    """Return a final of two questions, ten seconds each."""
    return {
        "kind": "final",
        "opens_at": opens_at.isoformat(),
        "question_count": 2,
        "seconds": 10,
        "pause_seconds": 5,
    } | changed


def a_ground(
    client: FlaskClient, holder: Headers, writing: Writing, *, question_count: int = 12
) -> Ground:
    """Lay out two counties, two employers, and a bank of questions that may be practised."""
    with writing():
        desk = a_desk()
        counties = [a_county(), a_county()]
        employers: list[Organisation] = [an_organisation(region=county) for county in counties]
        keys = {}
        for number in range(question_count):
            content = a_content(stem=f"第 {number} 题怎么做？", options=OPTIONS)
            a_published_question(desk, content, for_exams=False)
            keys[content.stem] = OPTIONS[0]
    return Ground(
        client=client,
        holder=holder,
        bank_id=desk.bank.id,
        organisation_id=desk.owner.id,
        region_ids=[county.id for county in counties],
        employer_ids=[employer.id for employer in employers],
        keys=keys,
        desk=desk,
    )


OPTIONS = ("切断电源", "拨打电话", "心肺复苏", "离开现场")


def saying(ground: Ground, **changed: Any) -> dict[str, Any]:
    """Return what somebody says who joins with an account."""
    return {
        "notice_version": 1,
        "region_id": str(ground.region_ids[0]),
        "device_id": str(uuid4()),
    } | changed


def by_phone(ground: Ground, contest_id: str, phone: str, **changed: Any) -> Any:
    """Ask for a code, and join by a phone number; return the reply."""
    sent = ground.client.post(f"/v1/contests/{contest_id}/phone-codes", json={"phone": phone})
    assert sent.status_code == 200, sent.get_json()
    code = {"phone": phone, "code": sent.get_json()["code"]}
    body = saying(ground, name="王小明", born_on="1990-01-01", **code) | changed
    return ground.client.put(f"/v1/contests/{contest_id}/participants/{uuid4()}", json=body)


def a_player(ground: Ground, contest_id: str, number: int, **changed: Any) -> Player:
    """Let somebody take part by the phone number with this ending."""
    reply = by_phone(ground, contest_id, f"1380000{number:04d}", **changed)
    assert reply.status_code == 200, reply.get_json()
    joined = reply.get_json()
    headers = {"Authorization": f"Bearer {joined['token']}"}
    return Player(ground=ground, id=joined["id"], headers=headers)
