"""A confined process: its bounds hold, its refusals arrive, its secrets are nobody's."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from question_bank.errors import TooManyRows
from server import confined
from server.confined import Bounds, OutOfBounds
from server.errors import Unavailable


def turn(content: bytes, given: Mapping[str, Any]) -> Iterator[Any]:
    """Say what came."""
    yield [content.decode(), given["word"]]
    yield sorted(os.environ)


def swallow(_content: bytes, _given: Mapping[str, Any]) -> Iterator[Any]:
    """Take more memory than there is."""
    yield len(b"x" * 900_000_000)


def spin(_content: bytes, _given: Mapping[str, Any]) -> Iterator[Any]:
    """Never end."""
    while True:
        pass
    yield None


def scribble(_content: bytes, given: Mapping[str, Any]) -> Iterator[Any]:
    """Write a file."""
    with open(given["path"], "w") as file:
        file.write("x" * 10_000)
    yield None


def refuse(_content: bytes, _given: Mapping[str, Any]) -> Iterator[Any]:
    """Refuse."""
    yield 1
    raise TooManyRows(rows=1, columns=2)


def test_what_is_yielded_arrives_and_no_secret_goes_along(monkeypatch) -> None:
    monkeypatch.setenv("TOKEN_SECRET", "x")

    said, environment = confined.run(turn, "题库".encode(), {"word": "甲"})

    assert said == ["题库", "甲"]
    assert "TOKEN_SECRET" not in environment


@pytest.mark.parametrize("work", [swallow, spin])
def test_bounds_hold(work) -> None:
    with pytest.raises(OutOfBounds):
        list(confined.run(work, b"", {}, bounds=Bounds(memory=50_000_000, seconds=1)))


def test_no_file_is_written(tmp_path) -> None:
    with pytest.raises(OutOfBounds):
        list(confined.run(scribble, b"", {"path": str(tmp_path / "x")}))

    assert not (tmp_path / "x").exists() or (tmp_path / "x").stat().st_size == 0


def test_a_refusal_arrives_with_its_facts() -> None:
    with pytest.raises(TooManyRows) as refused:
        list(confined.run(refuse, b"", {}))

    assert refused.value.facts == {"rows": 1, "columns": 2}


def test_who_comes_when_too_many_run_is_told_to_come_back() -> None:
    running = [confined.run(turn, b"", {"word": ""}) for _ in range(confined.AT_A_TIME)]
    for one in running:
        next(one)

    with pytest.raises(Unavailable):
        next(confined.run(turn, b"", {"word": ""}, patience=0))

    for one in running:
        list(one)
    assert list(confined.run(turn, b"", {"word": ""}, patience=0))
