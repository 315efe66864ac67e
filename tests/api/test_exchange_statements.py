"""A learning record store is sent what happened: each once, whatever fails between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certificates import stating
from certificates.models import Certificate
from certificates.validity import Turn
from server import clock
from server.config import Config
from server.db import db
from server.exchange.models import ExchangeRecordStore
from server.exchange.terms import Ability, PersonField, Purpose
from server.people.models import Person
from server.policy import Role
from server.records import services as records
from server.records.entries import RecordKind
from server.regions.models import Region
from tests.conftest import SigningIn
from tests.factories.certificates import an_issuer, befallen
from tests.factories.exams import an_attempt, an_exam
from tests.factories.exchange import an_agreement, issue, numbered
from tests.factories.organisations import an_organisation
from tests.moments import NOON, Clock
from tests.record_store import KEY, SECRET, RecordStore

Writing = Callable[[], AbstractContextManager[None]]


class Sending:
    """A province, the agreement with a store, and what is sent to it."""

    def __init__(
        self,
        app: Flask,
        client: FlaskClient,
        place: dict[str, Any],
        keeper: Callable[[], dict[str, str]],
        store: RecordStore,
    ) -> None:
        self.app, self.client, self.place, self.keeper = app, client, place, keeper
        self.store = store
        self.url = f"/v1/exchange-agreements/{place['agreed']}/record-stores/{uuid4()}"

    def opened(self, **changes: Any) -> Any:
        """Agree where the store is."""
        body = {"endpoint": self.store.endpoint + "/", "key": KEY, "secret": SECRET, **changes}
        return self.client.put(self.url, json=body, headers=self.keeper()).get_json()

    def shown(self, more: str = "") -> Any:
        """Return how far it was sent."""
        return self.client.get(self.url + more, headers=self.keeper()).get_json()

    def sent(self) -> int:
        """Send what is due; return how many stores were tried."""
        with self.app.app_context():
            return stating.state(clock.now())


@pytest.fixture
def sending(
    app: Flask,
    client: FlaskClient,
    config: Config,
    writing: Writing,
    a_signed_in: SigningIn,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Sending]:
    """Agree with the keeper of a store about a province; the store runs."""
    reaching = config.replaced(webhook_networks=("127.0.0.0/8",))
    monkeypatch.setitem(app.extensions, "config", reaching)
    with writing():
        place = a_province()

    def keeper() -> dict[str, str]:
        return a_signed_in(Role.ADMINISTRATOR, region_id=place["region"]).headers

    with RecordStore() as store:
        yield Sending(app, client, place, keeper, store)


def a_province() -> dict[str, Any]:
    """Store an exam with somebody in it, a plant, who issues, and an agreement with a store."""
    attempt = an_attempt(scene := an_exam())
    region = db.session.get_one(Region, scene.centre.region_id)
    agreed = an_agreement(
        region,
        Ability.STATEMENTS,
        purpose=Purpose.LEARNING_RECORDS,
        fields=[PersonField.NAME],
        daily_quota=9,
    )
    return {
        "region": region.id,
        "issuer": an_issuer(region).id,
        "works": an_organisation(name="某电厂", region=region).id,
        "agreed": agreed.id,
        "attempt": (attempt.id, attempt.candidate_id, scene.exam.id),
    }


def graded(place: dict[str, Any], corrects_id: UUID | None = None) -> UUID:
    """Enter that somebody passed an exam there, or that what was entered is void."""
    attempt_id, candidate_id, exam_id = place["attempt"]
    content: dict[str, object] = {"voided": True, "void_reason": "替考"}
    if corrects_id is None:
        content = {
            "exam_id": str(exam_id),
            "exam": "低压电工作业考试",
            "qualification": "low_voltage_electrician",
            "part": "theory",
            "score": "86.5",
            "max_score": "100",
            "passed": True,
            "attempt_number": 1,
        }
    return records.add(
        candidate_id,
        RecordKind.EXAM,
        subject_id=attempt_id,
        happened_at=NOON,
        content=content,
        source="某考点",
        at=NOON,
        corrects_id=corrects_id,
        reason=None if corrects_id is None else "替考",
    ).id


def test_a_store_is_sent_each_statement_once_whatever_fails_between(
    app: Flask, sending: Sending, writing: Writing, the_clock: Clock, a_signed_in: SigningIn
) -> None:
    assert sending.opened()["position"] == 0
    with writing():
        paper = issue(sending.place)
        befallen(db.session.get_one(Certificate, paper), Turn.SUSPENDED)
        entry = graded(sending.place)
    numbered(app)
    sending.store.away = 503
    assert sending.sent() == 1
    assert sending.sent() == 0
    assert sending.shown()["failure"] == "status 503"
    the_clock.move(timedelta(seconds=5))
    sending.store.away = None
    assert sending.sent() == 1
    assert sending.sent() == 0

    said = {one["verb"]["id"].rpartition("/")[2]: one for one in sending.store.standing()}
    assert said.keys() == {"earned", "certificate-suspended", "passed"}
    assert said["passed"]["result"] == {
        "success": True,
        "completion": True,
        "score": {"raw": 86.5, "min": 0, "max": 100.0, "scaled": 0.865},
    }
    with app.app_context():
        held = db.session.get_one(Certificate, paper)
        someone = db.session.get_one(Person, held.person_id)
        assert said["earned"]["actor"]["account"]["name"] == str(someone.id)
        assert said["earned"]["actor"]["name"] == someone.name
        assert someone.document_masked not in str(sending.store.statements)
    # Tried twice, it was counted once, and the person sees it.
    mine = a_signed_in(person_id=someone.id).headers
    (told,) = sending.client.get("/v1/me/disclosures", headers=mine).get_json()["items"]
    assert (told["ability"], told["times"]) == ("statements", 1)
    usage = sending.client.get(
        f"/v1/exchange-agreements/{sending.place['agreed']}/usage", headers=sending.keeper()
    )
    assert [one["units"] for one in usage.get_json()["items"]] == [3]

    # What was acknowledged and not heard is sent again, and is one statement there.
    before = dict(sending.store.statements)
    store_id = UUID(sending.url.rpartition("/")[2])
    with writing():
        kept = db.session.get_one(ExchangeRecordStore, store_id)
        kept.position = 0
    assert sending.sent() == 1
    assert sending.store.statements == before

    with writing():
        graded(sending.place, corrects_id=entry)
    numbered(app)
    sending.sent()
    assert len(sending.store.voided) == 1
    assert "passed" not in {one["verb"]["display"]["en"] for one in sending.store.standing()}


def test_an_entry_that_a_store_refuses_is_listed_and_the_others_go_on(
    app: Flask, sending: Sending, writing: Writing, the_clock: Clock
) -> None:
    sending.opened()
    with writing():
        papers = [issue(sending.place) for _ in range(3)]
        sending.store.unwelcome = db.session.get_one(Certificate, papers[1]).serial
    numbered(app)
    tries = 0
    while sending.sent():
        tries += 1
    # All together, and then each alone; entries between concern no learner.
    assert sending.store.calls == 4 <= tries
    assert len(sending.store.statements) == 2
    (refused,) = sending.shown("/refused-statements")["items"]
    assert refused["failure"] == "status 400"

    # Its quota spent, it waits for the next day; ended, it is sent nothing.
    with writing():
        for _ in range(7):
            issue(sending.place)
    numbered(app)
    assert sending.sent() == 1
    assert sending.shown()["failure"] == "quota_spent"
    the_clock.move(timedelta(hours=13))
    assert sending.sent() == 1
    assert len(sending.store.statements) == 9
    with writing():
        issue(sending.place)
    numbered(app)
    ending = f"/v1/exchange-agreements/{sending.place['agreed']}/ending"
    sending.client.put(ending, json={"reason": "到期"}, headers=sending.keeper())
    assert sending.sent() == 0


def test_what_is_not_agreed_is_sent_to_no_store(sending: Sending, writing: Writing) -> None:
    assert sending.opened(endpoint="http://169.254.169.254")["code"] == "channel_unfit"
    sending.opened()
    assert sending.opened(endpoint=f"{sending.store.endpoint}/other")["code"] == "id_taken"
    assert SECRET not in str(sending.opened())
    with writing():
        region = db.session.get_one(Region, sending.place["region"])
        gate = an_agreement(region, Ability.LOOKUP, purpose=Purpose.SITE_ADMISSION)
        other = f"/v1/exchange-agreements/{gate.id}/record-stores/{uuid4()}"
    sending.url, kept = other, sending.url
    assert sending.opened()["code"] == "purpose_forbids"
    # The store of one agreement is not found under another.
    sending.url = other.rpartition("/")[0] + "/" + kept.rpartition("/")[2]
    assert sending.shown()["code"] == "not_found"
    sending.url = kept
    closed = sending.client.put(f"{kept}/closing", headers=sending.keeper()).get_json()
    assert closed["closed_at"] is not None
    assert sending.sent() == 0
