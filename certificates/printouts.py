"""Certificates on paper, on cards and as pictures: what was frozen at issue, set in type (制证).

Nothing is fetched and nothing is looked up: the same certificate gives the same page. The document
number stands masked, as in the content that was frozen, unless an officer disclosed it for this one
print; in codes and pictures for phones it never stands whole.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from PIL import Image, ImageOps

from certificates import qr
from certificates.numbering import DOCUMENT_PREFIX
from server import printing

#: Cards that one document holds at most.
MOST_CARDS = 1_000

#: Dots an inch of the picture for a phone: 1080 × 1920.
_PHONE_DPI = 304.8

_SEXES = {"male": "男", "female": "女"}

#: Dots of a photo at most: 30 × 40 mm at 300 dots an inch.
_PHOTO = (354, 472)

_SPECIAL = "special_operations_worker"


@dataclass(frozen=True, kw_only=True)
class Printable:
    """A certificate, ready to be set in type."""

    #: As frozen at issue.
    content: Mapping[str, Any]
    token: str
    #: The holder, as `shown` returns it; None where none was handed in.
    photo: bytes | None = field(default=None, repr=False)
    #: The whole document number, where it was disclosed for this print; None prints it masked.
    document: str | None = field(default=None, repr=False)

    @property
    def number(self) -> str:
        """The number as it is printed: whole only where it is that of a disclosed document."""
        number: str = self.content["number"]
        by_document = number != self.content.get("register_number", number)
        return f"{DOCUMENT_PREFIX}{self.document}" if self.document and by_document else number


def certificate(one: Printable, *, at: datetime) -> bytes:
    """Return the certificate as a page of A4, PDF/A, its type embedded; not signed yet."""
    return printing.pdf(_template("certificate"), _said(one), pictures=_pictures([one]), at=at)


def decision(said: Mapping[str, Any], *, at: datetime) -> bytes:
    """Return a decision about a certificate as a page of A4, PDF/A; not signed yet."""
    return printing.pdf(_template("decision"), said, at=at)


def cards(some: Sequence[Printable], *, at: datetime) -> bytes:
    """Return the cards for a PVC printer: front and back in turn, 85.6 × 54 mm."""
    return _faces("cards", some, at=at)


def sheets(some: Sequence[Printable], *, at: datetime) -> bytes:
    """Return the cards ten to a sheet of A4 with marks to cut at, fronts and mirrored backs."""
    return _faces("sheets", some, at=at)


def phone(one: Printable) -> bytes:
    """Return the certificate as a picture for a phone, 1080 × 1920 dots, PNG."""
    template, data = _template("phone"), _said(one)
    (page,) = printing.png(template, data, pictures=_pictures([one]), dots_per_inch=_PHONE_DPI)
    return page


def card_pictures(one: Printable, *, dots_per_inch: float = 300) -> list[bytes]:
    """Return the two faces of a card as pictures, PNG."""
    data = {"cards": [_said(one, 0)]}
    pictures = _pictures([one]) | {"faces.typ": _template("faces").read_bytes()}
    return printing.png(_template("cards"), data, pictures=pictures, dots_per_inch=dots_per_inch)


def shown(photo: bytes | None) -> bytes | None:
    """Return a photo as it is printed: small, without what was written into the file; or None.

    What no program can open is left out: a page without a photo is better than no page.
    """
    if photo is None:
        return None
    try:
        with Image.open(io.BytesIO(photo)) as opened:
            picture = ImageOps.exif_transpose(opened).convert("RGB")
            picture.thumbnail(_PHOTO)
            output = io.BytesIO()
            picture.save(output, "JPEG", quality=88)
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    return output.getvalue()


def _faces(template: str, some: Sequence[Printable], *, at: datetime) -> bytes:
    data = {"cards": [_said(one, number) for number, one in enumerate(some)]}
    pictures = _pictures(some) | {"faces.typ": _template("faces").read_bytes()}
    return printing.pdf(_template(template), data, pictures=pictures, at=at)


def _pictures(some: Sequence[Printable]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for number, one in enumerate(some):
        found[_qr_name(number)] = qr.svg(one.token)
        if one.photo is not None:
            found[_photo_name(number)] = one.photo
    return found


def _said(one: Printable, number: int = 0) -> dict[str, Any]:
    """Return what a template says of a certificate, every text ready to be set."""
    content = one.content
    holder, held = content["holder"], content["qualification"]
    title = content.get("title_zh") or "证书"
    special = held["role"] == _SPECIAL
    reviews = content["review_days"]
    return {
        "title_zh": title,
        "title_en": content.get("title_en") or "Certificate",
        # The longer the title, the smaller its type: the longest shipped has 30 characters.
        "title_size": 34 if len(title) <= 10 else 26 if len(title) <= 18 else 19,
        "title_tracking": 0.25 if len(title) <= 10 else 0.05,
        "card_title_size": 12 if len(title) <= 10 else 9 if len(title) <= 18 else 6.6,
        "name": holder["name"],
        "sex": _SEXES.get(holder["sex"] or "", "—"),
        "document": one.document or holder["document_masked"],
        "number": one.number,
        "serial": content["serial"],
        "item_label": "操作项目" if special else "人员类型",
        "item_label_en": "Operation item" if special else "Qualified as",
        "qualification_zh": held["name_zh"],
        "qualification_en": held["name_en"],
        "first_issued_on": _dotted(content.get("first_issued_on") or content["valid_from"]),
        "issued_on": _dotted(content["issued_on"]),
        "issued_on_zh": in_words(content["issued_on"]),
        "valid": f"{_dotted(content['valid_from'])} 至 {_dotted(content['valid_until'])}",
        "review": _dotted(reviews[0]) if reviews else None,
        "remark": content.get("remark"),
        "issuer": content["issuer"]["name"],
        "order_zh": content["rule"]["order_zh"],
        "order_en": content["rule"]["order_en"],
        "qr": _qr_name(number),
        "photo": None if one.photo is None else _photo_name(number),
    }


def _qr_name(number: int) -> str:
    return "qr.svg" if number == 0 else f"qr-{number}.svg"


def _photo_name(number: int) -> str:
    return f"photo-{number}.jpg"


def _dotted(day: str) -> str:
    return day.replace("-", ".")


def in_words(day: str) -> str:
    """Return a day as official papers write it: 2026年6月15日."""
    read = date.fromisoformat(day)
    return f"{read.year}年{read.month}月{read.day}日"


def _template(name: str) -> Traversable:
    return files("certificates").joinpath("print").joinpath(f"{name}.typ")
