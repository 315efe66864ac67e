r"""Rich text of questions (富文本): a safe subset of HTML, its plain text, its formulas and images.

A text is canonical when `normalised` leaves it alone; markup is canonical when `cleaned` does.
Markup may emphasise, raise and lower, break lines, hold images of the platform (`image:<hash>`)
and formulas written in LaTeX between `\(` and `\)`; nothing else survives the way in.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import nh3

from question_bank.formulas import mathml
from question_bank.wording import is_invisible, normalised

#: What a text may be dressed in.
TAGS: Final = frozenset(("b", "strong", "i", "em", "u", "sub", "sup", "br", "p", "img"))
#: How markup names an image of the platform.
IMAGE: Final = re.compile(r"image:([0-9a-f]{64})")
#: Where the platform serves images, each by its hash.
IMAGES: Final = "/v1/question-images/"
#: Characters of a formula; longer ones are text.
LONGEST_FORMULA: Final = 500

#: A formula between its marks; the group is its LaTeX.
FORMULA: Final = re.compile(rf"\\\((.{{1,{LONGEST_FORMULA}}}?)\\\)", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_BROKEN_IMAGE = re.compile(r'<img(?![^>]*\ssrc=")[^>]*>')
_BLOCK_END = re.compile(r"\s*</p>\s*(?:<p>)?\s*|\s*<p>\s*|[ \n]*<br>[ \n]*")
_GAP = re.compile(r"[ \t\n\r\f]+")
_ALT = re.compile(r'<img[^>]*?(?:\salt="([^"]*)")?[^>]*>')

#: Around an inset; private characters that no font shows.
_OPEN, _CLOSE = "\ue000", "\ue001"
_INSET = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")

#: Stands in a plain text where an image stands in the markup.
PICTURE: Final = "〔图〕"


@dataclass(frozen=True)
class Passage:
    """One text of a question: what it says, and how it is dressed where it is."""

    text: str
    #: Canonical markup; None where the text says everything.
    html: str | None = None

    @property
    def markup(self) -> str:
        """The passage as markup, dressed or not."""
        return self.html if self.html is not None else html_of(self.text)

    @property
    def is_empty(self) -> bool:
        """Whether it neither says nor shows anything."""
        return not self.text


@dataclass(frozen=True, kw_only=True)
class Markup:
    """The texts of a question as markup, all of them, where at least one is dressed."""

    stem: str
    options: tuple[str, ...]
    explanation: str | None = None

    @property
    def images(self) -> frozenset[str]:
        """Hashes of the images that the question shows."""
        whole = " ".join((self.stem, *self.options, self.explanation or ""))
        return images_in(whole)


def images_in(markup: str) -> frozenset[str]:
    """Return the hashes of the images that canonical markup shows."""
    return frozenset(IMAGE.findall(markup))


def worded(text: str) -> Passage:
    r"""Return what a plain text from outside says; `\(…\)` in it is a formula everywhere.

    Pieces put into it by `inset` are markup.
    """
    canonical = normalised(text)
    if _INSET.search(canonical):
        parts = _INSET.split(canonical)
        whole = [html_of(part) if n % 2 == 0 else part for n, part in enumerate(parts)]
        return passage("".join(whole))
    return passage(html_of(canonical)) if FORMULA.search(canonical) else Passage(canonical)


def inset(markup: str) -> str:
    """Return markup as a piece that a plain text can carry through the reading of rows."""
    return f"{_OPEN}{markup}{_CLOSE}"


def without_insets(text: str) -> str:
    """Return the text with what its insets say, undressed."""
    return _INSET.sub(lambda found: plain(found[1]), text)


def together(
    stem: Passage, options: Sequence[Passage], explanation: Passage | None
) -> Markup | None:
    """Return the markup of a question; None where no passage of it is dressed."""
    every = (stem, *options, *([] if explanation is None else [explanation]))
    if all(one.html is None for one in every):
        return None
    return Markup(
        stem=stem.markup,
        options=tuple(one.markup for one in options),
        explanation=None if explanation is None else explanation.markup,
    )


def passage(markup: str, *, image: Callable[[str], str | None] | None = None) -> Passage:
    """Return what markup from outside says and shows, in canonical form.

    Args:
        markup: HTML of whatever origin.
        image: the hash of the image behind an address; None for addresses that lead nowhere.
            Without it only `image:<hash>` counts.
    """
    clean = cleaned(markup, image=image)
    if not (_TAG.search(clean.replace("<br>", "")) or FORMULA.search(clean)):
        return Passage(normalised(_unescaped(clean.replace("<br>", "\n"))))
    return Passage(normalised(plain(clean)), clean)


def cleaned(markup: str, *, image: Callable[[str], str | None] | None = None) -> str:
    """Return canonical markup: the safe subset, spaces as a browser would show them."""

    def kept(tag: str, attribute: str, value: str) -> str | None:
        if (tag, attribute) != ("img", "src"):
            return value or None  # an image without words has none, whether it says so or not
        found = IMAGE.fullmatch(value)
        name = found[1] if found else image(value) if image else None
        return f"image:{name}" if name else None

    visible = "".join(char for char in markup if char in "\n\r\t" or not is_invisible(char))
    safe = nh3.clean(
        visible,
        tags=set(TAGS),
        attributes={"img": {"src", "alt"}},
        url_schemes={"image", "data", "file", "http", "https"},
        attribute_filter=kept,
        link_rel=None,
    )
    lines = _BLOCK_END.sub("<br>", _GAP.sub(" ", _BROKEN_IMAGE.sub("", safe)))
    return _trimmed(lines)


def _trimmed(markup: str) -> str:
    """Without breaks and spaces at either end."""
    while True:
        shorter = markup.strip(" ").removeprefix("<br>").removesuffix("<br>")
        shorter = shorter.removeprefix("&nbsp;").removesuffix("&nbsp;")
        if shorter == markup:
            return markup
        markup = shorter


def html_of(text: str) -> str:
    """Return a canonical text as markup: breaks as tags, double spaces as fixed ones."""
    escaped = html.escape(text, quote=False).replace("\n", "<br>")
    return re.sub(r"(?<= ) ", "&nbsp;", escaped)


def plain(markup: str) -> str:
    """Return what canonical markup says without its dress."""
    named = _ALT.sub(lambda found: f"〔图：{found[1]}〕" if found[1] else PICTURE, markup)
    return _unescaped(_TAG.sub("", FORMULA.sub(r"\1", named.replace("<br>", "\n"))))


def rendered(markup: str, *, address: str = IMAGES, formula: Callable[[str], str] = mathml) -> str:
    """Return canonical markup as a browser shows it: images by address, formulas as MathML.

    Args:
        markup: canonical markup.
        address: where the images lie.
        formula: writes a formula.
    """
    shown = FORMULA.sub(lambda found: formula(_unescaped(found[1])), markup)
    return IMAGE.sub(rf"{address}\1", shown)


def _unescaped(markup: str) -> str:
    return html.unescape(markup).replace("\xa0", " ")
