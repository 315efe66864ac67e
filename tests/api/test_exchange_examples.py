"""The examples for integrators and the conformance script run as they stand, against a server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from server import clock
from server.exchange import conformance
from server.exchange.views.integrators import FILES
from tests.factories.exchange import SECRET, a_followed_province, issue, numbered

Writing = Callable[[], AbstractContextManager[None]]

#: How each example is run.
RUN = {
    "follow.py": [sys.executable, "-"],
    "follow.mjs": ["node", "--input-type=module", "-"],
    "follow.sh": ["bash", "-s"],
}


@pytest.fixture
def served(app: Flask, writing: Writing) -> Iterator[dict[str, str]]:
    """Serve a province with two certificates to another system; return how it gets in."""
    with writing():
        place: dict[str, Any] = a_followed_province()
        for _ in range(2):
            issue(place)
    numbered(app)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield {
        "BASE_URL": f"http://127.0.0.1:{server.server_port}",
        "CLIENT_ID": str(place["ours"].id),
        "CLIENT_SECRET": SECRET,
    }
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.once
def test_the_examples_that_are_handed_out_follow_the_feed(served: dict[str, str]) -> None:
    printed = {}
    for name, words in RUN.items():
        if shutil.which(words[0]) is None:
            continue  # a machine without Node.js
        done = subprocess.run(
            words,
            input=FILES[name].read_text("utf-8"),
            capture_output=True,
            text=True,
            env={**os.environ, **served, "NO_PROXY": "*"},
            timeout=60,
            check=False,
        )
        printed[name] = (done.returncode, done.stdout.strip(), done.stderr[-500:])

    assert {"follow.py", "follow.sh"} <= printed.keys()
    assert len(set(printed.values())) == 1, printed
    (code, count, _) = printed["follow.py"]
    assert code == 0
    assert int(count) >= 3


@pytest.mark.once
def test_the_conformance_script_finds_what_was_promised(
    served: dict[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is signed is dated by the platform's clock, which stands still in tests.
    monkeypatch.setattr("jwt.api_jwt.datetime", _Standing)

    assert conformance.main(list(served.values())) == 0, capsys.readouterr().out
    assert capsys.readouterr().out.count("ok ") == len(conformance.CHECKS)

    wrong = [*list(served.values())[:2], "wrong"]
    assert conformance.main(wrong) == 1
    assert capsys.readouterr().out.startswith("NOT")


class _Standing:
    """The clock of whoever verifies: that of the platform."""

    @staticmethod
    def now(tz: Any = None) -> Any:
        """Return the moment at which the platform's clock stands."""
        return clock.now().astimezone(tz)
