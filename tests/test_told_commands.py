"""Commands and settings that pages tell an operator to use are there, with these options."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask
from flask.cli import FlaskGroup, ScriptInfo

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = set(re.findall(r"^([a-z][a-z-]+)(?: [a-z-]+)*:", MAKEFILE, re.MULTILINE)) | set(
    re.findall(r"^[a-z][a-z-]+ ([a-z][a-z-]+):", MAKEFILE, re.MULTILINE)
)

#: Blocks of commands, and spans within a sentence.
BLOCK = re.compile(r"^```(?:bash|sh)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")

#: One command of ours, to the end of its words.
OURS = re.compile(r"(?:^|[\s/;&(])(flask|make|python3? -m) ((?:[^&|;#\n)])+)")

SETTING = re.compile(r'env\.\w+\(\s*"([A-Z_]+)"')


def told(text: str) -> Iterator[tuple[str, list[str]]]:
    """Give each command that a page tells to use: the program, and its words."""
    blocks = [block.replace("\\\n", " ") for block in BLOCK.findall(text)]
    spans = SPAN.findall(re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    for piece in (*blocks, *(span for span in spans if re.match(r"\S*(flask|make|python)", span))):
        for program, rest in OURS.findall(piece):
            yield program, shlex.split(rest, comments=True)


def fault_of_flask(app: Flask, words: list[str]) -> str:
    """Return what is wrong with a command of the platform; nothing where it is one."""
    if words[:1] == ["--app"]:
        words = words[2:]
    group = FlaskGroup()
    # Within, so that what looking for commands opens is closed again.
    with click.Context(group, obj=ScriptInfo(create_app=lambda: app)) as context:
        return _fault(group, context, words)


def _fault(command: click.Command, context: click.Context, words: list[str]) -> str:
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        if found is None:
            return f"no command {words[0]}"
        command, words = found, words[1:]
    try:
        parser = command.make_parser(click.Context(command))
        _values, left, _order = parser.parse_args(args=words)
    except click.UsageError as wrong:
        return wrong.format_message()
    return f"too many words: {left}" if left and not isinstance(command, click.Group) else ""


def fault_of_make(words: list[str]) -> str:
    """Return what is wrong with a target of make and its settings; nothing where they are."""
    settings = {word.partition("=")[0] for word in words if "=" in word}
    unknown = {word for word in words if "=" not in word} - TARGETS
    unheeded = {name for name in settings if f"$({name})" not in MAKEFILE} - set(settings_read())
    return " ".join(sorted(unknown | unheeded))


def settings_read() -> list[str]:
    """Return the settings that the platform reads from its environment."""
    return SETTING.findall((ROOT / "server" / "config.py").read_text("utf-8"))


def faults(app: Flask, text: str) -> list[str]:
    """Return every command of a page that is not there, or not with these options."""
    found = []
    for program, words in told(text):
        if program == "flask":
            fault = fault_of_flask(app, words)
        elif program == "make":
            fault = fault_of_make(words)
        else:
            fault = "" if importlib.util.find_spec(words[0]) else "no module"
        if fault:
            found.append(f"{program} {' '.join(words)}: {fault}")
    return found


@pytest.mark.once
def test_every_command_that_a_page_tells_to_use_is_there(app):
    texts = {page: page.read_text("utf-8") for page in PAGES}

    wrong = {page.name: found for page, text in texts.items() if (found := faults(app, text))}

    assert sum(len(list(told(text))) for text in texts.values()) > 100
    assert wrong == {}


@pytest.mark.once
@pytest.mark.parametrize(
    "command",
    [
        "flask exams close-overdu",
        "flask backup verify --identiti x latest",
        "flask backup list more words",
        "make test-clusters",
        "make drill CANDIDATE=3000",
        "python -m certificates.online_root make",
    ],
)
def test_a_command_that_is_not_there_is_found(app, command):
    assert faults(app, f"Say `{command}` then.")


@pytest.mark.once
def test_every_setting_is_told_on_the_page_of_running():
    page = (ROOT / "docs" / "running.md").read_text("utf-8")
    read = settings_read()

    assert len(read) > 25
    assert [name for name in read if f"`{name}`" not in page] == []
