"""Our questions, handed to players and readers of other people (外部播放器与读取程序).

A fresh server is told questions with all that a question can hold, and exports them. A player of
QTI 3.0 shows and scores every item; a converter takes the package to QTI 2.1 and back, and what it
made comes in again as what is known already; readers of GIFT and of Moodle XML say what they read.
"""

from __future__ import annotations

import hashlib
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from PIL import Image

from load_tests import setting
from load_tests.client import Client
from load_tests.foreign import player, rooms
from load_tests.messages import Ask, get, put
from load_tests.server_process import fresh_server

_TWO: Final = {"A": "true", "B": "false"}


def _picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(target, "PNG")
    return target.getvalue()


PICTURE: Final = _picture()
NAME: Final = hashlib.sha256(PICTURE).hexdigest()

#: As they are written, in the order of their topics.
QUESTIONS: Final[list[dict[str, Any]]] = [
    {
        "kind": "single_choice",
        "stem": "触电急救首先应当（ ）：{a} = #1 ~ \\ ::x::",
        "options": ["切断电源", "拨打 120", '36 V < 50 V & "x"'],
        "key": ["A"],
        "explanation": "先断电，再施救。",
        "difficulty": "0.6",
        "law_citation": "《安全生产法》",
    },
    {
        "kind": "multiple_choice",
        "stem": "下列哪些是安全色？",
        "options": ["红", "黄", "紫", "蓝"],
        "key": ["A", "B", "D"],
    },
    {"kind": "true_false", "stem": "停电作业前应当验电。", "key": ["A"]},
    {
        "kind": "single_choice",
        "format": "html",
        "stem": rf'图中<u>电阻</u><br><img src="image:{NAME}"> \(\frac{{U}}{{I}}\)？',
        "options": ["10<sup>3</sup> Ω", "10<sub>3</sub> Ω"],
        "key": ["B"],
        "explanation": "见<em>图</em>。",
    },
]


def check() -> list[str]:
    """Run the check; return in what somebody else's program differs."""
    rooms.ROOM.mkdir(parents=True, exist_ok=True)
    with fresh_server("sqlite") as server:
        made = setting.build(server.url, server.sign_ins(), seed=3)
        bank_id = _written(made)
        files = {
            name: _exported(made.staff["reviewer"], bank_id, name)
            for name in ("qti", "gift", "moodle_xml")
        }
        read = rooms.told_by_python("readers.py", files["qti"], files["moodle_xml"])
        again = {
            name: _brought(made.staff["author"], bank_id, rooms.ROOM / name)
            for name in ("qti21.zip", "qti30.zip")
        }
    wrong = [
        *_of_player(files["qti"]),
        *_of_converter(read["qti"], again),
        *_of_reader("gift-pegjs", rooms.told_by_node("gift.mjs", files["gift"])),
        *_of_reader("moodle-xml-parser", read["moodle"]),
    ]
    if not wrong:
        print(f"{len(QUESTIONS)} questions: player, converter and readers agree.")
    return wrong


def _written(made: setting.Setting) -> UUID:
    author, bank_id = made.staff["author"], uuid4()
    body = {"name": "外部核验", "owner_id": made.organisations["authority"]}
    author.send(put("/v1/question-banks/{bank_id}", body, bank_id=bank_id)).good()
    image = Ask(
        method="PUT", address="/v1/question-images/{sha256}", ids={"sha256": NAME}, file=PICTURE
    )
    author.send(image).good()
    for number, question in enumerate(QUESTIONS, 1):
        told = {"bank_id": bank_id, "serves": [{"role": "principal"}], "topic": f"第{number}章"}
        ask = put("/v1/questions/{question_id}", question | told, question_id=uuid4())
        author.send(ask).good()
    return bank_id


def _exported(reviewer: Client, bank_id: UUID, kind: str) -> Path:
    export_id = uuid4()
    body = {"bank_id": bank_id, "format": kind, "with_keys": True, "purpose": "外部核验"}
    address = "/v1/question-exports/{export_id}"
    job = reviewer.send(put(address, body, export_id=export_id)).good()
    until = time.monotonic() + 60
    while job["state"] != "done":
        if time.monotonic() > until:
            raise TimeoutError(f"The export as {kind} does not end.")
        time.sleep(0.2)
        job = reviewer.send(get("/v1/jobs/{job_id}", job_id=job["id"])).good()
    name = job["files"][0]["name"]
    content = reviewer.send(get("/v1/jobs/{job_id}/files/{name}", job_id=job["id"], name=name)).raw
    path: Path = rooms.ROOM / str(name)
    path.write_bytes(content)
    return path


def _brought(author: Client, bank_id: UUID, file: Path) -> dict[str, int]:
    """Send a file; return what would become of its rows."""
    ask = Ask(
        method="PUT",
        address="/v1/question-imports/{import_id}",
        ids={"import_id": uuid4()},
        query={"bank_id": bank_id, "serves": "principal"},
        file=file.read_bytes(),
    )
    counts: dict[str, int] = author.send(ask).good()["counts"]
    return {name: count for name, count in counts.items() if count}


def _of_player(package: Path) -> Iterator[str]:
    if not player.CHROMIUM.exists():
        print(f"UNPROVED: there is no browser at {player.CHROMIUM}, so no player was asked.")
        return
    with player.a_player(package, rooms.npm()) as opened:
        for number, (item, question) in enumerate(zip(opened.items, QUESTIONS, strict=True), 1):
            for chosen, score in _responses(question):
                played = opened.play(item, chosen)
                print(f"player: question {number}, {'+'.join(chosen)}: {played.score:g}")
                if (played.score, played.response) != (score, sorted(chosen)):
                    yield f"player: question {number} scores {played} for {chosen}"
            yield from (f"player: question {number} {fault}" for fault in _shown(played, question))
            opened.picture(rooms.ROOM / f"question{number}.png")
        yield from (f"player: {complaint}" for complaint in opened.complaints)


def _responses(question: dict[str, Any]) -> Iterator[tuple[list[str], float]]:
    """Yield responses with the score each is worth: what is right, and what is not quite."""
    two = question["kind"] == "true_false"
    names = list(_TWO.values()) if two else list("ABCD"[: len(question["options"])])
    right = [_TWO[one] if two else one for one in question["key"]]
    yield right, 1.0
    wrong = next(one for one in names if one not in right)
    yield ([*right, wrong] if len(right) > 1 else [wrong]), 0.0
    if len(right) > 1:
        yield right[:-1], 0.0


def _shown(played: player.Played, question: dict[str, Any]) -> Iterator[str]:
    dressed = question.get("format") == "html"
    wanted = (
        ([40], 1, [True], [True], [True], ["underline"]) if dressed else ([], 0, [], [], [], [])
    )
    drawn = (played.formulas, played.fractions, played.raised, played.lowered)
    if (played.images, *drawn, played.underlined) != wanted:
        yield f"is not dressed as it was: {played}"
    if played.notes:
        yield "shows what is for authors alone"
    if not dressed and question["kind"] != "true_false" and played.choices != question["options"]:
        yield f"offers {played.choices}"


def _of_converter(told: dict[str, Any], again: dict[str, dict[str, int]]) -> Iterator[str]:
    print(f"qti-convert: {told}; brought again: {again}")
    if told["broken references"]:
        yield "qti-convert mends references"
    for name, counts in again.items():
        if counts != {"duplicate": len(QUESTIONS)}:
            yield f"{name} is read as {counts}"


def _of_reader(name: str, read: list[dict[str, Any]]) -> Iterator[str]:
    """Compare what a reader says with what was written; it may know fewer kinds."""
    by_stem = {one["stem"]: one for one in read}
    known = [one for one in QUESTIONS if one["kind"] != "true_false" or len(read) > 3]
    print(f"{name}: {len(read)} read")
    if len(read) != len(known):
        yield f"{name} reads {len(read)} of {len(known)}"
    for question in known:
        found = by_stem.get(question["stem"]) if question.get("format") != "html" else read[-1]
        if found is None:
            yield f"{name} does not find {question['stem']} in {json.dumps([*by_stem])}"
        else:
            yield from (f"{name}: {one}" for one in _unlike(question, found))


def _unlike(question: dict[str, Any], found: dict[str, Any]) -> Iterator[str]:
    if question["kind"] == "true_false":
        if found["isTrue"] is not (question["key"] == ["A"]):
            yield f"{found['stem']} is said to be {found['isTrue']}"
        return
    choices = [(one["text"], one["right"]) for one in found["choices"]]
    wanted = [
        (text, label in question["key"])
        for label, text in zip("ABCD", question["options"], strict=False)
    ]
    if choices != wanted:
        yield f"{choices} instead of {wanted}"
    if question.get("format") == "html" and "<u>电阻</u>" not in found["stem"]:
        yield f"another stem: {found['stem'][:80]}"
