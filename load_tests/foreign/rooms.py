"""Where other people's programs are put: by lock files with hashes, apart from ours (隔离环境)."""

from __future__ import annotations

import json
import shutil
import subprocess
import venv
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
ROOM: Final = Path("build") / "foreign"

#: What runs in the room of npm.
PROGRAMS: Final = ("verify.mjs", "gift.mjs", "provider.mjs")


def npm() -> Path:
    """Fill the room of npm, and return it."""
    room = ROOM / "npm"
    room.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc", *PROGRAMS):
        shutil.copy(HERE / name, room / name)
    _run(["npm", "install", "--ignore-scripts", "--silent", "--omit=optional"], room)
    return room


def pypi() -> str:
    """Fill the room of PyPI, and return its Python."""
    room = ROOM / "pypi"
    if not room.exists():
        venv.create(room, with_pip=True)
    python = str((room / "bin" / "python").absolute())
    lock = str((HERE / "requirements.lock").absolute())
    _run([python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock], ROOM)
    return python


def told_by_node(program: str, *given: Path) -> Any:
    """Return what a program of the room of npm prints as JSON."""
    command = ["node", program, *(str(one.absolute()) for one in given)]
    return json.loads(_run(command, npm()))


def told_by_python(program: str, *given: Path) -> Any:
    """Return what a program prints as JSON that runs in the room of PyPI."""
    path = str((HERE / program).absolute())
    return json.loads(_run([pypi(), path, *(str(one.absolute()) for one in given)], ROOM))


def _run(command: list[str], room: Path) -> str:
    done = subprocess.run(command, cwd=room, check=True, capture_output=True, text=True)  # ours
    return done.stdout
