"""Questions as the press sets them: runs of type, pictures with a size (试题排版)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from uuid import UUID

from exams.paper_errors import Unprintable
from exams.services.papers import ShownQuestion
from question_bank import typesetting
from question_bank.services import drawing, images
from question_bank.services.images import Seen
from question_bank.typesetting import Run

#: Millimetres: of a pixel at the density of a screen, of the widest and the highest picture.
_PIXEL, _WIDEST, _HIGHEST = 25.4 / 96, 120.0, 80.0

#: Questions that a refusal names.
_NAMED = 10


def check(version_ids: Iterable[UUID]) -> None:
    """Make sure that every version can be set on paper, and every picture of it is there.

    Raises:
        Unprintable: formulas that cannot be set; says of which questions.
    """
    wrong: list[UUID] = []
    shown: set[str] = set()
    for version in drawing.versions(sorted(version_ids)).values():
        marked = [version.stem_html or ""]
        marked += [option.get("html") or "" for option in version.options]
        try:
            shown |= {name for text in marked for name in _pictures(typesetting.runs(text))}
        except typesetting.Unprintable:
            wrong.append(version.question_id)
    if wrong:
        named = [str(one) for one in sorted(wrong)[:_NAMED]]
        raise Unprintable(count=len(wrong), questions=", ".join(named))
    images.check(shown)


def stem(shown: ShownQuestion) -> list[Run]:
    """Return the stem of a question as runs."""
    marked = shown.stem_markup
    return typesetting.plain(shown.stem) if marked is None else typesetting.runs(marked)


def options(shown: ShownQuestion) -> list[list[Run]]:
    """Return the options of a question as runs, in the order of the form."""
    if shown.options_markup is None:
        return [typesetting.plain(text) for text in shown.options]
    return [typesetting.runs(text) for text in shown.options_markup]


def sized(runs: Iterable[Run]) -> dict[str, bytes]:
    """Give the pictures in runs their file and width, and return the files by name."""
    every = [run for run in _walked(runs) if run["is"] == "image"]
    kept = images.contents({run["name"] for run in every})
    for run in every:
        found = kept.get(run["name"])
        run["file"], run["width"] = f"{run['name']}.png", _width(found)
    return {f"{name}.png": _png(found) for name, found in kept.items()}


def _width(found: Seen | None) -> float:
    if found is None:
        return 0.0
    wide, high = found.width * _PIXEL, found.height * _PIXEL
    return round(wide * min(1.0, _WIDEST / wide, _HIGHEST / high), 1)


def _png(found: Seen) -> bytes:
    """Return a picture as the press reads any: its first frame, as PNG."""
    from PIL import Image  # decoders that few need

    if found.media_type == "image/png":
        return found.content
    page = io.BytesIO()
    with Image.open(io.BytesIO(found.content)) as picture:
        picture.convert("RGBA").save(page, "PNG")
    return page.getvalue()


def _pictures(runs: Iterable[Run]) -> Iterator[str]:
    return (run["name"] for run in _walked(runs) if run["is"] == "image")


def _walked(runs: Iterable[Run]) -> Iterator[Run]:
    for run in runs:
        yield run
        yield from _walked(run.get("runs", ()))


def width_of(option: Iterable[Run]) -> int:
    """Return how many characters wide an option is, about; a picture is half a line."""
    widths = {"image": 18, "formula": 6, "break": 40}
    return sum(widths.get(run["is"], len(run.get("text", ""))) for run in _walked(option))
