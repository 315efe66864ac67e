"""Secrets and signing keys go round two servers while phones and bureaus ask: nobody notices."""

from __future__ import annotations

import asyncio
import base64
import os
import threading
from collections.abc import Sequence
from random import Random

import pytest
from sqlalchemy import text

from load_tests.client import Client
from load_tests.messages import Reply, get
from load_tests.server_process import ServerProcess
from load_tests.spawning import ROOT
from tests.faults.crowd import Phone, phones
from tests.faults.ledger import Ledger, judge, words_of
from tests.upgrades.test_upgrades import CANDIDATES, PAUSE, WORDS, engine_to, point, said, taken

pytestmark = pytest.mark.slow

#: Rounds of the bureau between two restarts.
ROUNDS = 3

#: The issuer of the demonstration.
ISSUER = "330108"


def fresh() -> str:
    """Return a new secret."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


class Bureau(threading.Thread):
    """Signs in at one server, shows its token to every other, and reads sealed numbers there."""

    def __init__(self, servers: Sequence[ServerProcess]) -> None:
        super().__init__(daemon=True)
        one = next(one for one in servers[0].sign_ins() if one.role == "administrator")
        self._who = (one.sign_in_name, one.password)
        self.open = list(servers)
        self.failed: list[tuple[int, str]] = []
        self.lists: set[int] = set()
        self._rounds = 0
        self._turned = threading.Condition()
        self._ended = threading.Event()

    def run(self) -> None:
        """Ask until told to end."""
        while not self._ended.is_set():
            self._ask(list(self.open))
            with self._turned:
                self._rounds += 1
                self._turned.notify_all()
            self._ended.wait(0.2)

    def _ask(self, servers: Sequence[ServerProcess]) -> None:
        client = Client(servers[0].url, watch=self._look)
        client.sign_in(*self._who)
        for server in servers:
            client.base_url = server.url
            people = client.send_once(get("/v1/people", query={"limit": 20}))
            masked = [one["document_masked"] for one in people.body["items"]]
            if not masked or not all("*" in one for one in masked):
                self.failed.append((0, "numbers cannot be opened"))
            signed = client.send_once(get("/v1/signed-trust-list"))
            self.lists.add(hash(signed.raw))

    def _look(self, reply: Reply) -> None:
        if not reply.fine:
            self.failed.append((reply.status, reply.ask.address))

    def wait(self) -> None:
        """Return after some whole rounds."""
        with self._turned:
            until = self._rounds + ROUNDS
            assert self._turned.wait_for(lambda: self._rounds >= until, timeout=60)

    def end(self) -> None:
        """Ask no more."""
        self._ended.set()
        self.join(60)


async def go_round(
    servers: Sequence[ServerProcess], bureau: Bureau, crowd: Sequence[Phone], **settings: str
) -> None:
    """Restart one server after the other with other settings; whoever asks goes to the others."""
    for server in servers:
        others = [one for one in servers if one is not server]
        point(crowd, *others)
        bureau.open = others
        await asyncio.to_thread(bureau.wait)
        await asyncio.to_thread(server.stop)
        server.change(**settings)
        await asyncio.to_thread(server.start)
        point(crowd, *servers)
        bureau.open = list(servers)
        await asyncio.to_thread(bureau.wait)


async def rotate_all(
    servers: Sequence[ServerProcess], crowd: Sequence[Phone], ledger: Ledger, bureau: Bureau
) -> None:
    """Rotate everything as docs/running/upgrading.md says, while a crowd sits."""
    before = {name: servers[0].setting(name) for name in ("TOKEN_SECRET", "ENCRYPTION_KEY")}
    after = {name: fresh() for name in before}
    retired = {"TOKEN_SECRET": "TOKEN_SECRETS_RETIRED", "ENCRYPTION_KEY": "ENCRYPTION_KEYS_RETIRED"}

    def old_ones(values: dict[str, str]) -> dict[str, str]:
        return {retired[name]: value for name, value in values.items()}

    async with asyncio.TaskGroup() as tasks:
        for phone in crowd:
            tasks.create_task(phone.sit())
        await ledger.grown_by(WORDS)
        await go_round(servers, bureau, crowd, **old_ones(after))
        await go_round(servers, bureau, crowd, **after, **old_ones(before))
        for words in (("people", "rekey"), ("contest-rekey",)):
            status, told = await asyncio.to_thread(said, servers[0], *words)
            assert status == 0, told
        await go_round(servers, bureau, crowd, ENCRYPTION_KEYS_RETIRED="")
        status, told = await asyncio.to_thread(
            said, servers[0], "certificates", "rotate-key", ISSUER
        )
        assert status == 0, told
        await asyncio.to_thread(bureau.wait)
        await ledger.grown_by(WORDS)
        for phone in crowd:
            phone.finished.set()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_secrets_and_keys_go_round_two_servers_and_no_request_fails(make_server, tmp_path):
    servers = [make_server(ROOT), make_server(ROOT)]
    for server in servers:
        server.start()
    seats = taken(servers[0], tmp_path)
    ledger = Ledger()
    crowd = phones(servers[0].url, seats, ledger, Random(7), pause=PAUSE)
    bureau = Bureau(servers)
    bureau.start()
    try:
        asyncio.run(rotate_all(servers, crowd, ledger, bureau))
    finally:
        bureau.end()

    assert bureau.failed == []
    assert len(bureau.lists) == 2, "the list of keys was signed anew, and both servers show it"
    engine = engine_to(servers[0])
    mine = {seat.attempt_id for seat in seats}
    stored = [word for word in words_of(engine) if word.attempt_id in mine]
    verdict = judge(acknowledged=ledger.acknowledged, said=ledger.said, stored=stored)
    assert verdict.spotless, verdict
    with engine.connect() as connection:
        outcomes = connection.execute(text("SELECT count(*) FROM outcome")).scalar_one()
    assert outcomes >= CANDIDATES
    engine.dispose()
