"""The phone app is sent as it was built: small, kept for ever by its name, from here alone."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Request
from werkzeug.test import EnvironBuilder

from server.errors import NotFound
from server.web import app_files

SCRIPT = b"console.log('here')" * 50


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """Build an app of two files."""
    folder = tmp_path / "built" / "phone"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html>")
    (folder / "main-0123456789.js").write_bytes(SCRIPT)
    (folder / "main-0123456789.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "secret-1.txt").write_text("not of the app")
    return folder


def _asked(**headers: str) -> Request:
    return Request(EnvironBuilder(headers=list(headers.items())).get_environ())


@pytest.fixture(autouse=True)
def _here(app: Flask) -> Any:
    with app.test_request_context():
        yield


def test_what_is_named_by_its_content_is_kept_for_ever_and_comes_packed(built):
    reply = app_files.sent(
        "main-0123456789.js", _asked(**{"Accept-Encoding": "gzip"}), folder=built
    )

    assert (reply.headers["Content-Encoding"], reply.headers["Cache-Control"]) == (
        "gzip",
        app_files.FOR_EVER,
    )
    assert gzip.decompress(reply.get_data()) == SCRIPT
    assert reply.headers["Vary"] == "Accept-Encoding"


def test_a_browser_that_unpacks_nothing_gets_it_plain(built):
    reply = app_files.sent("main-0123456789.js", _asked(), folder=built)

    assert "Content-Encoding" not in reply.headers
    assert reply.get_data() == SCRIPT


def test_the_page_is_asked_for_anew_so_that_a_new_build_is_seen(built):
    reply = app_files.sent("index.html", _asked(), folder=built)
    etag = reply.headers["ETag"]

    again = app_files.sent("index.html", _asked(**{"If-None-Match": etag}), folder=built)

    assert (reply.headers["Cache-Control"], again.status_code) == ("no-cache", 304)


def test_scripts_and_styles_come_from_here_alone_and_never_from_a_page(built):
    policy = app_files.sent("index.html", _asked(), folder=built).headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "script-src 'self'; style-src 'self'" in policy
    assert "http" not in policy


@pytest.mark.parametrize("name", ["../../secret-1.txt", "missing-1.js", "main-0123456789.js.gz"])
def test_nothing_but_the_app_is_sent(built, name):
    with pytest.raises(NotFound):
        app_files.sent(name, _asked(), folder=built)


def test_an_app_that_is_not_built_says_how_to_build_it(tmp_path):
    reply = app_files.sent("index.html", _asked(), folder=tmp_path)

    assert reply.status_code == 503
    assert "make web" in reply.get_data(as_text=True)


def test_the_short_address_leads_to_the_app(app: Flask):
    reply = app.test_client().get("/app")

    assert (reply.status_code, reply.headers["Location"]) == (302, "/app/")
