"""The tour in the documentation is run as it is written, on a server that was just made."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from load_tests.server_process import ServerProcess
from tests.databases import Database, PostgresqlDatabase
from tests.house import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("curl"), reason="The tour needs curl."),
]

BASH = shutil.which("bash") or "bash"


@pytest.fixture
def server(_database: Database, tmp_path: Path) -> Iterator[ServerProcess]:
    url = _database.another("tour") if isinstance(_database, PostgresqlDatabase) else None
    server = ServerProcess(tmp_path / "data", database_url=url)
    server.start()
    yield server
    server.stop()


def test_the_tour_leads_from_practice_to_a_page_that_verifies(server: ServerProcess) -> None:
    blocks = re.findall(r"```bash\n(.*?)```", (ROOT / "docs/tour.md").read_text("utf-8"), re.S)

    toured = subprocess.run(
        [BASH, "-euo", "pipefail", "-c", "\n".join(blocks)],
        env=os.environ | {"BASE": server.url, "DATA_DIR": str(server.data_dir)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert toured.returncode == 0, toured.stderr
    assert '"explanation"' in toured.stdout
    assert "'passed': True" in toured.stdout
    assert "有效 True" in toured.stdout
    page = urllib3.request("GET", toured.stdout.splitlines()[-1], retries=False)
    assert page.status == 200
    (holder,) = (one.name for one in server.sign_ins() if one.sign_in_name == "safety-manager")
    assert holder in page.data.decode()
