"""Work on hostile bytes in a process of its own: little memory, little time, no secrets (隔离).

A parser that is fooled costs one short-lived process and nothing else: it has neither settings
nor a database, may write no file, and ends when its memory, its processor time or the patience of
whoever waits for it is over. What it returns is JSON, so that not even a process that was taken
over can make this one run anything.
"""

from __future__ import annotations

import importlib
import json
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from server.errors import DomainError, Unavailable, every_refusal

#: What a confined function is: bytes and plain values in, things that JSON can say out.
Confinable = Callable[[bytes, Mapping[str, Any]], Iterator[Any]]

#: Such processes at a time, per server process; whoever comes then waits.
AT_A_TIME: Final = 2
#: Seconds that a request waits for its turn before it is told to come back.
PATIENCE: Final = 15.0

_places = threading.BoundedSemaphore(AT_A_TIME)


class OutOfBounds(DomainError):
    """The content takes more memory or time to read than anybody is given."""

    code = "out_of_bounds"
    status = 422
    en = "The file takes too much memory or time to read and was refused."
    zh = "读取该文件所需的内存或时间超出限制，已拒绝。"


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What a confined process is given."""

    #: Bytes of memory beyond what the process has when it begins.
    memory: int = 200_000_000
    #: Seconds of processor time, and of waiting.
    seconds: int = 10
    #: Bytes of a file that it may write; libraries that need a temporary one need some.
    file_size: int = 0


def run(
    work: Confinable,
    content: bytes,
    given: Mapping[str, Any],
    *,
    bounds: Bounds | None = None,
    patience: float = PATIENCE,
) -> Iterator[Any]:
    """Run a function of a module in a process of its own and yield what it yields.

    Args:
        work: a function that stands in a module under its own name.
        content: bytes that nobody has looked at.
        given: whatever else it needs, as JSON can say it.
        bounds: what it may use.
        patience: seconds to wait for a turn.

    Raises:
        OutOfBounds: it used more than it was given.
        Unavailable: too many of these are running.
        DomainError: whatever the function refused.
    """
    limits = bounds or Bounds()
    if not _places.acquire(timeout=patience):
        raise Unavailable(retry_after=5)
    try:
        yield from _run(work, content, given, limits)
    finally:
        _places.release()


def _run(
    work: Confinable, content: bytes, given: Mapping[str, Any], limits: Bounds
) -> Iterator[Any]:
    given_to_it = (limits.memory, limits.seconds, limits.file_size)
    words = [sys.executable, "-m", "server.confined", *map(str, given_to_it)]
    with subprocess.Popen(
        words,
        cwd=Path(__file__).parent.parent,
        # One thread for those who count with matrices: each of theirs takes memory.
        env={"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        # A process that waits or ticks instead of computing is ended from here.
        alarm = threading.Timer(limits.seconds, process.kill)
        alarm.start()
        try:
            _tell(process, work, content, given)
            yield from _heard(process)
        finally:
            alarm.cancel()
            process.kill()


def _tell(
    process: subprocess.Popen[bytes], work: Confinable, content: bytes, given: Mapping[str, Any]
) -> None:
    head = {"module": work.__module__, "name": work.__name__, "given": given, "size": len(content)}
    stream = process.stdin
    assert stream is not None  # noqa: S101  # it was asked for as a pipe
    try:
        stream.write(json.dumps(head).encode() + b"\n")
        stream.write(content)
        stream.close()
    except OSError:
        with suppress(OSError):  # what was not taken is not taken now either
            stream.close()
        raise OutOfBounds from None


def _heard(process: subprocess.Popen[bytes]) -> Iterator[Any]:
    stream = process.stdout
    assert stream is not None  # noqa: S101  # it was asked for as a pipe
    for line in stream:
        if not line.endswith(b"\n"):
            break
        said = json.loads(line)
        if "thing" in said:
            yield said["thing"]
        elif "refusal" in said:
            raise _refusal(said["refusal"], said["facts"])
        else:
            return
    raise OutOfBounds


def _refusal(code: str, facts: Mapping[str, Any]) -> DomainError:
    known = {one.code: one for one in every_refusal()}
    return known.get(code, OutOfBounds)(**(facts if code in known else {}))


def main(words: list[str], source: IO[bytes], target: IO[bytes]) -> None:
    """Do the work that the process was made for: read it from `source`, say it to `target`."""
    memory, seconds, file_size = map(int, words)
    head = json.loads(source.readline())
    work: Confinable = getattr(importlib.import_module(head["module"]), head["name"])
    confine(memory, seconds, file_size)
    try:
        for thing in work(source.read(head["size"]), head["given"]):
            target.write(json.dumps({"thing": thing}, ensure_ascii=False).encode() + b"\n")
        end: dict[str, Any] = {"end": True}
    except DomainError as refusal:
        end = {"refusal": refusal.code, "facts": refusal.facts}
    except MemoryError:
        end = {"refusal": OutOfBounds.code, "facts": {}}
    target.write(json.dumps(end).encode() + b"\n")
    target.flush()


def confine(memory: int, seconds: int, file_size: int) -> None:
    """Take from this process what it does not need, for as long as it lives."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    most = pages * resource.getpagesize() + memory
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(sys.argv[1:], sys.stdin.buffer, sys.stdout.buffer)
