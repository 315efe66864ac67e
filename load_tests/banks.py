"""Large banks for benchmarks: a workbook of any length, sent, read and accepted (大题库)."""

from __future__ import annotations

import io
import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import xlsxwriter

from load_tests import postgres, proc, setting
from load_tests.client import Client
from load_tests.messages import Ask, get, put
from load_tests.server_process import ServerProcess
from load_tests.setting import Setting

#: Seconds after which something is never going to come.
_PATIENCE = 600.0

_WORDS = "停电验电接地挂牌遮栏绝缘手套漏电保护变压器断路器隔离开关触电急救安全距离电流电压电缆导线"


def workbook(rows: int) -> bytes:
    """Return a workbook of the shape of a real one; the same one every time.

    Four columns, separators and running numbers as they come, one row of two hundred refused, one
    of a hundred much like another.
    """
    dice = random.Random(7)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("题库")
        sheet.write_row(0, 0, ["作业种类", "试题类型", "题目内容", "题目选项", "题目答案"])
        for number in range(1, rows + 1):
            sheet.write_row(number, 0, _row(number, dice))
    return target.getvalue()


def _row(number: int, dice: random.Random) -> list[str]:
    asked = number - 1 if number % 100 == 0 else number
    stem = f"{number}.{_text(dice, 30)}第{asked}项应当（ ）。"
    if number % 100 == 0:
        stem = f"{number}.与上一行相同的第{asked - asked % 2}项（ ）。"
    if number % 3 == 0:
        return ["低压电工", "判断题", stem, "**A.正确**B.错误", dice.choice("AB")]
    options = "".join(f"**{label}.{_text(dice, 12)}{label}" for label in "ABCD")
    key = "" if number % 200 == 1 else "ACD" if number % 3 == 1 else dice.choice("ABCD")
    return ["低压电工", "多选题" if number % 3 == 1 else "单选题", stem, options, key]


def _text(dice: random.Random, count: int) -> str:
    return "".join(dice.choice(_WORDS) for _ in range(count))


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A server with an empty bank, its author and its reviewer."""

    server: ServerProcess
    author: Client
    reviewer: Client
    bank_id: UUID
    made: Setting

    @property
    def planner(self) -> Client:
        """Who plans exams."""
        return self.made.staff["planner"]

    def name(self, name: str) -> None:
        """Open the bank under a name, or give it another one."""
        body = {"name": name, "owner_id": self.made.organisations["authority"]}
        ask = put("/v1/question-banks/{bank_id}", body, bank_id=self.bank_id)
        self.author.send(ask).good()

    def bring(self, content: bytes) -> UUID:
        """Send a file and return the id of its import; a job reads it."""
        import_id = uuid4()
        ask = Ask(
            method="PUT",
            address="/v1/question-imports/{import_id}",
            ids={"import_id": import_id},
            query={"bank_id": self.bank_id, "serves": "special_operations_worker:1.2"},
            file=content,
        )
        self.author.send(ask).good()
        return import_id

    def accept(self, import_id: UUID) -> dict[str, Any]:
        """Accept what can be of an import, and wait until it is written."""
        address, body = "/v1/question-imports/{import_id}/acceptance", {"accepted_only": True}
        self.author.send(put(address, body, import_id=import_id)).good()
        return self.until(import_id, "accepted")

    def until(self, import_id: UUID, state: str) -> dict[str, Any]:
        """Ask until an import is so far, as a page would."""
        ask = get("/v1/question-imports/{import_id}", import_id=import_id)
        return _until(self.author, ask, state)

    def until_done(self, job_id: Any, *, who: Client | None = None) -> dict[str, Any]:
        """Ask until a job of the author, or of somebody else, has come to its end."""
        return _until(who or self.author, get("/v1/jobs/{job_id}", job_id=job_id), "done")

    def cpu_since_now(self) -> Callable[[], float]:
        """Return a function that says how many seconds of CPU the server spends from now on."""

        def spent() -> float:
            family = proc.family(self.server.pid)
            return sum(proc.cpu_seconds(pid, with_ended=True) for pid in family)

        before = spent()
        return lambda: spent() - before


def _until(who: Client, ask: Ask, state: str) -> dict[str, Any]:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        found: dict[str, Any] = who.send(ask).good()
        if found["state"] == state:
            return found
        time.sleep(0.1)
    raise TimeoutError(state)


@contextmanager
def a_desk(database: str) -> Iterator[Desk]:
    """Start a server on a database, and open a bank there."""
    with ExitStack() as stack:
        url = None
        if database == "postgresql":
            url = stack.enter_context(postgres.private_server(durable=True))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bank-")))
        server = ServerProcess(folder / "data", database_url=url)
        stack.callback(server.stop)
        server.start()
        made = setting.build(server.url, server.sign_ins(), seed=7)
        author, bank_id = made.staff["author"], uuid4()
        reviewer = made.staff["reviewer"]
        desk = Desk(server=server, author=author, reviewer=reviewer, bank_id=bank_id, made=made)
        desk.name("大题库")
        yield desk


class Largest:
    """Watches the processes of a server, and remembers how large the largest one became."""

    def __init__(self, server: ServerProcess) -> None:
        self._server, self._over = server, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        #: Megabytes.
        self.most = 0.0

    def __enter__(self) -> Largest:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.05):
            for pid in proc.family(self._server.pid):
                try:
                    self.most = max(self.most, proc.mb(pid))
                except (OSError, ValueError, IndexError):
                    continue  # it ended while it was looked at
