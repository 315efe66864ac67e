"""The rules of the house that no linter knows, each as a function from a file to complaints."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parent.parent
PARTS = ("server", "question_bank", "exams", "certificates")

#: Lines at which a file has become two.
LONGEST_FILE = 300

#: Words of which the vocabulary says what to say instead (docs/vocabulary.md).
UNSPOKEN_WORDS = {
    "user": "person, candidate, author, identity",
    "users": "people",
    "quiz": "exam",
    "assessment": "exam",
    "proctor": "invigilator",
    "blueprint": "paper specification",
    "license": "certificate",
    "util": "the noun of the field",
    "utils": "the noun of the field",
    "helper": "the noun of the field",
    "helpers": "the noun of the field",
    "misc": "the noun of the field",
}

#: In questions and exams it would be the key or the response; elsewhere a server may answer.
AMBIGUOUS_WORDS = {"answer": "key or response", "answers": "keys or responses"}

#: The one room that asks for the time, the one that reads settings, those that commit.
ASKS_THE_TIME = {"server/clock.py"}
READS_SETTINGS = {"server/config.py", "server/serving.py", "server/observing.py"}
COMMITS = {"server/db.py", "server/group_commit.py"}


@dataclass(frozen=True)
class File:
    """A file of Python text and where it stands in the house."""

    place: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The text as Python reads it."""
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Everything in the tree."""
        return list(ast.walk(self.tree))


Rule = Callable[[File], Iterator[str]]


def files(*folders: str) -> list[File]:
    """Return all Python files of the folders; generated migrations excluded."""
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [
        File(str(path.relative_to(ROOT)), path.read_text("utf-8"))
        for path in paths
        if "migrations/versions" not in path.as_posix()
    ]


def stays_short(file: File) -> Iterator[str]:
    """A file is read in one go."""
    if (count := len(file.text.splitlines())) > LONGEST_FILE:
        yield f"{file.place} has {count} lines: make it two"


def commits_in_one_place(file: File) -> Iterator[str]:
    """Services flush; the entry point's transaction commits."""
    if file.place in COMMITS:
        return
    for node in _calls(file):
        if isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield f"{file.place}:{node.lineno} commits"


def leaves_the_roof_alone(file: File) -> Iterator[str]:
    """wsgi.py stands on everything, so nothing may stand on it."""
    for module, name, line in _imports(file):
        if module == "wsgi" or (not module and name == "wsgi"):
            yield f"{file.place}:{line} imports wsgi"


def asks_only_the_clock(file: File) -> Iterator[str]:
    """One monkeypatch of server.clock.now must move the time of the whole house."""
    if file.place in ASKS_THE_TIME:
        return
    for node in _calls(file):
        if _dotted(node.func) in {"datetime.now", "datetime.utcnow", "date.today", "time.time"}:
            yield f"{file.place}:{node.lineno} asks another clock than server.clock"
    for module, name, line in _imports(file):
        if module == "server.clock" and name in {"now", "today"}:
            yield f"{file.place}:{line} must import the module clock, not {name}"


def reads_settings_in_one_place(file: File) -> Iterator[str]:
    """Every setting stands in Config."""
    if file.place in READS_SETTINGS:
        return
    for node in file.nodes:
        if isinstance(node, ast.Attribute) and _dotted(node) in {"os.environ", "os.getenv"}:
            yield f"{file.place}:{node.lineno} reads the environment"


def speaks_the_vocabulary(file: File) -> Iterator[str]:
    """One name per concept."""
    unspoken = UNSPOKEN_WORDS
    if file.place.startswith(("question_bank/", "exams/")):
        unspoken = UNSPOKEN_WORDS | AMBIGUOUS_WORDS
    for name, line in [*_names(file), (Path(file.place).stem, 1)]:
        for word in re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().split("_"):
            if word in unspoken:
                yield f"{file.place}:{line} {name}: say {unspoken[word]}"


def needs_no_neighbour(file: File) -> Iterator[str]:
    """The platform works where nothing lies beside the repository."""
    for node in file.nodes:
        if isinstance(node, ast.Constant) and re.match(r"(\.\./)*shared(/|$)", str(node.value)):
            yield f"{file.place}:{node.lineno} looks into shared/"


def names_nobody(file: File) -> Iterator[str]:
    """No identity number of a person who may exist stands in the repository."""
    for found in identity_numbers(file.text):
        yield f"{file.place} holds what is a valid identity number: {found[:6]}…"


def excuses_itself_with_reason(file: File) -> Iterator[str]:
    """Whoever silences a tool says why, there or on the line before, which it repeats."""
    explained = False
    for number, line in enumerate(file.text.splitlines(), 1):
        excuse = re.search(r"# (type: ignore|noqa)(\[[\w, -]+\]|: [A-Z]+\d+(, ?[A-Z]+\d+)*)?", line)
        if not excuse:
            explained = False
            continue
        explained = explained or bool(re.search(r"\w{3,}", line[excuse.end() :]))
        if not explained:
            yield f"{file.place}:{number} silences a tool and says no reason"


def identity_numbers(text: str) -> Iterator[str]:
    """Yield every 18-digit number in the text that GB 11643 accepts as a living person's."""
    for found in re.findall(r"(?<!\d)[1-8]\d{16}[\dXx](?![\dA-Za-z])", text):
        try:
            born = date(int(found[6:10]), int(found[10:12]), int(found[12:14]))
        except ValueError:
            continue
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        total = sum(int(digit) * weight for digit, weight in zip(found, weights, strict=False))
        if born.year >= 1900 and "10X98765432"[total % 11] == found[17].upper():
            yield found


def _dotted(node: ast.AST) -> str:
    """Return `thing.name` where the text says so, and nothing else."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return ""


def _calls(file: File) -> Iterator[ast.Call]:
    return (node for node in file.nodes if isinstance(node, ast.Call))


def _imports(file: File) -> Iterator[tuple[str, str, int]]:
    for node in file.nodes:
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], "", node.lineno) for alias in node.names)


def _names(file: File) -> Iterator[tuple[str, int]]:
    """Yield every name that this file itself gives to something."""
    for node in file.nodes:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
