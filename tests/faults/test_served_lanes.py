"""The served lanes refuse hostile requests one by one, byte by byte as they come."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import uuid4

import pytest
import urllib3

from load_tests.server_process import ServerProcess
from tests.faults import seats

pytestmark = pytest.mark.slow

ENTRY = {"slot": 1, "chosen": [0], "sequence": 1}
SAVE = {"epoch": 1, "entries": [ENTRY]}
JSON = {"Content-Type": "application/json"}
RESPONSES = "/v1/attempts/0b6e2f5e-8a55-4d0e-9c57-9d3e4f5a6b7c/responses"
#: What differs from moment to moment.
MOVING = {"now", "next_call_in"}
ENGLISH = {"Accept-Language": "en"}


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came back: the status, the headers with small names, the document."""

    status: int
    headers: Mapping[str, str]
    document: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One candidate's line to a served platform."""

    server: ServerProcess
    seat: seats.Seat

    def ask(
        self,
        body: bytes,
        headers: Mapping[str, str],
        *,
        chunked: bool = False,
        asked: str = "",
    ) -> Reply:
        """Send responses, or what else is asked, byte by byte as given."""
        sent = dict(headers)
        if chunked:
            sent["Transfer-Encoding"] = "chunked"
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        elif "Content-Length" not in sent:
            sent["Content-Length"] = str(len(body))
        asked = asked or f"PUT /v1/attempts/{self.seat.attempt_id}/responses"
        lines = [f"{asked} HTTP/1.1", "Host: h"]
        lines += ["Connection: close", *(f"{name}: {value}" for name, value in sent.items())]
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=20) as line:
            line.sendall("\r\n".join([*lines, "", ""]).encode() + body)
            whole = b"".join(iter(lambda: line.recv(65_536), b""))
        head, _, content = whole.partition(b"\r\n\r\n")
        first, *rest = head.decode().split("\r\n")
        named = dict(one.lower().split(": ", 1) for one in rest)
        return Reply(status=int(first.split()[1]), headers=named, document=json.loads(content))


@pytest.fixture
def line(writing, config, start_server):
    (seat,) = seats.taken(writing, config, 1)
    return Line(server=start_server(), seat=seat)


def test_hostile_requests_are_refused_one_by_one_and_keep_nobody_from_saving(line):
    signed = {**line.seat.headers, **JSON}
    asked = {
        "nobody": (json.dumps(SAVE).encode(), JSON, (401, "not_signed_in")),
        "a token of nobody": (
            b"{}",
            {"Authorization": "Bearer x.y.z", **JSON},
            (401, "access_token_refused"),
        ),
        "another scheme": (b"{}", {"Authorization": "Basic eDp5", **JSON}, (401, "not_signed_in")),
        "no JSON": (
            b"epoch=1",
            {**line.seat.headers, "Content-Type": "text/plain"},
            (415, "wrong_media_type"),
        ),
        "broken JSON": (b'{"epoch": 1, "entries"', signed, (400, "unreadable")),
        "a list": (b"[]", signed, (422, "invalid")),
        "nothing": (b"", line.seat.headers, (422, "invalid")),
        "too large": (b" " * 70_000, signed, (413, "too_large")),
        "unknown words": (b'{"epoch": 1, "entries": [], "x": 1}', signed, (422, "invalid")),
        "another epoch": (
            json.dumps({**SAVE, "epoch": 7}).encode(),
            signed,
            (409, "unknown_epoch"),
        ),
    }

    told = {name: line.ask(body, headers) for name, (body, headers, _) in asked.items()}

    assert {name: (reply.status, reply.document["code"]) for name, reply in told.items()} == {
        name: expected for name, (_, _, expected) in asked.items()
    }
    for reply in told.values():
        assert reply.headers["content-type"] == "application/problem+json"
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["x-request-id"] == reply.document["request_id"]
    assert line.ask(json.dumps(SAVE).encode(), signed).status == 200


def test_who_looks_at_a_served_lane_sees_what_the_ordinary_view_shows(line):
    signed = {**line.seat.headers, **JSON}
    assert line.ask(json.dumps(SAVE).encode(), signed).status == 200

    mine = f"/v1/attempts/{line.seat.attempt_id}"
    # Words in the query are answered by the view; a body means nothing to who looks.
    for address, words in ((mine, "?x=1"), ("/v1/me/certificates", "?on=2026-06-15")):
        lane, body, view = (
            line.ask(sent, line.seat.headers, asked=f"GET {address}{query}")
            for sent, query in ((b"", ""), (b"x" * 70_000, ""), (b"", words))
        )

        assert lane.status == body.status == view.status == 200
        assert lane.headers["cache-control"] == "no-store"
        shown = [
            {name: said for name, said in one.document.items() if name not in MOVING}
            for one in (lane, body, view)
        ]
        assert shown[0] == shown[1] == shown[2]
    figures = urllib3.request("GET", f"{line.server.url}/metrics").data.decode()
    (looks,) = re.findall(r'platform_group_size_count{queue="group_reading"} (\S+)', figures)
    assert float(looks) == 4  # beside the queue of who saves
    nobody = line.ask(b"", {}, asked=f"GET {mine}")
    assert (nobody.status, nobody.document["code"]) == (401, "not_signed_in")


def test_a_refusal_speaks_the_language_of_who_asks(line):
    signed = {**line.seat.headers, **JSON}

    chinese, english = (line.ask(b"[]", {**signed, **more}) for more in ({}, ENGLISH))

    assert chinese.document["detail"] == "部分字段有误。"
    assert english.document["detail"] == "Some fields are wrong."


def test_a_body_that_says_no_length_is_kept_or_refused_by_its_bytes(line):
    signed = {**line.seat.headers, **JSON}

    kept = line.ask(json.dumps(SAVE).encode(), signed, chunked=True)
    refused = line.ask(b" " * 70_000, signed, chunked=True)

    assert kept.document["acknowledged_count"] == 1
    assert (refused.status, refused.document["code"]) == (413, "too_large")


def test_a_body_that_is_said_to_be_too_large_is_refused_unread(line):
    announced = {**line.seat.headers, **JSON, "Content-Length": "1000000000"}

    assert line.ask(b"{", announced).status == 413


def test_a_request_keeps_the_id_it_brings_and_a_bad_one_gets_another(line):
    signed = {**line.seat.headers, **JSON}
    body = json.dumps(SAVE).encode()

    brought = line.ask(body, {**signed, "X-Request-Id": "room-7.seat-12"})
    unsound = line.ask(body, {**signed, "X-Request-Id": "a b;c"})

    assert brought.headers["x-request-id"] == "room-7.seat-12"
    assert unsound.headers["x-request-id"] != "a b;c"
    assert brought.status == unsound.status == 200


@pytest.mark.parametrize("path", [RESPONSES, "/v1/sign-in"])
@pytest.mark.parametrize("how", ["Content-Length: 300", "Transfer-Encoding: chunked"])
def test_who_hangs_up_in_the_midst_of_a_request_is_no_failure(line, path, how):
    head = f"PUT {path} HTTP/1.1\r\nHost: h\r\n{how}\r\nContent-Type: application/json\r\n\r\n"
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", line.server.port), timeout=20) as phone:
            phone.sendall(head.encode() + b'4\r\n{"ep\r\n')

    saved = line.ask(json.dumps(SAVE).encode(), {**line.seat.headers, **JSON})

    assert saved.status == 200
    assert "Traceback" not in line.server.log_tail(200)


def test_an_attempt_of_nobody_is_none(line):
    nobodys = replace(line, seat=replace(line.seat, attempt_id=uuid4()))

    refused = nobodys.ask(json.dumps(SAVE).encode(), {**line.seat.headers, **JSON})

    assert (refused.status, refused.document["code"]) == (404, "not_found")
