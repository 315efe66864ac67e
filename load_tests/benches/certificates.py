"""Certificates: ten thousand issued in bulk, and a result day on which everybody verifies (证书).

`CERTIFICATES` says how many are issued, 10,000 where nothing is said. The people are written
straight into the database; the batch is proposed, looked at, approved and issued as officers do it.
"""

from __future__ import annotations

import itertools
import json
import os
import time
from datetime import date
from typing import Any
from uuid import uuid4

from rich.console import Console

from load_tests.client import Client
from load_tests.messages import get, put
from load_tests.population import Writer
from load_tests.rush import Rush, Rushed
from load_tests.server_process import ServerProcess, fresh_server
from load_tests.setting import Setting, appoint, build

#: Seconds that each rush is held, and requests on their way at once.
SECONDS, CONNECTIONS = 6, 32

#: Seconds in which ten thousand must be issued, and longer than which nobody waits.
_PATIENCE = 600

_NOBODY = "2020-01-01 00:00:00.000000"


def run(console: Console) -> dict[str, Any]:
    """Measure on both databases."""
    count = int(os.environ.get("CERTIFICATES", "10000"))
    return {name: _on(name, count, console) for name in ("sqlite", "postgresql")}


def _on(database: str, count: int, console: Console) -> dict[str, Any]:
    # Questions by number are counted by where they come from, which the bench says as a proxy does.
    with fresh_server(database, durable=True, settings={"TRUSTED_PROXIES": "1"}) as server:
        console.print(f"{database}: {count:,} people")
        setting = build(server.url, server.sign_ins(), seed=3)
        people = _written(server, setting, count)
        issuing = _issue(server, setting, people)
        serials, tokens, named = _issued(server)
        by_serial = [_asked(f"/v1/verification/{one}") for one in serials]
        return {
            "bulk_issue": issuing,
            "verify_by_serial": _rush(server, by_serial),
            # Every code for the first time: each signature is verified.
            "verify_by_token": _rush(server, [_shown(one) for one in tokens]),
            # As on a result day, when a few thousand are shown again and again.
            "verify_by_token_again": _rush(server, [_shown(one) for one in tokens[:500]]),
            # Each from an address of its own, as fifty thousand households ask.
            "verify_by_number": _rush(
                server, [_named(*one, place) for place, one in enumerate(named * 5)]
            ),
        }


def _issued(server: ServerProcess) -> tuple[list[str], list[str], list[tuple[str, str]]]:
    """Return serials, signed codes, and numbers with names of everything that was issued."""
    writer = Writer(server.database_url, str(server.data_dir / "platform.db"))
    rows = writer.rows(
        "SELECT serial, token, number, content -> 'holder' ->> 'name'"
        " FROM certificate ORDER BY serial"
    )
    writer.close()
    return [row[0] for row in rows], [row[1] for row in rows], [row[2:] for row in rows]


def _written(server: ServerProcess, setting: Setting, count: int) -> list[str]:
    """Write people into the database; return their ids."""
    ids = [uuid4() for _ in range(count)]
    writer = Writer(server.database_url, str(server.data_dir / "platform.db"))
    columns = (
        *("id", "name", "document_type", "document_cipher", "document_key_id"),
        *("document_index", "document_index_key_id", "document_masked"),
        *("registered_under_id", "registered_at"),
    )
    under = setting.organisations["enterprise"]
    for number, one in enumerate(ids):
        spelt = one.hex if writer.is_sqlite else str(one)
        home = under.hex if writer.is_sqlite else str(under)
        row = (
            spelt,
            f"工人{number}",
            "passport",
            b"x",
            "-",
            one.hex,
            "-",
            "E*******0",
            home,
            _NOBODY,
        )
        writer.add("person", columns, row)
    writer.close()
    return [str(one) for one in ids]


def _issue(server: ServerProcess, setting: Setting, people: list[str]) -> dict[str, Any]:
    issuer = setting.staff["issuer"]
    other = _second_officer(setting)
    found = issuer.send(get("/v1/issuers")).good()["items"]
    batch = f"/v1/certificate-batches/{uuid4()}"
    proposal = {
        "issuer_id": found[0]["id"],
        "qualification_id": str(setting.qualifications["low_voltage_electrician"]),
        "valid_from": date.today().isoformat(),  # noqa: DTZ011  # the day of the machine
        "reason": "纸质考试合格档案",
        "people": people,
    }
    began = time.perf_counter()
    issuer.send(put(batch, proposal)).good()
    proposed = time.perf_counter() - began
    cursor: str | None = None
    while True:
        query = {"sampled": "true", "limit": 100} | ({"cursor": cursor} if cursor else {})
        page = other.send(get(f"{batch}/lines", query=query)).good()
        for line in page["items"]:
            other.send(put(f"{batch}/lines/{line['place']}/inspection", {"sound": True})).good()
        cursor = page["next_cursor"]
        if cursor is None:
            break
    cpu, began = server.cpu_seconds() or 0.0, time.perf_counter()
    job = other.send(put(f"{batch}/approval", {"reason": "抽样合格"})).good()["job_id"]
    while other.send(get(f"/v1/jobs/{job}")).good()["state"] not in ("done", "failed"):
        if time.perf_counter() - began > _PATIENCE:
            raise TimeoutError("The batch was not issued.")
        time.sleep(0.2)
    seconds = time.perf_counter() - began
    issued = other.send(get(batch)).good()["issued_count"]
    return {
        "count": issued,
        "failed": len(people) - issued,
        "seconds": round(seconds, 2),
        "per_second": round(issued / seconds, 1),
        "cpu_ms": round(((server.cpu_seconds() or 0.0) - cpu) * 1000 / max(1, issued), 3),
        "propose_seconds": round(proposed, 2),
        "rss_mb": server.rss_mb(),
    }


def _second_officer(setting: Setting) -> Client:
    return appoint(setting, "issuer", "authority")


def _asked(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def _shown(token: str) -> bytes:
    body = json.dumps({"token": token}).encode()
    head = (
        "POST /v1/verification HTTP/1.1\r\nHost: localhost\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _named(number: str, name: str, place: int) -> bytes:
    """A question by number and name, from one of many addresses: a gate asks a few times."""
    body = json.dumps({"number": number, "name": name}).encode()
    address = f"10.{place >> 16 & 255}.{place >> 8 & 255}.{place & 255}"
    head = (
        "POST /v1/number-verification HTTP/1.1\r\nHost: localhost\r\n"
        f"X-Forwarded-For: {address}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _rush(server: ServerProcess, requests: list[bytes]) -> dict[str, Any]:
    rush = Rush(server.url, connections=CONNECTIONS)
    # The second goes on where the first ended, so that what is asked for the first time is.
    asked = itertools.cycle(requests)
    rush.hold(asked, seconds=1)
    cpu = server.cpu_seconds() or 0.0
    held: Rushed = rush.hold(asked, seconds=SECONDS)
    rush.close()
    count = sum(held.statuses.values())
    return {
        "count": count,
        "failed": held.failed,
        "per_second": round(held.per_second, 1),
        "p50_ms": round(held.percentile(50), 2),
        "p95_ms": round(held.percentile(95), 2),
        "p99_ms": round(held.percentile(99), 2),
        "cpu_ms": round(((server.cpu_seconds() or 0.0) - cpu) * 1000 / max(1, count), 3),
    }
