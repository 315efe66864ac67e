"""Exports as a QTI 3.0 package that other people's players take (QTI 导出)."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Mapping
from typing import Final
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import quoteattr

from question_bank.content import Content
from question_bank.formats.exported import Export, difficulty_of, passages_of
from question_bank.formats.qti import DIFFICULTY, LAW, TOOL, TOPIC
from question_bank.formats.trees import UNDERLINE
from question_bank.formulas import handed_out
from question_bank.kinds import Kind
from question_bank.markup import IMAGE, Passage, rendered
from question_bank.pictures import Picture

ITEM: Final = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
MANIFEST: Final = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_ITEM_SCHEMA: Final = "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd"
_MANIFEST_SCHEMA: Final = (
    "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd"
)
_MATCH: Final = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"
#: Where images lie beside the items of a package.
_IMAGES: Final = "../images/"
_VOID: Final = re.compile(r"<(br|img)([^>]*?)\s*/?>")
#: Every file of a package has the same moment, so that the same questions are the same bytes.
_MOMENT: Final = (2026, 1, 1, 0, 0, 0)


def package(export: Export) -> bytes:
    """Return the questions as a package."""
    items = [(f"items/q{n:05}.xml", one) for n, one in enumerate(export.questions, 1)]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        _put(packed, "imsmanifest.xml", _manifest(items, export).encode())
        for path, content in items:
            _put(packed, path, item(content, export).encode())
        for _, picture in sorted(export.images.items()):
            _put(packed, f"images/{picture.file_name}", picture.content)
    return target.getvalue()


def _put(packed: zipfile.ZipFile, path: str, content: bytes) -> None:
    member = zipfile.ZipInfo(path, _MOMENT)
    member.compress_type = zipfile.ZIP_DEFLATED
    packed.writestr(member, content)


def _manifest(items: list[tuple[str, Content]], export: Export) -> str:
    resources = "".join(
        f'<resource identifier="r{number}" type="imsqti_item_xmlv3p0" href="{path}">'
        f'<file href="{path}"/>{_files(content, export.images)}</resource>'
        for number, (path, content) in enumerate(items, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<!-- {_comment(export.watermark)} -->\n"
        f'<manifest xmlns="{MANIFEST}" xmlns:xsi="{_XSI}" identifier="package"'
        f' xsi:schemaLocation="{MANIFEST} {_MANIFEST_SCHEMA}">'
        "<metadata><schema>QTI Package</schema><schemaversion>3.0.0</schemaversion></metadata>"
        f"<organizations/><resources>{resources}</resources></manifest>"
    )


def _comment(text: str) -> str:
    return html.escape(text.replace("--", "——"))


def _files(content: Content, images: Mapping[str, Picture]) -> str:
    names = sorted(content.markup.images) if content.markup is not None else []
    return "".join(
        f'<file href="images/{images[name].file_name}"/>' for name in names if name in images
    )


def item(content: Content, export: Export) -> str:
    """Return one question as an item; whoever gets no keys gets none of what gives them away."""
    stem, options, explanation = passages_of(content)
    two = content.kind is Kind.TRUE_FALSE
    names = ["true", "false"] if two else [f"{label}" for label in "ABCDEFGHIJ"[: len(options)]]
    several = content.kind is Kind.MULTIPLE_CHOICE
    choices = "".join(
        f'<qti-simple-choice identifier="{name}"><div>{_inline(one, export)}</div>'
        "</qti-simple-choice>"
        for name, one in zip(names, options, strict=True)
    )
    # Of what is shown alone: a name made of the fingerprint would tell two keys apart.
    said = "\x1f".join(one.markup for one in (stem, *options))
    identifier = f"q{uuid5(NAMESPACE_URL, said).hex}"
    notes = {TOPIC: content.topic, LAW: content.law_citation}
    if export.with_keys:
        notes[DIFFICULTY] = difficulty_of(content)
    shown = explanation if export.with_keys else None
    title = " ".join(stem.text.split())[:100]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<qti-assessment-item xmlns="{ITEM}" xmlns:xsi="{_XSI}"'
        f' xsi:schemaLocation="{ITEM} {_ITEM_SCHEMA}" identifier="{identifier}"'
        f' title={quoteattr(title)} adaptive="false" time-dependent="false"'
        f' xml:lang="zh-CN" tool-name="{TOOL}" tool-version="1">'
        f"{_declared(content, names, several, export)}"
        f"<qti-item-body>{_notes(notes)}<div>{_inline(stem, export)}</div>"
        '<qti-choice-interaction response-identifier="RESPONSE" shuffle="false"'
        f' max-choices="{0 if several else 1}">{choices}</qti-choice-interaction></qti-item-body>'
        f"{_processing(export)}{_explained(shown, export)}</qti-assessment-item>"
    )


def _declared(content: Content, names: list[str], several: bool, export: Export) -> str:
    right = [names["ABCDEFGHIJ".index(label)] for label in content.key]
    values = "".join(f"<qti-value>{name}</qti-value>" for name in right)
    correct = f"<qti-correct-response>{values}</qti-correct-response>" if export.with_keys else ""
    cardinality = "multiple" if several else "single"
    feedback = (
        '<qti-outcome-declaration identifier="FEEDBACK" cardinality="single"'
        ' base-type="identifier"><qti-default-value><qti-value>explanation</qti-value>'
        "</qti-default-value></qti-outcome-declaration>"
    )
    return (
        f'<qti-response-declaration identifier="RESPONSE" cardinality="{cardinality}"'
        f' base-type="identifier">{correct}</qti-response-declaration>'
        '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>'
        f"{feedback if export.with_keys and content.explanation else ''}"
    )


def _notes(notes: Mapping[str, str | None]) -> str:
    return "".join(
        f'<qti-rubric-block view="author" class="{name}" use="instructions"><qti-content-body>'
        f"<p>{html.escape(text, quote=False)}</p></qti-content-body></qti-rubric-block>"
        for name, text in notes.items()
        if text
    )


def _processing(export: Export) -> str:
    return f'<qti-response-processing template="{_MATCH}"/>' if export.with_keys else ""


def _explained(explanation: Passage | None, export: Export) -> str:
    if explanation is None:
        return ""
    return (
        '<qti-modal-feedback outcome-identifier="FEEDBACK" identifier="explanation"'
        f' show-hide="show"><qti-content-body><p>{_inline(explanation, export)}</p>'
        "</qti-content-body></qti-modal-feedback>"
    )


def _inline(said: Passage, export: Export) -> str:
    """A passage as XHTML: no entity but XML's own, images by their place in the package.

    Whatever holds it puts it into one element: players lay the pieces of a choice out side by side.

    Of our tags QTI has all but `u`, for which it has a class of `span`.
    """
    images = {name: f"{_IMAGES}{one.file_name}" for name, one in export.images.items()}
    shown = rendered(said.markup, address="image:", formula=handed_out)
    placed = IMAGE.sub(lambda found: images.get(found[1], found[0]), shown)
    closed = _VOID.sub(lambda found: f"<{found[1]}{_with_alt(*found.groups())}/>", placed)
    lined = closed.replace("<u>", f'<span class="{UNDERLINE}">').replace("</u>", "</span>")
    return lined.replace("&nbsp;", "\xa0")


def _with_alt(tag: str, attributes: str) -> str:
    return attributes if tag == "br" or " alt=" in attributes else f'{attributes} alt=""'
