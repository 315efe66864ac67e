"""The wheel, installed where nothing else is, serves everything: `make test-wheel`.

An environment of its own gets what `requirements.lock` names, by its hashes, and the wheel; the
server is started from an empty folder, on an empty database, and asked for a page of each kind.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from functools import partial
from pathlib import Path
from zipfile import ZipFile

import urllib3
from rich.console import Console

from load_tests.server_process import ServerProcess
from load_tests.spawning import ROOT, spawned

#: Addresses, and what each page must hold.
PAGES = {
    "/readyz": b'"ok"',
    "/": b"<html",
    "/app/": b"<script",
    "/console/": b"<script",
    "/verify": b"<html",
    "/verify/gate": b"<script",
    "/status": b"<html",
    "/progress": b"<html",
    "/integrators": b"<html",
    "/docs": b"<html",
    "/v1/openapi.json": b'"openapi"',
}

#: Folders that must not get into a wheel.
UNWANTED = {"node_modules", "apps", "tests", "load_tests"}


def main() -> int:
    """Install, start and ask; 1 where something is lacking."""
    console = Console(highlight=False, soft_wrap=True)
    (wheel,) = (ROOT / "build" / "wheel").glob("*.whl")
    with tempfile.TemporaryDirectory(prefix="wheel-") as name:
        folder = Path(name)
        venv.create(folder / "venv", with_pip=True)
        python = folder / "venv" / "bin" / "python"
        _install(python, "--require-hashes", "--requirement", str(ROOT / "requirements.lock"))
        _install(python, str(wheel))
        lacking = _unwanted(wheel) + _asked(folder, python)
    for one in lacking:
        console.print(f"✗ {one}")
    if not lacking:
        console.print(f"✓ {wheel.name}: {len(PAGES)} addresses answer, from an empty folder.")
    return int(bool(lacking))


def _install(python: Path, *words: str) -> None:
    command = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", *words]
    subprocess.run(command, check=True)


def _unwanted(wheel: Path) -> list[str]:
    with ZipFile(wheel) as packed:
        folders = {part for path in packed.namelist() for part in Path(path).parent.parts}
    return [f"{one}/ is in the wheel" for one in sorted(UNWANTED & folders)]


def _asked(folder: Path, python: Path) -> list[str]:
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    flask = python.with_name("flask")
    server = ServerProcess(
        folder / "data",
        settings={"PATH": f"{python.parent}:/usr/bin:/bin"},
        command=[flask, "--app", "wsgi", "serve"],
        root=elsewhere,
        spawn=partial(spawned, cwd=elsewhere),
    )
    server.start()
    try:
        replies = {path: urllib3.request("GET", f"{server.url}{path}") for path in PAGES}
    finally:
        server.stop()
    return [
        f"{path}: {reply.status}"
        for path, reply in replies.items()
        if reply.status != 200 or PAGES[path] not in reply.data
    ]


if __name__ == "__main__":
    sys.exit(main())
