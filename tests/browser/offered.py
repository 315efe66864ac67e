"""What the console can send and fetch as a file, read from its sources, and who presses it.

`pressed.txt` says in which test each is pressed; `test_console_moves_all.py` sees that nothing that
is offered is missing there, and each of those tests that it did send what is listed for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from flask import Flask
from werkzeug.exceptions import HTTPException

from server.web import app_files

SOURCES = Path(app_files.__file__).parent / "apps" / "console"

TABLE = Path(__file__).with_name("pressed.txt")

#: Where the sources write an address: what is sent, workbooks, and files to be kept.
_WRITTEN = (
    ("PUT", re.compile(r"client\.(?:send|upload)(?:<[^(]*>)?\(`([^`]*)`")),
    ("PUT", re.compile(r"path: \((?:id|import_id|sheet)\b[^)]*\) => `([^`]*)`")),
    ("GET", re.compile(r"<Download path=\{`([^`]*)`")),
)

#: An address that others begin with, named in the function around them.
_BASE = re.compile(r"const base = `([^`]*)`")

_PLACE = re.compile(r"\$\{([^}]*)\}")


def offered(app: Flask) -> set[str]:
    """Return each operation of the API that the console offers: its verb and its address."""
    found: set[str] = set()
    for file in sorted(SOURCES.rglob("*.tsx")):
        text = file.read_text("utf-8")
        for verb, address in _addresses(text):
            fitting = _fitting(app, verb, address, text)
            assert fitting, f"{file.name}: no operation at {address}"
            found |= fitting
    return found


def _addresses(text: str) -> Iterator[tuple[str, str]]:
    bases = [(one.start(), one[1]) for one in _BASE.finditer(text)]
    for verb, pattern in _WRITTEN:
        for one in pattern.finditer(text):
            near = [base for start, base in bases if start < one.start()]
            yield verb, one[1].replace("${base}", near[-1] if near else "")


def _fitting(app: Flask, verb: str, address: str, text: str) -> set[str]:
    """Return what an address may stand for; `${noun}` is each word of the file that fits."""
    named = _PLACE.sub(lambda one: "{noun}" if one[1] == "noun" else "{}", address)
    parts = named.partition("?")[0].split("/")
    return {
        f"{verb} {rule.rule}"
        for rule in app.url_map.iter_rules()
        if verb in (rule.methods or ()) and _fits(rule.rule.split("/"), parts, text)
    }


def _fits(rule: list[str], parts: list[str], text: str) -> bool:
    return len(rule) == len(parts) and all(
        one == part
        if part[:1] != "{"
        else (f'"{one}"' in text if part == "{noun}" else one[:1] == "<")
        for one, part in zip(rule, parts, strict=True)
    )


def table() -> dict[str, list[str]]:
    """Return what is pressed, by the name of its chapter in the table."""
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if line and line[0] != "#"]
    chapters: dict[str, list[str]] = {}
    for is_name, group in groupby(lines, key=lambda line: line.startswith("= ")):
        if is_name:
            chapters[list(group)[-1][2:]] = []
        else:
            chapters[list(chapters)[-1]] = [line.partition(" | ")[0] for line in group]
    return chapters


def unpressed(app: Flask, chapter: str, asked: Iterable[str]) -> list[str]:
    """Return what the table lists in a chapter and a browser has not asked for.

    Args:
        app: whose addresses they are.
        chapter: the name in the table.
        asked: verb and path of each request.
    """
    adapter = app.url_map.bind("localhost")
    done = set()
    for one in asked:
        verb, path = one.split(" ")
        try:
            rule, _ = adapter.match(path, method=verb, return_rule=True)
        except HTTPException:  # a page or a file of the app itself
            continue
        done.add(f"{verb} {rule.rule}")
    return [one for one in table()[chapter] if one not in done]
