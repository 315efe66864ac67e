"""A file on paper, in the order in which the law lists its contents (一人一档打印).

《煤矿安全培训规定》 art. 9: the register of the learner; copies of identity and education; every
training and assessment; violations and decisions; what else there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from importlib.resources import files
from itertools import groupby
from typing import Any

from server import printing
from server.records.words import word

_CHINA = timezone(timedelta(hours=8))

#: Parts of the file, each with the kinds of lines that stand in it.
PARTS = (
    ("二、证件、学历证书复印件", "Copies of documents", ("document_copy",)),
    ("三、历次安全培训", "Training", ("training",)),
    ("四、历次考核", "Assessment", ("exam",)),
    ("五、证书", "Certificates", ("certificate",)),
    ("六、违规违章、处分与任职资格限制", "Violations, decisions and bars", ("violation", "bar")),
    (
        "七、健康承诺及其他",
        "Health and other entries",
        ("health", "note", "confirmation", "objection", "correction"),
    ),
)

#: Lines that speak of another one.
_ABOUT = ("confirmation", "objection")

_VERDICTS = {"True": "，考核合格", "False": "，考核不合格"}


def pdf(data: Mapping[str, Any], seal: Mapping[str, Any], *, at: datetime) -> bytes:
    """Return a file as PDF/A.

    Args:
        data: the file as `plain_file.told` says it.
        seal: what it can be checked by: `hash`, `file_hash`, `sequence`, `purpose`, `withheld`.
        at: the moment of printing.
    """
    return printing.pdf(_template(), printable(data, seal), at=at)


def png(data: Mapping[str, Any], seal: Mapping[str, Any]) -> list[bytes]:
    """Return the pages of a file as pictures."""
    return printing.png(_template(), printable(data, seal), dots_per_inch=80)


def _template() -> Any:
    return files("server.records").joinpath("print", "file.typ")


def printable(data: Mapping[str, Any], seal: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template reads: words instead of codes, each line in its part."""
    lines = data["lines"]
    names = {line["id"]: _name(line) for line in lines}
    return {
        "person": {name: word(value) for name, value in data["person"].items()},
        "posts": [_post(line) for line in lines if line["kind"] == "post"],
        "held": "；".join(_held(lines)) or "—",
        "titles": _rows((line for line in lines if line["kind"] == "education"), names),
        "parts": [
            {
                "zh": zh,
                "en": en,
                "lines": _rows((line for line in lines if line["kind"] in kinds), names),
            }
            for zh, en, kinds in PARTS
        ],
        "seal": dict(seal),
        "printed": _day_and_time(data["read_at"]),
    }


def _held(lines: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the posts that are held at the end of the lines: role and place."""
    last = {line["subject_id"]: line for line in lines if line["kind"] == "post"}
    for line in last.values():
        if line["content"].get("what") == "began":
            post = _post(line)
            yield f"{post['role']}，{post['where']}"


def _post(line: Mapping[str, Any]) -> dict[str, str]:
    said = line["content"]
    return {
        "on": line["happened_on"],
        "what": word(said.get("what")),
        "where": str(said.get("organisation", "")),
        "role": word(said.get("role")) + _items(said.get("items", ())),
    }


def _items(items: Sequence[str]) -> str:
    return f"（{'、'.join(items)}）" if items else ""


def _name(line: Mapping[str, Any]) -> str:
    """Return what another line calls this one: its day, and what was taught or examined."""
    said = line["content"]
    name = said.get("programme") or said.get("exam")
    level = f"（{word(said['level'])}）" if said.get("level") else ""
    return f"：{line['happened_on']} {name}{level}" if name else ""


def _rows(lines: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return lines as rows of a table; those of one decision that read alike are one row.

    A bar from a qualification is a bar from each of its items: fifty lines that say the same.
    """
    found: list[dict[str, Any]] = []
    for row, alike in groupby(_row(line, names) for line in lines):
        count = sum(1 for _ in alike)
        together = f"（同一决定，共 {count} 项）" if count > 1 else ""
        found.append(row | {"what": row["what"] + together})
    return found


def _row(line: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    # A signature or an objection says of what it is.
    about = names.get(line["subject_id"], "") if line["kind"] in _ABOUT else ""
    return {
        "on": line["happened_on"],
        "what": _told(line["kind"], line["content"], line["reason"]) + about,
        "source": line["source"],
        "recorded": _day_and_time(line["recorded_at"]),
        "counts": line["counts"] or line["kind"] == "correction",
        "confirmed": "、".join(word(each) for each in line["confirmed_by"]),
        "awaits": "、".join(word(each) for each in line["awaits_confirmation_by"]),
        "objection": line.get("objection") or "",
    }


def _told(kind: str, said: Mapping[str, Any], reason: str | None) -> str:
    tell = _TELLERS.get(kind, _tell_other)
    return tell(said) + (f"（{reason}）" if reason else "")


def _tell_training(said: Mapping[str, Any]) -> str:
    due = f"，应修 {_number(said['hours_due'])}" if said.get("hours_due") else ""
    passed = _VERDICTS.get(str(said.get("passed")), "")
    kinds = [word(said[name]) for name in ("purpose", "level") if said.get(name)]
    kind = f"（{'，'.join(kinds)}）" if kinds else ""
    people = "，授课：" + "、".join(said["trainers"]) if said.get("trainers") else ""
    topics = "，内容：" + "、".join(said["topics"]) if said.get("topics") else ""
    signed = f"，签到：{_signed(said['sign_in'])}" if said.get("sign_in") else ""
    name = said.get("programme", "")
    done = _number(said.get("hours", "0"))
    return f"{name}{kind}：实修 {done} 学时{due}{passed}{people}{topics}{signed}"


def _signed(where: str) -> str:
    """Return where the attendance stands: a class by the beginning of its id."""
    kind, _, class_id = where.partition(":")
    return f"培训班 {class_id[:8]} 考勤" if kind == "training_class" else where


def _tell_exam(said: Mapping[str, Any]) -> str:
    if said.get("voided"):
        return f"{said.get('exam', '')}：成绩作废，原因：{said.get('void_reason', '')}"
    score = _number(said.get("score"))
    most = _number(said.get("max_score"))
    verdict = "合格" if said.get("passed") else "不合格"
    form = f"第 {said['paper_form']} 套 " if said.get("paper_form") else ""
    paper = f"，试卷 {form}{str(said['paper_id'])[:8]}" if said.get("paper_id") else ""
    tries = f"，第 {said['attempt_number']} 次参考" if said.get("attempt_number") else ""
    proof = f"，答卷回执 {_attempt(said['evidence'])}" if said.get("evidence") else ""
    return f"{said.get('exam', '')}：{score}/{most} 分，{verdict}{tries}{paper}{proof}"


def _attempt(address: str) -> str:
    """Return the beginning of the id of an attempt, out of the address of its receipt."""
    return address.split("/")[-2][:8]


def _tell_certificate(said: Mapping[str, Any]) -> str:
    until = (
        f"，有效期 {said['valid_from']} 至 {said['valid_until']}" if "valid_from" in said else ""
    )
    what = word(said.get("what"))
    why = f"，原因：{said['reason']}" if said.get("reason") else ""
    document = f"，文号：{said['document']}" if said.get("document") else ""
    name = f"{said.get('qualification', '')} {said.get('number', '')}"
    return f"{what}：{name}{until}{why}{document}"


def _tell_bar(said: Mapping[str, Any]) -> str:
    until = said.get("until_on")
    lasts = f"至 {until}" if until else "终身"
    return f"{said.get('reason', '')}，{lasts}，文号：{said.get('document') or '—'}"


def _tell_copy(said: Mapping[str, Any]) -> str:
    if "document" not in said:
        return _tell_other(said)
    return f"{word(said['document'])}，SHA-256 {str(said.get('sha256', ''))[:16]}…"


def _tell_confirmation(said: Mapping[str, Any]) -> str:
    return f"{word(said.get('as'))}确认"


def _tell_objection(said: Mapping[str, Any]) -> str:
    return f"{word(said.get('as'))}提出异议（{said.get('words', '')}）"


def _tell_other(said: Mapping[str, Any]) -> str:
    parts = [str(said.get("summary", "")), str(said.get("consequence") or "")]
    parts += [f"文号：{said['document']}"] if said.get("document") else []
    return "；".join(part for part in parts if part) or "撤回"


_TELLERS = {
    "training": _tell_training,
    "exam": _tell_exam,
    "certificate": _tell_certificate,
    "bar": _tell_bar,
    "document_copy": _tell_copy,
    "confirmation": _tell_confirmation,
    "objection": _tell_objection,
}


def _number(value: Any) -> str:
    return "—" if value is None else f"{float(Fraction(str(value))):g}"


def _day_and_time(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(_CHINA).strftime("%Y-%m-%d %H:%M")
