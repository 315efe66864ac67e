"""XML made safe, and the pieces of it that are markup of questions."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from question_bank.errors import FileDamaged, FileUnsafe
from question_bank.markup import FORMULA

#: Encoding in which a formula keeps its source.
_TEX: Final = "application/x-tex"

#: Class of a `span` by which QTI 3.0 underlines.
UNDERLINE: Final = "qti-underline"


def tree_of(content: bytes | str) -> Element:
    """Return the root of a document.

    Raises:
        FileUnsafe: it declares document types, entities or external references.
        FileDamaged: it is no XML.
    """
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise FileUnsafe from None
    except (ParseError, ValueError, LookupError, RecursionError):
        raise FileDamaged from None
    return root


def local(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """Yield the children of these names."""
    return (child for child in element if local(child) in names)


def child(element: Element | None, name: str) -> Element | None:
    """Return the first child of this name."""
    return None if element is None else next(children(element, name), None)


def every(element: Element, *names: str) -> Iterator[Element]:
    """Yield the descendants of these names, in order."""
    return (one for one in element.iter() if local(one) in names)


def inner(element: Element | None, *, skip: Callable[[Element], bool] | None = None) -> str:
    """Return what stands inside an element, as HTML.

    Args:
        element: any element; None gives nothing.
        skip: says which descendants are left out.
    """
    if element is None:
        return ""
    parts = [html.escape(element.text or "", quote=False)]
    for one in element:
        if skip is None or not skip(one):
            parts.append(_outer(one, skip))
        parts.append(html.escape(one.tail or "", quote=False))
    return "".join(parts)


def _outer(element: Element, skip: Callable[[Element], bool] | None) -> str:
    name = local(element)
    if name == "math":
        return _formula(element)
    if name == "object":  # an image, as QTI 2 writes it
        return _image(element.get("data", ""), "".join(element.itertext()))
    if name == "img":
        return _image(element.get("src", ""), element.get("alt", ""))
    if name == "br":
        return "<br>"
    tag = "p" if name in {"div", "li", "tr"} else name
    if UNDERLINE in element.get("class", "").split():
        tag = "u"
    return f"<{tag}>{inner(element, skip=skip)}</{tag}>" if tag.isalnum() else inner(element)


def _image(address: str, alt: str) -> str:
    return f'<img src="{html.escape(address)}" alt="{html.escape(alt.strip())}">'


def _formula(element: Element) -> str:
    """A formula by its source where it kept one, by its letters otherwise."""
    for note in every(element, "annotation"):
        if note.get("encoding") == _TEX and note.text:
            return html.escape(rf"\({note.text}\)", quote=False)
    told = element.get("alttext", "")
    if FORMULA.fullmatch(told):  # with its marks it is LaTeX, without it may be any words
        return html.escape(told, quote=False)
    return html.escape("".join(element.itertext()), quote=False)
