"""Documents on paper: a typst template, its data, and Chinese type (打印).

A template is a `.typ` file of the package that prints with it; it reads `json("data.json")` and
whatever pictures were given beside. Nothing is fetched and nothing of the system is used: the
fonts come with a package, so that a page looks the same everywhere.
"""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pylopdf_fonts_zh_cn

if TYPE_CHECKING:
    import typst

#: Names of the types a template may ask for: upright Chinese serif and sans.
SERIF, SANS = "Noto Serif SC", "Noto Sans SC"

#: One document at a time: a compiler is not made for several threads.
_PRESS = threading.Lock()


def pdf(
    template: Traversable,
    data: Mapping[str, Any],
    *,
    pictures: Mapping[str, bytes] | None = None,
    at: datetime | None = None,
) -> bytes:
    """Print a document as PDF/A-2b, its type embedded.

    Args:
        template: the `.typ` file.
        data: what it reads as `json("data.json")`.
        pictures: what it reads by name, such as `image("qr.svg")`.
        at: the moment written into it as that of its making; the same gives the same bytes.
    """
    with _PRESS:
        (document,) = _printed(template, data, pictures, format="pdf", pdf_standards="a-2b", at=at)
    return document


def png(
    template: Traversable,
    data: Mapping[str, Any],
    *,
    pictures: Mapping[str, bytes] | None = None,
    dots_per_inch: float = 144,
) -> list[bytes]:
    """Print a document as pictures, one for each page."""
    with _PRESS:
        return _printed(template, data, pictures, format="png", ppi=dots_per_inch)


def _printed(
    template: Traversable,
    data: Mapping[str, Any],
    pictures: Mapping[str, bytes] | None,
    *,
    at: datetime | None = None,
    **options: Any,
) -> list[bytes]:
    import typst  # seven megabytes that only who prints needs to hold

    # The compiler takes whole seconds only.
    moment = (at or datetime(2000, 1, 1, tzinfo=UTC)).replace(microsecond=0)
    with tempfile.TemporaryDirectory(prefix="print-") as folder:
        desk = Path(folder)
        main = desk / "main.typ"
        main.write_bytes(template.read_bytes())
        (desk / "data.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        for name, content in (pictures or {}).items():
            (desk / Path(name).name).write_bytes(content)
        made = typst.Compiler(font_paths=_fonts(), ignore_system_fonts=True).compile(
            main, root=desk, timestamp=moment, **options
        )
    if made is None:
        raise RuntimeError("A document came out empty.")
    return made if isinstance(made, list) else [made]


@cache
def _fonts() -> typst.Fonts:
    """Return the Chinese fonts, read once."""
    import typst

    folder = pylopdf_fonts_zh_cn.sans_path().parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])
