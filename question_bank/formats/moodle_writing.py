"""Exports as Moodle XML and GIFT, which Moodle and its like take (Moodle 导出).

Neither can say a question without its key.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Sequence
from typing import Final

from question_bank.content import Content
from question_bank.delivery import keeps_order
from question_bank.formats.exported import Export, difficulty_of, passages_of
from question_bank.formats.gift import SPECIAL
from question_bank.formats.moodle import DIFFICULTY_TAG, LAW_CLASS, OURS, PLUGINFILE
from question_bank.kinds import LABELS, Kind
from question_bank.markup import IMAGE, Passage, html_of

#: Worth of one right option among so many, as Moodle writes it.
_WORTH: Final = {
    1: "100",
    2: "50",
    3: "33.33333",
    4: "25",
    5: "20",
    6: "16.66667",
    7: "14.28571",
    8: "12.5",
    9: "11.11111",
    10: "10",
}

#: Worth of a wrong option where several are right: who chooses everything earns nothing.
_WRONG: Final = "-100"


def moodle_xml(export: Export) -> bytes:
    """Return the questions as Moodle XML."""
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        f"<!-- {OURS}: {html.escape(export.watermark.replace('--', '——'))} -->\n<quiz>\n",
    ]
    topic: str | None = None
    for number, content in enumerate(export.questions, 1):
        if content.topic != topic:
            topic = content.topic
            parts.append(_category(topic))
        parts.append(_question(number, content, export))
    return "".join([*parts, "</quiz>\n"]).encode()


def _category(topic: str | None) -> str:
    name = f"/{topic.replace('/', '//')}" if topic else ""
    return (
        '<question type="category"><category><text>'
        f"{_text(f'$course$/top{name}')}</text></category></question>\n"
    )


def _text(text: str) -> str:
    return html.escape(text, quote=False)


def _question(number: int, content: Content, export: Export) -> str:
    stem, options, explanation = passages_of(content)
    is_two = content.kind is Kind.TRUE_FALSE
    law = _law(content)
    feedback = _feedback(explanation, law, export)
    difficulty = difficulty_of(content)
    tag = f"<tags><tag><text>{DIFFICULTY_TAG}{difficulty}</text></tag></tags>" if difficulty else ""
    choices = _two(content) if is_two else _choices(content, options, export)
    return (
        f'<question type="{"truefalse" if is_two else "multichoice"}">'
        f"<name><text>{number:05}</text></name>{_said('questiontext', stem, export)}"
        f"{feedback}<defaultgrade>1</defaultgrade><penalty>0</penalty><hidden>0</hidden>"
        f"{choices}{tag}</question>\n"
    )


def _two(content: Content) -> str:
    right = content.key == ("A",)
    return "".join(
        f'<answer fraction="{100 if word is right else 0}" format="plain_text">'
        f"<text>{str(word).lower()}</text></answer>"
        for word in (True, False)
    )


def _choices(content: Content, options: Sequence[Passage], export: Export) -> str:
    single = content.kind is Kind.SINGLE_CHOICE
    worth = _WORTH[len(content.key)]
    wrong = "0" if single else _WRONG
    shuffled = str(not keeps_order(content.kind, content.options)).lower()
    return (
        f"<single>{str(single).lower()}</single><shuffleanswers>{shuffled}</shuffleanswers>"
        "<answernumbering>ABCD</answernumbering>"
    ) + "".join(
        _said("answer", one, export, fraction=worth if label in content.key else wrong)
        for label, one in zip(LABELS, options, strict=False)
    )


def _said(name: str, said: Passage, export: Export, *, fraction: str | None = None) -> str:
    worth = "" if fraction is None else f' fraction="{fraction}"'
    if said.html is None:
        return f'<{name}{worth} format="plain_text"><text>{_text(said.text)}</text></{name}>'
    names = [one for one in dict.fromkeys(IMAGE.findall(said.html)) if one in export.images]
    text = IMAGE.sub(
        lambda found: (
            PLUGINFILE + export.images[found[1]].file_name
            if found[1] in export.images
            else found[0]
        ),
        said.html,
    )
    files = "".join(
        f'<file name="{export.images[one].file_name}" path="/" encoding="base64">'
        f"{base64.b64encode(export.images[one].content).decode()}</file>"
        for one in names
    )
    return f'<{name}{worth} format="html"><text>{_text(text)}</text>{files}</{name}>'


def _law(content: Content) -> str:
    if not content.law_citation:
        return ""
    return f'<p class="{LAW_CLASS}">{_text(content.law_citation)}</p>'


def _feedback(explanation: Passage | None, law: str, export: Export) -> str:
    if not law:
        return "" if explanation is None else _said("generalfeedback", explanation, export)
    dressed = Passage("", (explanation.markup if explanation else "") + law)
    return _said("generalfeedback", dressed, export)


def gift(export: Export) -> bytes:
    """Return the questions as GIFT, images in their texts."""
    parts = [f"// {OURS}: {' '.join(export.watermark.split())}\n\n"]
    topic: str | None = None
    for number, content in enumerate(export.questions, 1):
        if content.topic != topic:
            topic = content.topic
            name = f"/{topic.replace('/', '//')}" if topic else ""
            parts.append(f"$CATEGORY: $course$/top{_kept(name)}\n\n")
        parts.append(_gift_question(number, content, export))
    return "".join(parts).encode()


def _gift_question(number: int, content: Content, export: Export) -> str:
    stem, options, explanation = passages_of(content)
    difficulty = difficulty_of(content)
    tag = f"// [tag:{DIFFICULTY_TAG}{difficulty}]\n" if difficulty else ""
    law = _law(content)
    feedback = ""
    if law:
        whole = (explanation.markup if explanation else "") + law
        feedback = f"####[html]{_kept(_held(whole, export))}\n"
    elif explanation is not None:
        feedback = f"####{_gift_said(explanation, export)}\n"
    return (
        f"{tag}::{number:05}::{_gift_said(stem, export)}"
        f"{{{_gift_choices(content, options, export)}{feedback}}}\n\n"
    )


def _gift_choices(content: Content, options: Sequence[Passage], export: Export) -> str:
    if content.kind is Kind.TRUE_FALSE:
        return "TRUE\n" if content.key == ("A",) else "FALSE\n"
    lines = []
    for label, one in zip(LABELS, options, strict=False):
        right = label in content.key
        if content.kind is Kind.SINGLE_CHOICE:
            mark = "=" if right else "~"
        else:
            mark = f"~%{_WORTH[len(content.key)] if right else _WRONG}%"
        lines.append(f"{mark}{_gift_said(one, export)}\n")
    return "\n" + "".join(lines)


def _gift_said(said: Passage, export: Export) -> str:
    if said.html is None and "->" not in said.text:
        return f"[plain]{_kept(said.text)}"
    if said.html is None:  # an arrow would make it a question of pairs
        return f"[html]{_kept(html_of(said.text))}"
    return f"[html]{_kept(_held(said.html, export))}"


def _held(markup: str, export: Export) -> str:
    """Markup with its images in it."""
    return IMAGE.sub(
        lambda found: (
            export.images[found[1]].data_address if found[1] in export.images else found[0]
        ),
        markup,
    )


def _kept(text: str) -> str:
    """A text whose characters mean nothing to the format."""
    return re.sub(f"([{re.escape(SPECIAL)}])", r"\\\1", text).replace("\n", "\\n")
