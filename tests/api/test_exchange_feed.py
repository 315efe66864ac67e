"""Another system follows the feed, is told when it moves, and ends equal to us."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from certificates.models import Certificate
from certificates.validity import Turn
from server.config import Config
from server.db import db
from server.exchange.models import ExchangeAgreement
from server.exchange.terms import Ability, PersonField
from server.people.models import Person
from server.people.services import merging
from server.records import services as records
from server.records.entries import RecordKind
from server.regions.models import Region
from tests.api.conftest import Headers
from tests.factories.certificates import REGISTRAR, befallen
from tests.factories.exams import an_attempt, an_exam
from tests.factories.exchange import (
    a_followed_province,
    an_agreement,
    issue,
    numbered,
    token_headers,
)
from tests.factories.people import a_person
from tests.factories.regions import a_county
from tests.moments import NOON

Writing = Callable[[], AbstractContextManager[None]]
ITEMS = ("1.2",)


class Follower:
    """Another system: what it stored, and the cursor it stored with it."""

    def __init__(self, kept: str = "null") -> None:
        self.state: dict[str, Any] = json.loads(kept) or {
            "cursor": None,
            "seen": [],
            "certificates": {},
            "sums": {},
            "outcomes": {},
        }

    def kept(self) -> str:
        """Return what lies on its disk."""
        return json.dumps(self.state)

    def follow(self, client: FlaskClient, headers: Headers, *, limit: int) -> bool:
        """Take one page in; say whether there is more."""
        query = {"limit": limit} | ({"cursor": c} if (c := self.state["cursor"]) else {})
        reply = client.get("/v1/exchange/feed", query_string=query, headers=headers)
        assert reply.status_code == 200, reply.get_json()
        page = reply.get_json()
        for item in page["items"]:
            self.state["seen"].append(item["seq"])
            self._take_in(item["kind"], item["content"])
        self.state["cursor"] = page["next_cursor"]
        return bool(page["more"])

    def _take_in(self, kind: str, content: Any) -> None:
        if content is None:
            return
        papers = self.state["certificates"]
        if kind == "certificate":
            papers[content["certificate_id"]] = {**content, "befell": []}
        elif kind == "status":
            befell = papers[content["certificate_id"]]["befell"]
            befell.append([content["sequence"], content["kind"], content["effective_on"]])
        elif kind == "outcome":
            self.state["outcomes"][content["subject_id"]] = content
        elif kind == "coverage":
            if content["opening"]:
                self.state["sums"] = {}
            for change in content["changes"]:
                sums = self.state["sums"].setdefault(change["indicator"], [])
                sums.append([change["day"], change["required"], change["missing"]])

    def figure(self, indicator: str, on: date) -> tuple[int, int]:
        """Return how many must on a day, and how many of them are missing."""
        days = [d for d in self.state["sums"].get(indicator, []) if d[0] <= on.isoformat()]
        return sum(d[1] for d in days), sum(d[2] for d in days)


@pytest.fixture
def place(writing: Writing) -> dict[str, Any]:
    """Store a province with a bureau that issues, and two systems that follow it."""
    with writing():
        return a_followed_province()


def test_a_system_that_follows_the_feed_through_a_restart_ends_equal_to_us(
    app: Flask, client: FlaskClient, place: dict[str, Any], writing: Writing, config: Config
) -> None:
    headers = token_headers(place["ours"], config)
    follower, papers = Follower(), list[UUID]()

    for turn in range(4):
        with writing():
            papers.append(issue(place))
            befallen(db.session.get_one(Certificate, papers[turn]), Turn.SUSPENDED)
            if turn % 2:
                befallen(db.session.get_one(Certificate, papers[turn]), Turn.REINSTATED)
        numbered(app)
        follower.follow(client, headers, limit=2)
    before = follower.kept()
    follower.follow(client, headers, limit=3)
    # It is killed before it stored that page, and begins again with what it had.
    follower = Follower(before)
    while follower.follow(client, headers, limit=3):
        pass

    seen = follower.state["seen"]
    assert seen == sorted(set(seen))
    with app.app_context():
        ours = {
            str(one.id): [
                [each.sequence, each.kind.value, each.effective_on.isoformat()]
                for each in one.events[1:]
            ]
            for one in db.session.execute(select(Certificate)).scalars()
        }
        masked = {p.document_masked for p in db.session.execute(select(Person)).scalars()}
    theirs = follower.state["certificates"]
    assert {one: content["befell"] for one, content in theirs.items()} == ours
    assert {content["holder"]["document_masked"] for content in theirs.values()} <= masked
    assert all("document" not in content["holder"] for content in theirs.values())


def test_the_sums_of_coverage_added_up_are_our_figures(
    app: Flask,
    client: FlaskClient,
    place: dict[str, Any],
    writing: Writing,
    config: Config,
    almighty: Headers,
) -> None:
    with writing():
        first = issue(place)
        issue(place)
    with writing():
        befallen(db.session.get_one(Certificate, first), Turn.SUSPENDED)
    numbered(app)
    follower = Follower()
    while follower.follow(client, token_headers(place["ours"], config), limit=5):
        pass

    query = {"region_id": place["province"], "on": NOON.date().isoformat()}
    figures = client.get("/v1/coverage", query_string=query, headers=almighty).get_json()["items"]
    ours = {
        one["indicator"]["key"]: (one["required_count"], one["missing_count"])
        for one in figures
        if one["required_count"]
    }

    assert ours
    assert {name: follower.figure(name, NOON.date()) for name in ours} == ours


def test_outcomes_are_told_with_what_was_agreed_of_the_candidate(
    app: Flask, client: FlaskClient, writing: Writing, config: Config
) -> None:
    with writing():
        scene = an_exam()
        attempt = an_attempt(scene)
        record = records.add(
            attempt.candidate_id,
            RecordKind.EXAM,
            subject_id=attempt.id,
            happened_at=NOON,
            content={"exam": "低压电工", "score": "85", "max_score": "100", "passed": True},
            source="某考点",
            at=NOON,
        )
        region = db.session.get_one(Region, scene.centre.region_id)
        ours = an_agreement(region, Ability.OUTCOMES, fields=[PersonField.NAME])
        beside = an_agreement(a_county(), Ability.OUTCOMES)
        expected = (str(record.id), str(attempt.candidate_id))
    numbered(app)

    page = client.get("/v1/exchange/feed", headers=token_headers(ours, config)).get_json()
    empty = client.get("/v1/exchange/feed", headers=token_headers(beside, config)).get_json()

    (item,) = page["items"]
    assert item["kind"] == "outcome"
    told = item["content"]
    assert (told["record_id"], told["candidate"]["person_id"]) == expected
    assert (told["score"], told["passed"]) == ("85", True)
    assert told["candidate"].keys() == {"person_id", "name"}
    assert empty["items"] == []


def test_a_cursor_of_another_client_and_one_of_nothing_are_refused(
    app: Flask, client: FlaskClient, place: dict[str, Any], writing: Writing, config: Config
) -> None:
    with writing():
        issue(place)
    numbered(app)
    ours, theirs = (token_headers(place[who], config) for who in ("ours", "other"))
    cursor = client.get("/v1/exchange/feed", headers=ours).get_json()["next_cursor"]

    for query, headers, code in (
        (cursor, theirs, "foreign_cursor"),
        ("nonsense", ours, "bad_feed_cursor"),
    ):
        refused = client.get(f"/v1/exchange/feed?cursor={query}", headers=headers)
        assert (refused.status_code, refused.get_json()["code"]) == (422, code)
    beyond = client.get("/v1/exchange/feed", headers=theirs).get_json()
    assert Counter(one["kind"] for one in beyond["items"]).keys() <= {"coverage", "person"}


def test_two_entries_that_became_one_are_told_and_told_apart_again(
    app: Flask, client: FlaskClient, place: dict[str, Any], writing: Writing, config: Config
) -> None:
    headers, merge_id = token_headers(place["ours"], config), uuid4()
    with writing():
        kept, gone = a_person().id, a_person().id
        merging.merge(
            merge_id=merge_id, kept_id=kept, merged_id=gone, reason="重复", by=REGISTRAR, at=NOON
        )
    numbered(app)
    first = client.get("/v1/exchange/feed", headers=headers).get_json()
    with writing():
        merging.undo(merge_id, reason="核实为两人", by=REGISTRAR, at=NOON)
    numbered(app)
    query = {"cursor": first["next_cursor"]}
    second = client.get("/v1/exchange/feed", query_string=query, headers=headers).get_json()

    told = [
        [one["content"] for one in page["items"] if one["kind"] == "person" and one["content"]]
        for page in (first, second)
    ]
    ids = {"kept_id": str(kept), "merged_id": str(gone)}
    assert [page[-1] for page in told] == [ids | {"undone": False}, ids | {"undone": True}]


def test_an_ended_agreement_is_told_nothing(
    client: FlaskClient, place: dict[str, Any], writing: Writing, config: Config
) -> None:
    headers = token_headers(place["ours"], config)
    with writing():
        db.session.get_one(ExchangeAgreement, place["ours"].id).ended_on = NOON.date()

    assert client.get("/v1/exchange/feed", headers=headers).get_json()["code"] == "agreement_over"
