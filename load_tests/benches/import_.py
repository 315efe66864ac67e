"""Import: fifteen thousand rows previewed, compared with the bank, and written (导入).

The workbook has the shape of a real one: four columns, separators and running numbers as they come,
one row of two hundred refused, one of a hundred twice. On both databases it is sent over HTTP, read
and accepted by the jobs of the server, and sent again, which must create nothing.
"""

from __future__ import annotations

import io
import random
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import xlsxwriter
from rich.console import Console

from load_tests import postgres, proc, setting
from load_tests.client import Client
from load_tests.messages import Ask, get, put
from load_tests.server_process import ServerProcess

ROWS = 15_000

#: Seconds and megabytes that the whole may take.
LIMIT_SECONDS, LIMIT_MB = 15.0, 300.0

_WORDS = "停电验电接地挂牌遮栏绝缘手套漏电保护变压器断路器隔离开关触电急救安全距离电流电压电缆导线"


def run(console: Console) -> dict[str, Any]:
    """Measure both databases and return their figures."""
    content = workbook()
    return {database: _measure(database, content, console) for database in ("sqlite", "postgresql")}


def workbook() -> bytes:
    """Return the workbook; the same one every time."""
    dice = random.Random(7)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("题库")
        sheet.write_row(0, 0, ["作业种类", "试题类型", "题目内容", "题目选项", "题目答案"])
        for number in range(1, ROWS + 1):
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


def _measure(database: str, content: bytes, console: Console) -> dict[str, Any]:
    with ExitStack() as stack:
        url = None
        if database == "postgresql":
            url = stack.enter_context(postgres.private_server(durable=True))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="import-")))
        server = ServerProcess(folder / "data", database_url=url)
        stack.callback(server.stop)
        server.start()
        made = setting.build(server.url, server.sign_ins(), seed=7)
        author = made.staff["author"]
        bank = put(
            "/v1/question-banks/{bank_id}",
            {"name": "大题库", "owner_id": made.organisations["authority"]},
            bank_id=(bank_id := uuid4()),
        )
        author.send(bank).good()
        console.print(f"{database}: {ROWS} rows …")
        first = _bring(server, author, content, bank_id)
        return {"first": first, "again": _bring(server, author, content, bank_id)}


def _bring(server: ServerProcess, author: Client, content: bytes, bank_id: Any) -> dict[str, Any]:
    """Send the file, wait for its report, accept it, wait again; return what that cost."""
    import_id = uuid4()
    cpu = _cpu_since(server)
    with _Largest(server) as memory:
        began = time.perf_counter()
        ask = Ask(
            method="PUT",
            address="/v1/question-imports/{import_id}",
            ids={"import_id": import_id},
            query={"bank_id": bank_id, "serves": "special_operations_worker:1.2"},
            file=content,
        )
        author.send(ask).good()
        report = _until(author, import_id, "previewed")
        previewed = time.perf_counter() - began
        body = {"accepted_only": True}
        author.send(
            put("/v1/question-imports/{import_id}/acceptance", body, import_id=import_id)
        ).good()
        done = _until(author, import_id, "accepted")
        seconds, spent = time.perf_counter() - began, cpu()
        _until_done(author, done["job_id"])
        settled = time.perf_counter() - began
    return {
        "count": ROWS,
        "refused": report["counts"]["refused"],
        "duplicates": report["counts"]["duplicate"],
        "created": done["created_count"],
        "preview_seconds": round(previewed, 2),
        "seconds": round(seconds, 2),
        #: Until searching and law know every question, too.
        "settled_seconds": round(settled, 2),
        "cpu_seconds": round(spent, 2),
        "per_second": round(ROWS / seconds),
        "rss_mb": round(memory.most),
        "limit_ratio": round(seconds / LIMIT_SECONDS, 3),
        "failed": int(seconds > LIMIT_SECONDS or memory.most > LIMIT_MB),
    }


def _until(author: Client, import_id: Any, state: str) -> dict[str, Any]:
    """Ask until the import is so far, as a page would."""
    until = time.monotonic() + 300
    while time.monotonic() < until:
        found: dict[str, Any] = author.send(
            get("/v1/question-imports/{import_id}", import_id=import_id)
        ).good()
        if found["state"] == state:
            return found
        time.sleep(0.1)
    raise TimeoutError(state)


def _until_done(author: Client, job_id: Any) -> None:
    """Ask until a job has ended."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        found = author.send(get("/v1/jobs/{job_id}", job_id=job_id)).good()
        if found["state"] == "done":
            return
        time.sleep(0.1)
    raise TimeoutError(job_id)


def _cpu_since(server: ServerProcess) -> Callable[[], float]:
    """Return a function that says how many seconds of CPU the server has spent from now on."""

    def spent() -> float:
        return sum(proc.cpu_seconds(pid, with_ended=True) for pid in proc.family(server.pid))

    before = spent()
    return lambda: spent() - before


class _Largest:
    """Watches the processes of a server, and remembers how large the largest one became."""

    def __init__(self, server: ServerProcess) -> None:
        self._server, self._over = server, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.most = 0.0

    def __enter__(self) -> _Largest:
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
