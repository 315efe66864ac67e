"""What QTI 3.0 asks of an item and of a package, as far as our exports use it, in our own words.

After the item schema 3.0.1 and the content packaging of QTI 3.0: which elements stand in which, in
which order, which attributes they must and may have, and with which values. `make foreign` shows
the same packages to other people's programs.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from question_bank.formats.qti_writing import ITEM, MANIFEST

MATHML: Final = "http://www.w3.org/1998/Math/MathML"
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_LOCATION: Final = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"

NAME, LINE, TEXT = r"[A-Za-z_][\w.-]*", r"[^\n\r\t]*", r"(?s:.*)"
BOOLEAN, NUMBER, ADDRESS = "true|false", r"\d+", r"[^\s<>\"{}|\\^`]+"
CARDINALITY, BASE_TYPE = "single|multiple|ordered|record", "identifier|float|boolean|integer|string"
VIEWS = "author|candidate|proctor|scorer|testConstructor|tutor"

#: Elements of HTML that stand in lines of text, of those that our markup can become.
INLINE: Final = ("b", "strong", "i", "em", "sub", "sup", "span", "br", "img", "math")
FLOW: Final = ("p", "div", *INLINE)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What an element may hold."""

    #: The names of its children, each followed by a space, as a pattern.
    children: str = ""
    required: dict[str, str] = field(default_factory=dict)
    optional: dict[str, str] = field(default_factory=dict)
    #: Whether it may hold text.
    text: bool = False


def any_of(*names: str) -> str:
    """Return the pattern of these children, in any order and number."""
    return f"(({'|'.join(names)}) )*"


_LINES = Rule(children=any_of(*INLINE), text=True, optional={"class": LINE})
_DECLARED = {"identifier": NAME, "cardinality": CARDINALITY}
_FEEDBACK = {"outcome-identifier": NAME, "identifier": NAME, "show-hide": "show|hide"}

ITEM_RULES: Final[dict[str, Rule]] = {
    "qti-assessment-item": Rule(
        children="(qti-response-declaration )*(qti-outcome-declaration )*(qti-item-body )?"
        "(qti-response-processing )?(qti-modal-feedback )*",
        required={"identifier": NAME, "title": LINE, "time-dependent": BOOLEAN},
        optional={
            "adaptive": BOOLEAN,
            "tool-name": LINE,
            "tool-version": LINE,
            _LANGUAGE: "[a-zA-Z-]+",
            _LOCATION: r"\S+ \S+",
        },
    ),
    "qti-response-declaration": Rule(
        children="(qti-default-value )?(qti-correct-response )?(qti-mapping )?",
        required=_DECLARED,
        optional={"base-type": BASE_TYPE},
    ),
    "qti-outcome-declaration": Rule(
        children="(qti-default-value )?", required=_DECLARED, optional={"base-type": BASE_TYPE}
    ),
    "qti-correct-response": Rule(children="(qti-value )+"),
    "qti-default-value": Rule(children="(qti-value )+"),
    "qti-value": Rule(text=True),
    "qti-item-body": Rule(children=any_of("qti-rubric-block", "qti-choice-interaction", *FLOW)),
    "qti-rubric-block": Rule(
        children="qti-content-body ",
        required={"use": "instructions|scoring|navigation", "view": VIEWS},
        optional={"class": LINE},
    ),
    "qti-content-body": Rule(children=any_of(*FLOW), text=True),
    "qti-choice-interaction": Rule(
        children="(qti-prompt )?(qti-simple-choice )+",
        required={"response-identifier": NAME},
        optional={"shuffle": BOOLEAN, "max-choices": NUMBER, "min-choices": NUMBER},
    ),
    "qti-simple-choice": Rule(children=any_of(*FLOW), text=True, required={"identifier": NAME}),
    "qti-response-processing": Rule(optional={"template": ADDRESS}),
    "qti-modal-feedback": Rule(children="qti-content-body ", required=_FEEDBACK),
    "div": Rule(children=any_of(*FLOW), text=True),
    "br": Rule(),
    "img": Rule(required={"src": ADDRESS, "alt": TEXT}),
} | dict.fromkeys(("p", "b", "strong", "i", "em", "sub", "sup", "span"), _LINES)

PACKAGE_RULES: Final[dict[str, Rule]] = {
    "manifest": Rule(
        children="metadata organizations resources ",
        required={"identifier": NAME},
        optional={_LOCATION: r"\S+ \S+"},
    ),
    "metadata": Rule(children="schema schemaversion "),
    "schema": Rule(text=True),
    "schemaversion": Rule(text=True),
    "organizations": Rule(),
    "resources": Rule(children="(resource )*"),
    "resource": Rule(
        children="(file )+",
        required={"identifier": NAME, "type": "imsqti_item_xmlv3p0", "href": ADDRESS},
    ),
    "file": Rule(required={"href": ADDRESS}),
}


def faults(package: bytes) -> list[str]:
    """Return in what a package differs from what QTI asks; nothing where it does not."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    manifest = fromstring(files["imsmanifest.xml"])
    found = [*_against(manifest, PACKAGE_RULES, MANIFEST), *_of_package(manifest, files)]
    for resource in manifest.iter(f"{{{MANIFEST}}}resource"):
        item = fromstring(files.get(resource.get("href", ""), b"<gone/>"))
        found += _against(item, ITEM_RULES, ITEM)
        found += _of_item(item)
        found += _of_images(item, resource)
    return found


def _against(element: Element, rules: dict[str, Rule], space: str) -> Iterator[str]:
    if element.tag == f"{{{MATHML}}}math":
        return
    name = element.tag.removeprefix(f"{{{space}}}")
    rule = rules.get(name)
    if rule is None:
        yield f"{element.tag} is no element of it"
        return
    children = "".join(f"{one.tag.rsplit('}', 1)[-1]} " for one in element)
    if not re.fullmatch(rule.children, children):
        yield f"{name} holds {children or 'nothing'}"
    said = (element.text or "") + "".join(one.tail or "" for one in element)
    if said.strip() and not rule.text:
        yield f"{name} says {said!r}"
    yield from _of_attributes(name, element, rule)
    for one in element:
        yield from _against(one, rules, space)


def _of_attributes(name: str, element: Element, rule: Rule) -> Iterator[str]:
    for missing in rule.required.keys() - element.attrib.keys():
        yield f"{name} lacks {missing}"
    known = rule.required | rule.optional
    for attribute, value in element.attrib.items():
        if attribute not in known or not re.fullmatch(known[attribute], value):
            yield f"{name} has {attribute}={value!r}"


def _of_package(manifest: Element, files: dict[str, bytes]) -> Iterator[str]:
    resources = list(manifest.iter(f"{{{MANIFEST}}}resource"))
    names = [one.get("identifier") for one in resources]
    if len(set(names)) < len(names):
        yield "two resources have one identifier"
    named = {one.get("href", "") for one in manifest.iter(f"{{{MANIFEST}}}file")}
    if named != files.keys() - {"imsmanifest.xml"}:
        yield f"files and manifest differ: {named ^ (files.keys() - {'imsmanifest.xml'})}"
    for one in resources:
        if one.get("href") not in {file.get("href") for file in one}:
            yield f"{one.get('href')} is no file of its resource"


def _of_item(item: Element) -> Iterator[str]:
    """Say what is referred to and not there, or there and cannot be."""
    declared = {one.get("identifier"): one for one in _all(item, "response-declaration")}
    outcomes = {one.get("identifier") for one in _all(item, "outcome-declaration")}
    for interaction in _all(item, "choice-interaction"):
        response = declared.get(interaction.get("response-identifier"))
        if response is None or response.get("base-type") != "identifier":
            yield "an interaction without its response"
            continue
        choices = [one.get("identifier") for one in _all(interaction, "simple-choice")]
        right = [value.text for one in response for value in one]
        if len(set(choices)) < len(choices) or not set(right) <= set(choices):
            yield f"choices {choices}, right {right}"
        if response.get("cardinality") == "single" and len(right) > 1:
            yield f"one is to be chosen, and right are {right}"
    for feedback in _all(item, "modal-feedback"):
        if feedback.get("outcome-identifier") not in outcomes:
            yield "a feedback without its outcome"


def _of_images(item: Element, resource: Element) -> Iterator[str]:
    folder = posixpath.dirname(resource.get("href", ""))
    declared = {one.get("href") for one in resource}
    for image in item.iter(f"{{{ITEM}}}img"):
        if posixpath.normpath(posixpath.join(folder, image.get("src", ""))) not in declared:
            yield f"{image.get('src')} is no file of the resource"


def _all(element: Element, name: str) -> Iterator[Element]:
    return element.iter(f"{{{ITEM}}}qti-{name}")
