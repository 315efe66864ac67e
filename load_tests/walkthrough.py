"""`make walkthrough`: the main job end to end, over HTTP only, once for each role (全流程走查).

A fresh server on a temporary directory; then, for principals, safety managers and low-voltage
electricians: questions come in and are reviewed, an exam is planned, people are trained and
enrolled, sit on a bad network, pass or fail, hold a certificate that strangers can verify, and
coverage moves. Every step is checked; the first difference ends the story with exit code 1.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

from rich.console import Console

from load_tests.chapters import (
    appeal,
    bank,
    certificate,
    competence,
    contest,
    coverage,
    exam,
    exchange,
    file,
    hall,
    life,
    practical,
    progress,
    room,
    rules,
    sitting,
    training,
    workshop,
)
from load_tests.chapters.story import Story
from load_tests.client import Client
from load_tests.expectations import Report, expect, expect_that
from load_tests.messages import get
from load_tests.postgres import NoServer
from load_tests.proxy import LossyProxy, lossy
from load_tests.roles import ROLES, WORKBOOKS
from load_tests.server_process import DidNotStart, ServerProcess, fresh_server
from load_tests.setting import Setting, build

#: The seed of everything that is drawn by lot: the same story in every run.
SEED = 20260601

_PREPARING = "准备"


def main(words: list[str] | None = None) -> int:
    """Walk through the main job; return 1 where anything is not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m load_tests.walkthrough", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default=None)
    asked = parser.parse_args(words)
    report = Report(console=Console(width=None if sys.stdout.isatty() else 150))
    began = time.perf_counter()
    try:
        with fresh_server(asked.database) as server:
            return _walk(report, server, began)
    except (DidNotStart, NoServer) as stopped:
        report.console.print(str(stopped), markup=False)
        return 1


def _walk(report: Report, server: ServerProcess, began: float) -> int:
    difference: Exception | None = None
    try:
        tell(report, server)
    except Exception as found:  # Whatever it is, it ends the story, and the server with it.
        difference = found
    seconds = time.perf_counter() - began
    report.show(f"全流程走查 Walkthrough on {server.database}, {seconds:.0f} s")
    if difference is None:
        report.console.print(f"{len(report.steps)} steps, all as they must be.")
        return 0
    report.console.print("The log of the server ends:")
    report.console.print(server.log_tail(), markup=False)
    # Last, where whoever sees only the end of what was printed finds it.
    report.console.print(f"{type(difference).__name__}: {difference}", markup=False)
    return 1


def tell(report: Report, server: ServerProcess) -> None:
    """Tell the whole story, role by role.

    Raises:
        Different: something is not as it must be.
        Refused: the server refused what the story cannot do without.
    """
    setting = _prepare(report, server)
    pinned = _pin(report, setting)
    with lossy(server.url) as proxy:
        for role in ROLES:
            story = Story(report=report, setting=setting, role=role, proxy=proxy, pinned=pinned)
            tell_role(story)
    rules.tell(story)
    life.tell(story)
    workshop.tell(report, setting)
    contest.tell(report, setting)
    exchange.tell(report, setting)
    competence.tell(report, setting)
    file.tell(training.tell(report, setting))
    _look_inside(report, server, setting, proxy)


def tell_role(story: Story) -> None:
    """Tell the main job for one role."""
    bank.tell(story)
    exam.tell(story)
    coverage.look(story)
    exam.enrol(story)
    sitting.tell(story)
    practical.tell(story)
    certificate.tell(story)
    sitting.fail(story)
    appeal.tell(story)
    coverage.tell(story)
    progress.tell(story)
    hall.tell(story)
    room.tell(story)


def _prepare(report: Report, server: ServerProcess) -> Setting:
    with report.step(_PREPARING, "organisations, staff, roles") as step:
        setting = build(server.url, server.sign_ins(), seed=SEED)
        places, staff = len(setting.organisations), len(setting.staff)
        step.result = f"{places} organisations; {staff} people appointed by the administrator"
    with report.step(_PREPARING, "real question banks") as step:
        files = [path.name for role in ROLES for path in role.workbooks()]
        step.result = ", ".join(files) or f"none in {WORKBOOKS}: the demonstration bank is used"
    return setting


def _pin(report: Report, setting: Setting) -> dict[str, Any]:
    """Pin the trust list before there is any certificate: all are believed by it alone."""
    with report.step(_PREPARING, "trust list pinned") as step:
        pinned: dict[str, Any] = Client(setting.url).send(get("/v1/trust-list")).good()
        issuers = {key["issuer"] for key in pinned["keys"]}
        expect_that("the issuer is on it", f"T{setting.seed}" in issuers)
        private = [key for key in pinned["keys"] if "d" in key["jwk"]]
        expect("private keys on it", private, [])
        step.result = f"{len(pinned['keys'])} public keys, before the first certificate"
    return pinned


def _look_inside(
    report: Report, server: ServerProcess, setting: Setting, proxy: LossyProxy
) -> None:
    """What must hold of the whole run: no failures, no numbers in the log, nothing left to lose."""
    with report.step("收尾", "log of the server") as step:
        log = server.log_path.read_text("utf-8", "replace")
        told = [one for one in setting.told if one.document_number in log]
        expect("document numbers in the log", len(told), 0)
        expect("failures", sum('"status": 5' in line for line in log.splitlines()), 0)
        expect("replies still to lose", proxy.lost, [])
        step.result = f"{len(log.splitlines())} lines, no failure, no document number"


if __name__ == "__main__":
    sys.exit(main())
