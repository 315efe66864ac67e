"""The release before this one, laid out beside it, to be run against the same database (前一版本).

It is taken from the history of the clone: the newest tag behind this commit or, where none was
given, the last commit before the schema changed. `BEFORE` names another.
"""

from __future__ import annotations

import os
import re
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

from load_tests.spawning import ROOT

#: Where migrations stand.
_VERSIONS = "server/migrations/versions"

#: The name of a migration's file.
_MIGRATION = re.compile(rf"{_VERSIONS}/(\d{{4}}_\w+)\.py")


class NoRelease(RuntimeError):
    """The release before cannot be had; the message says why."""


def before() -> str:
    """Return the commit of the release before this one.

    Raises:
        NoRelease: the clone has no history, or not enough of it.
    """
    asked = os.environ.get("BEFORE", "")
    tag = asked or _git("describe", "--tags", "--abbrev=0", "HEAD^", may_fail=True).strip()
    if tag:
        return _git("rev-parse", "--verify", f"{tag}^{{commit}}").strip()
    head = newest_migration("HEAD")
    for commit in _git("rev-list", "--first-parent", "HEAD", "--", _VERSIONS).split():
        parent = _git("rev-parse", "--verify", f"{commit}^", may_fail=True).strip()
        # A migration that was given another number is not yet another schema.
        if parent and head.partition("_")[2] not in {
            name.partition("_")[2] for name in migrations(parent)
        }:
            return parent
    raise NoRelease(
        "This clone holds nothing from before the schema last changed: fetch the whole history"
        " (git fetch --unshallow), or name a commit by BEFORE."
    )


def newest_migration(commit: str) -> str:
    """Return the schema that a commit brings."""
    return max(migrations(commit))


def migrations(commit: str) -> list[str]:
    """Return the migrations that a commit brings.

    Raises:
        NoRelease: there is no such commit here.
    """
    listed = _git("ls-tree", "--name-only", commit, f"{_VERSIONS}/")
    return [found[1] for line in listed.splitlines() if (found := _MIGRATION.fullmatch(line))]


def lay_out(commit: str, folder: Path) -> Path:
    """Put the files of a commit into a folder; return it.

    Raises:
        NoRelease: there is no such commit here.
    """
    packed = _run("archive", "--format=tar", commit)
    with tarfile.open(fileobj=BytesIO(packed)) as files:
        files.extractall(folder, filter="data")
    return folder


def needs_the_same_packages(folder: Path) -> bool:
    """Say whether a release runs in the environment of this one."""
    name = "requirements.lock"
    return (folder / name).read_bytes() == (ROOT / name).read_bytes()


def _git(*words: str, may_fail: bool = False) -> str:
    try:
        return _run(*words).decode()
    except NoRelease:
        if may_fail:
            return ""
        raise


def _run(*words: str) -> bytes:
    try:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=True)  # noqa: S607  # whichever git there is
    except FileNotFoundError:
        raise NoRelease("There is no git here.") from None
    except subprocess.CalledProcessError as failed:
        raise NoRelease(failed.stderr.decode(errors="replace").strip()) from None
    return done.stdout
