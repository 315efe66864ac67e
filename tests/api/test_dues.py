"""What is due, and reminding of it: in the app, by a real mail server, by a signed webhook."""

from __future__ import annotations

import hashlib
import hmac
import json
import socketserver
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certificates import reminding
from certificates.validity import Turn
from server import clock
from server.config import Config
from server.db import db
from server.messages import commands
from server.organisations.drafts import OrganisationKind
from server.people.models import Person
from server.people.roster import PostRole
from server.policy import Role
from tests.api.conftest import Headers
from tests.conftest import SigningIn
from tests.factories.certificates import a_certificate, an_issuer, befallen
from tests.factories.exams import an_enrolment, an_exam
from tests.factories.lives import an_induction
from tests.factories.organisations import an_organisation
from tests.factories.people import a_person, a_post
from tests.factories.regions import a_county
from tests.moments import Clock
from tests.served import served

Writing = Callable[[], AbstractContextManager[None]]


class _Mails(socketserver.StreamRequestHandler):
    """The least mail server that speaks SMTP."""

    def handle(self) -> None:
        self._say("220 ready")
        data: list[bytes] | None = None
        for line in self.rfile:
            if data is not None:
                if line == b".\r\n":
                    self.server.mails.append(b"".join(data))  # type: ignore[attr-defined]  # ours
                    data = None
                    self._say("250 kept")
                else:
                    data.append(line)
            elif line.upper().startswith(b"DATA"):
                data = []
                self._say("354 go on")
            elif line.upper().startswith(b"QUIT"):
                self._say("221 bye")
                return
            else:
                self._say("250 well")

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


class _Hook(BaseHTTPRequestHandler):
    """A webhook that refuses the first request and takes all others."""

    def do_POST(self) -> None:  # the name of the library
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append((dict(self.headers), body))  # type: ignore[attr-defined]  # ours
        self.send_response(200 if len(self.server.calls) > 1 else 503)  # type: ignore[attr-defined]  # ours
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def mails() -> Iterator[Any]:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mails)
    server.daemon_threads = True
    server.mails = []  # type: ignore[attr-defined]  # ours
    with served(server):
        yield server


@pytest.fixture
def hook() -> Iterator[Any]:
    server = HTTPServer(("127.0.0.1", 0), _Hook)
    server.calls = []  # type: ignore[attr-defined]  # ours
    with served(server):
        yield server


@pytest.fixture
def plant(writing: Writing) -> dict[str, UUID]:
    """Store an electrician whose certificate ends in 60 days, and the bureau of the county."""
    with writing():
        county = a_county()
        works = an_organisation(name="某电厂", region=county)
        bureau = an_organisation(name="某县应急局", region=county, kind=OrganisationKind.AUTHORITY)
        worker = a_person(works, name="王建国")
        a_post(worker, works, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=("1.2",))
        an_induction(worker, works)
        held = a_certificate(worker, an_issuer(), valid_from=date(2020, 8, 15))
        befallen(held, Turn.REVIEWED, date(2023, 8, 1))
        return {"works": works.id, "bureau": bureau.id, "worker": worker.id}


@pytest.fixture
def officer(plant: dict[str, UUID], a_signed_in: SigningIn) -> Headers:
    role = Role.ENTERPRISE_SAFETY_OFFICER
    return a_signed_in(role, organisation_id=plant["works"]).headers


def run(app: Flask) -> int:
    with app.app_context():
        return reminding.remind(clock.now())


def test_what_is_due_is_listed_until_an_exam_is_booked_for_it(
    client: FlaskClient, plant: dict[str, UUID], officer: Headers, writing: Writing
) -> None:
    (one,) = client.get("/v1/dues", headers=officer).get_json()["items"]
    assert (one["kind"], one["item"], one["due_on"]) == ("certificate", "1.2", "2026-08-14")
    assert (one["stage"], one["booked"], one["name"]) == (60, False, "王建国")
    assert client.get("/v1/dues?within=30", headers=officer).get_json()["items"] == []

    with writing():
        an_enrolment(an_exam(), db.session.get_one(Person, plant["worker"]))
    assert client.get("/v1/dues?booked=false", headers=officer).get_json()["items"] == []
    (booked,) = client.get("/v1/dues?booked=true", headers=officer).get_json()["items"]
    assert booked["person_id"] == str(plant["worker"])


def test_worker_officer_and_bureau_are_reminded_once_at_each_stage(
    app: Flask,
    client: FlaskClient,
    plant: dict[str, UUID],
    officer: Headers,
    a_signed_in: SigningIn,
    the_clock: Clock,
) -> None:
    assert run(app) == 3
    assert run(app) == 0
    the_clock.move(timedelta(days=1))
    assert run(app) == 0
    the_clock.move(timedelta(days=29))
    assert run(app) == 3

    own = a_signed_in(person_id=plant["worker"]).headers
    told = client.get("/v1/me/messages", headers=own).get_json()["items"]
    messages = [one for one in told if one["kind"] == "certificate_due"]
    assert len(messages) == 2
    assert "2026-08-14" in messages[0]["body_zh"]
    read = client.put(f"/v1/me/messages/{messages[0]['id']}/reading", headers=own)
    assert read.get_json()["read_at"] is not None
    url = f"/v1/organisations/{plant['works']}/messages"
    headers = a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=plant["works"]).headers
    assert len(client.get(url, headers=headers).get_json()["items"]) == 2


def test_a_reminder_leaves_by_mail_and_signed_webhook_each_once_and_is_tried_again(
    app: Flask,
    client: FlaskClient,
    config: Config,
    plant: dict[str, UUID],
    officer: Headers,
    mails: Any,
    hook: Any,
    the_clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    port = mails.server_address[1]
    smtp = f"smtp://127.0.0.1:{port}?from=platform@example.org"
    posted = config.replaced(smtp_url=smtp, webhook_networks=("127.0.0.0/8",))
    monkeypatch.setitem(app.extensions, "config", posted)
    webhook = f"http://127.0.0.1:{hook.server_address[1]}/in"
    for kind, address in (("email", "officer@example.org"), ("webhook", webhook)):
        body = {"organisation_id": str(plant["works"]), "kind": kind, "address": address}
        opened = client.put(f"/v1/message-channels/{uuid4()}", json=body, headers=officer)
        assert opened.status_code == 200, opened.get_json()
    secret = opened.get_json()["secret"].encode()
    assert run(app) == 3

    with app.app_context():
        assert commands.deliver(clock.now()) == 2
        assert commands.deliver(clock.now()) == 0
    the_clock.move(timedelta(minutes=2))
    with app.app_context():
        assert commands.deliver(clock.now()) == 1
        assert commands.deliver(clock.now()) == 0

    assert len(mails.mails) == 1
    assert len(hook.calls) == 2
    sent, content = hook.calls[1]
    signed = hmac.new(secret, sent["X-Timestamp"].encode() + b"." + content, hashlib.sha256)
    assert sent["X-Signature"] == signed.hexdigest()
    assert json.loads(content)["kind"] == "certificate_due"
    assert json.loads(content)["id"] == json.loads(hook.calls[0][1])["id"]


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("email", "nobody"),
        ("webhook", "ftp://example.org/x"),
        ("webhook", "https://a:b@c.org/"),
        ("webhook", "https://127.0.0.1/"),
        ("webhook", "http://169.254.169.254/latest"),
    ],
)
def test_a_channel_that_leads_nowhere_is_refused(
    client: FlaskClient, plant: dict[str, UUID], officer: Headers, kind: str, address: str
) -> None:
    body = {"organisation_id": str(plant["works"]), "kind": kind, "address": address}

    reply = client.put(f"/v1/message-channels/{uuid4()}", json=body, headers=officer)

    assert (reply.status_code, reply.get_json()["code"]) == (422, "channel_unfit")
