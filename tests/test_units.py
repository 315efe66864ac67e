"""The units and container files that an operator copies are what systemd and this code expect."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from tests.house import ROOT

UNITS = sorted((ROOT / "docs" / "running" / "systemd").glob("platform*"))
SYSTEMD = shutil.which("systemd-analyze")
CONTAINER = ROOT / "docs" / "running" / "container"

#: The command of a unit or an image: what `flask` is told to do.
COMMAND = re.compile(r"bin/flask ([a-z ]+)$", re.MULTILINE)


def here(text: str, folder: Path) -> str:
    """Put a unit's paths where they exist on this machine, for systemd looks whether they do."""
    started = f"ExecStart={sys.executable} -m flask"
    text = re.sub(r"ExecStart=\S+/flask", started, text)
    return re.sub(r"(User|Group)=platform", r"\1=root", text).replace("/srv/platform", str(folder))


def read_by_the_image() -> set[str]:
    """Return what of the repository may get into an image."""
    ignored = (CONTAINER / "Containerfile.dockerignore").read_text("utf-8").splitlines()
    assert "*" in ignored
    return {line[1:] for line in ignored if line.startswith("!")}


@pytest.mark.skipif(SYSTEMD is None, reason="systemd-analyze is not installed")
def test_systemd_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "platform.env").touch()
    for unit in UNITS:
        (tmp_path / unit.name).write_text(here(unit.read_text("utf-8"), tmp_path), "utf-8")

    looked = subprocess.run(
        [
            str(SYSTEMD),
            "verify",
            "--recursive-errors=no",
            *map(str, tmp_path.glob("platform*.*er*")),
        ],
        capture_output=True,
        text=True,
    )

    assert (looked.returncode, looked.stderr) == (0, "")


def test_every_command_of_a_unit_is_one_of_ours(app: Flask) -> None:
    asked = [words for unit in UNITS for words in COMMAND.findall(unit.read_text("utf-8"))]

    assert sorted(asked) == ["backup follow", "backup nightly", "serve"]
    for words in asked:
        result = app.test_cli_runner().invoke(args=[*words.split(), "--help"])
        assert result.exit_code == 0, result.output


def test_the_image_holds_every_package_that_is_served() -> None:
    copied = re.findall(r"^COPY (\w+) \1$", (CONTAINER / "Containerfile").read_text("utf-8"), re.M)

    assert set(copied) <= read_by_the_image()
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert set(copied) == packages - {"load_tests", "tests"}


def test_the_image_backs_up_the_database_that_is_beside_it() -> None:
    image = (CONTAINER / "Containerfile").read_text("utf-8")
    compose = (CONTAINER / "compose.yaml").read_text("utf-8")

    # pg_dump refuses a server that is newer than itself.
    (client,) = re.findall(r"postgresql-client-(\d+)", image)
    assert re.findall(r"postgres:(\d+)-(\w+)", compose) == [(client, "trixie")]
    assert set(re.findall(r"python:3\.\d+-slim-(\w+)", image)) == {"trixie"}


def test_every_command_of_a_container_is_one_of_ours(app: Flask) -> None:
    compose = (CONTAINER / "compose.yaml").read_text("utf-8")
    image = (CONTAINER / "Containerfile").read_text("utf-8")
    asked = re.findall(r'"flask", ((?:"\w+"(?:, )?)+)', compose + image)
    words = [re.findall(r"\w+", one) for one in asked]
    words += [one.split() for one in re.findall(r"do flask ([a-z ]+);", compose)]

    assert sorted(words) == [["backup", "follow"], ["backup", "nightly"], ["serve"]]
    for one in words:
        assert app.test_cli_runner().invoke(args=[*one, "--help"]).exit_code == 0
