"""QTI packages (2.x and 3.0): choice interactions, with their images, become questions.

Element names are compared without namespace, without the `qti-` of version 3 and without hyphens,
so that `qti-choice-interaction` and `choiceInteraction` are one; attributes likewise.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from question_bank import pictures
from question_bank.errors import FormatUnknown, TooManyRows
from question_bank.formats import packages, trees
from question_bank.formats.files import MOST_COLUMNS, MOST_ROWS, Album, Finder
from question_bank.importing.given import Book, Given
from question_bank.importing.reasons import Reason, reason
from question_bank.kinds import Kind
from question_bank.markup import Passage, passage

#: What an item says of the tool that wrote it, where it was this platform.
TOOL: Final = "safety-training-platform"
#: Classes of the blocks in which an item of ours says what QTI has no place for.
TOPIC, DIFFICULTY, LAW = "topic", "difficulty", "law-citation"
_MANIFEST: Final = "imsmanifest.xml"


def read_package(content: bytes, album: Album) -> Book:
    """Return the questions of a package that was checked.

    Raises:
        FormatUnknown: it holds no item.
        FileDamaged, FileUnsafe: it, or one of its documents, cannot be read or must not be.
        TooManyRows: it holds more items than a bank can.
    """
    found: list[Given] = []
    with packages.opened(content) as package:
        names = set(package.namelist())
        for path in _item_paths(package):
            if path not in names:
                continue
            find = _finder(package, names, path, album)
            for item in _items(trees.tree_of(package.read(path))):
                found.append(_given(len(found) + 1, item, find))
            if len(found) > MOST_ROWS:
                raise TooManyRows(rows=MOST_ROWS, columns=MOST_COLUMNS)
    if not found:
        raise FormatUnknown
    return Book("QTI", found)


def read_item(root: Element, album: Album) -> Book:
    """Return the question of a single item, outside any package."""

    def find(address: str) -> str | None:
        return album.take(pictures.in_address(address))

    return Book("QTI", [_given(n, item, find) for n, item in enumerate(_items(root), 1)])


def is_item(root: Element) -> bool:
    """Say whether a document is an item."""
    return _name(root) == "assessmentitem"


def _item_paths(package: zipfile.ZipFile) -> Iterator[str]:
    manifest = trees.tree_of(packages.member(package, _MANIFEST) or b"")
    for resource in trees.every(manifest, "resource"):
        if "item" in resource.get("type", "").casefold():
            yield posixpath.normpath(unquote(resource.get("href", "")))


def _finder(package: zipfile.ZipFile, names: set[str], path: str, album: Album) -> Finder:
    folder = posixpath.dirname(path)

    def find(address: str) -> str | None:
        if address.startswith("data:"):
            return album.take(pictures.in_address(address))
        inside = posixpath.normpath(posixpath.join(folder, unquote(address)))
        return album.take(package.read(inside)) if inside in names else None

    return find


def _name(element: Element) -> str:
    return trees.local(element).casefold().removeprefix("qti-").replace("-", "")


def _attribute(element: Element, name: str) -> str:
    return next(
        (v for key, v in element.attrib.items() if key.replace("-", "").casefold() == name), ""
    )


def _all(element: Element, name: str) -> list[Element]:
    return [one for one in element.iter() if isinstance(one.tag, str) and _name(one) == name]


def _items(root: Element) -> list[Element]:
    return _all(root, "assessmentitem")


class _Image:
    """Finds the images of one item, and remembers whether one was missing."""

    def __init__(self, find: Finder) -> None:
        self.find, self.missing = find, False

    def __call__(self, address: str) -> str | None:
        name = self.find(address)
        self.missing = self.missing or name is None
        return name


def _given(number: int, item: Element, find: Finder) -> Given:
    image = _Image(find)
    interactions = [
        one
        for one in item.iter()
        if isinstance(one.tag, str) and _name(one).endswith("interaction")
    ]
    is_choice = [_name(one) for one in interactions] == ["choiceinteraction"]
    if not is_choice:
        stem = Passage(_attribute(item, "title") or _attribute(item, "identifier"))
        what = _name(interactions[0]) if interactions else "—"
        because = reason("kind_unsupported", kind=what)
        return Given(number=number, kind=Kind.SINGLE_CHOICE, stem=stem, refused=because)
    return _choice(number, item, interactions[0], image)


def _choice(number: int, item: Element, interaction: Element, image: _Image) -> Given:
    declared = _declared(item, _attribute(interaction, "responseidentifier"))
    choices = _all(interaction, "simplechoice")
    identifiers = [_attribute(choice, "identifier") for choice in choices]
    right = [_text(value) for value in _correct(declared)]
    stem = passage(_stem(item, interaction), image=image)
    options = tuple(passage(trees.inner(one, skip=_is_feedback), image=image) for one in choices)
    explanation = passage(_explanation(item), image=image)
    notes = _notes(item)
    return Given(
        number=number,
        kind=_kind(item, interaction, declared, identifiers),
        stem=stem,
        options=options,
        right=tuple(identifiers.index(one) if one in identifiers else -1 for one in right),
        explanation=None if explanation.is_empty else explanation,
        topic=notes.get(TOPIC),
        difficulty=notes.get(DIFFICULTY),
        law_citation=notes.get(LAW),
        ours=_attribute(item, "toolname") == TOOL,
        refused=_refusal(image),
    )


def _refusal(image: _Image) -> Reason | None:
    return reason("image_refused") if image.missing else None


def _declared(item: Element, identifier: str) -> Element | None:
    declared = _all(item, "responsedeclaration")
    named = (one for one in declared if _attribute(one, "identifier") == identifier)
    return next(named, None)


def _correct(declared: Element | None) -> list[Element]:
    correct = [] if declared is None else _all(declared, "correctresponse")
    return _all(correct[0], "value") if correct else []


def _kind(
    item: Element, interaction: Element, declared: Element | None, identifiers: list[str]
) -> Kind:
    if _attribute(item, "toolname") == TOOL and identifiers == ["true", "false"]:
        return Kind.TRUE_FALSE
    cardinality = "" if declared is None else _attribute(declared, "cardinality")
    several = _attribute(interaction, "maxchoices") != "1" if not cardinality else False
    return Kind.MULTIPLE_CHOICE if cardinality == "multiple" or several else Kind.SINGLE_CHOICE


def _stem(item: Element, interaction: Element) -> str:
    """Everything a candidate reads before the choices: what stands before, and the prompt."""
    body = next(iter(_all(item, "itembody")), None)

    def is_left_out(element: Element) -> bool:
        return element is interaction or _is_feedback(element) or _name(element) == "rubricblock"

    prompts = _all(interaction, "prompt")
    return trees.inner(body, skip=is_left_out) + "".join(
        f"<p>{trees.inner(prompt, skip=_is_feedback)}</p>" for prompt in prompts
    )


def _is_feedback(element: Element) -> bool:
    return _name(element) in {"feedbackinline", "feedbackblock", "modalfeedback"}


def _explanation(item: Element) -> str:
    return "".join(f"<p>{trees.inner(one)}</p>" for one in _all(item, "modalfeedback"))


def _notes(item: Element) -> dict[str, str]:
    blocks = _all(item, "rubricblock")
    return {
        one.get("class", ""): _text(one) for one in blocks if _attribute(one, "view") == "author"
    }


def _text(element: Element) -> str:
    return "".join(element.itertext()).strip()
