"""Commands: closing numbers anew, loading the national list, making its file."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask import Flask

from server.people.ciphers import DocumentCipher
from server.regions import divisions
from tests.factories.people import a_person


def test_rekeying_goes_on_until_nobody_is_left(
    app: Flask,
    writing: Callable[[], AbstractContextManager[None]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("server.people.commands.BATCH", 2)
    with writing():
        for _ in range(3):
            a_person()
    config = app.extensions["config"]
    exchanged = DocumentCipher(
        bytes([7]) * 32, index_key=config.index_key, retired=[config.encryption_key]
    )
    monkeypatch.setitem(app.extensions, "document_cipher", exchanged)

    first = app.test_cli_runner().invoke(args=["people", "rekey"])
    again = app.test_cli_runner().invoke(args=["people", "rekey"])

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "3 document numbers" in first.output
    assert "0 document numbers" in again.output


def test_the_national_list_is_loaded_once(app: Flask) -> None:
    runner = app.test_cli_runner()

    outputs = [runner.invoke(args=["regions", "load"]).output for _ in range(2)]

    assert [output.split()[0] for output in outputs] == [str(len(divisions.shipped())), "0"]


def test_the_shipped_list_is_made_anew_from_its_source(app: Flask, tmp_path: Path) -> None:
    rows = {
        "provinces": [{"code": "33", "name": "浙江省"}],
        "cities": [{"code": "3301", "name": "杭州市", "provinceCode": "33"}],
        "areas": [
            {"code": "330108", "name": "滨江区", "cityCode": "3301", "provinceCode": "33"},
            {"code": "330100", "name": "杭州市", "cityCode": "3301", "provinceCode": "33"},
        ],
    }
    for name, content in rows.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    target = tmp_path / "divisions.csv"

    result = app.test_cli_runner().invoke(
        args=["regions", "convert-divisions", str(tmp_path), "--to", str(target)]
    )

    assert result.exit_code == 0, result.output
    assert target.read_text("utf-8").splitlines()[1:] == [
        "330000,浙江省,1,,0",
        "710000,台湾省,1,,0",
        "810000,香港特别行政区,1,,0",
        "820000,澳门特别行政区,1,,0",
        "330100,杭州市,2,330000,0",
        "330108,滨江区,3,330100,0",
    ]
