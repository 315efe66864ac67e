"""What a cheap phone on a bad network has to fetch before the first screen, and a desk."""

from __future__ import annotations

import re

import pytest

from server.web import app_files

#: Bytes of the whole app, compressed, that were promised; it stays well below.
SHELL, FIRST_SCREEN = 100_000, 60_000

#: The same of the console, for desks.
CONSOLE = {".br": 150_000, ".gz": 160_000}

FOLDER = app_files.PHONE


@pytest.fixture(autouse=True)
def _built() -> None:
    if not (FOLDER / "index.html").exists():
        pytest.skip("UNPROVED: the phone app is not built; run make web")


@pytest.mark.parametrize("ending", [".br", ".gz"])
def test_the_whole_shell_is_small(ending):
    packed = [file for file in FOLDER.iterdir() if file.suffix == ending]

    assert len(packed) >= 6
    assert sum(file.stat().st_size for file in packed) <= SHELL


@pytest.mark.parametrize("ending", [".br", ".gz"])
def test_the_whole_console_is_small(ending):
    packed = [file for file in app_files.CONSOLE.iterdir() if file.suffix == ending]

    assert len(packed) == 4
    assert sum(file.stat().st_size for file in packed) <= CONSOLE[ending]


def test_the_first_screen_needs_three_files_and_nothing_from_elsewhere():
    page = (FOLDER / "index.html").read_text("utf-8")

    loaded = re.findall(r'<(?:script[^>]*src|link rel="stylesheet" href)="([^"]+)"', page)

    assert len(loaded) == 2
    assert not re.search(r"https?:", page)
    sizes = [(FOLDER / f"{name}.br").stat().st_size for name in ("index.html", *loaded)]
    assert sum(sizes) <= FIRST_SCREEN


def test_every_file_is_there_plain_and_packed_and_named_by_its_content():
    plain = {file.name for file in FOLDER.iterdir() if file.suffix not in (".br", ".gz")}

    assert all((FOLDER / f"{name}{ending}").exists() for name in plain for ending in (".br", ".gz"))
    asked_anew = {"index.html", "worker.js", "app.webmanifest", "icon.svg"}
    assert all(re.fullmatch(r"\w+-[0-9a-f]{10}\.(js|css)", name) for name in plain - asked_anew)
