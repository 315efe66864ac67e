"""Images of questions: kept once by content, found by their hash (图片)."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import undefer

from question_bank import pictures
from question_bank.errors import ImageMisnamed, ImageRefused, ImageUnknown
from question_bank.models import QuestionImage
from question_bank.pictures import NoPicture
from server import confined
from server.db import db
from server.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An image whose every pixel was looked at."""

    sha256: str
    media_type: str
    width: int
    height: int
    content: bytes = field(repr=False)


def look(content: bytes, _given: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what an image is; made to run in a process of its own.

    Raises:
        ImageRefused: it is no image that can be kept.
    """
    try:
        found = pictures.read(content)
    except NoPicture:
        raise ImageRefused from None
    yield {"media_type": found.media_type, "size": [found.width, found.height]}


def see(content: bytes, *, sha256: str) -> Seen:
    """Return the image that the bytes are, touching no database.

    Raises:
        ImageMisnamed: its content has another hash.
        ImageRefused: the bytes are no image that can be kept.
        OutOfBounds: unpacking it takes more than anybody is given.
    """
    if pictures.name_of(content) != sha256:
        raise ImageMisnamed
    if not 0 < len(content) <= pictures.LARGEST:
        raise ImageRefused
    [said] = confined.run(look, content, {})
    width, height = said["size"]
    return Seen(
        sha256=sha256, media_type=said["media_type"], width=width, height=height, content=content
    )


def seen(said: Mapping[str, Any]) -> Seen:
    """Return an image as the reading of a file tells it."""
    width, height = said["size"]
    return Seen(
        sha256=said["image"],
        media_type=said["media_type"],
        width=width,
        height=height,
        content=base64.b64decode(said["content"]),
    )


def keep(images: Iterable[Seen], *, at: datetime) -> None:
    """Keep images that are not kept yet."""
    by_name = {image.sha256: image for image in images}
    new = absent(by_name)
    if new:
        db.session.execute(
            insert(QuestionImage),
            [
                {
                    "sha256": image.sha256,
                    "media_type": image.media_type,
                    "width": image.width,
                    "height": image.height,
                    "size": len(image.content),
                    "content": image.content,
                    "kept_at": at,
                }
                for image in map(by_name.__getitem__, sorted(new))
            ],
        )


def absent(names: Collection[str]) -> set[str]:
    """Return those of the hashes under which no image is kept."""
    wanted, found = sorted(names), set()
    for start in range(0, len(wanted), 500):
        some = select(QuestionImage.sha256).where(
            QuestionImage.sha256.in_(wanted[start : start + 500])
        )
        found |= set(db.session.execute(some).scalars())
    return set(wanted) - found


def check(names: Collection[str]) -> None:
    """See that every image that markup names is kept.

    Raises:
        ImageUnknown: one is not.
    """
    missing = sorted(absent(names)) if names else []
    if missing:
        raise ImageUnknown(sha256=missing[0])


def get(sha256: str) -> QuestionImage:
    """Return an image with its content.

    Raises:
        NotFound: none is kept under this hash.
    """
    found = db.session.get(QuestionImage, sha256, options=[undefer(QuestionImage.content)])
    if found is None:
        raise NotFound
    return found


def contents(names: Collection[str]) -> dict[str, Seen]:
    """Return those of the images that are kept, by hash."""
    statement = select(QuestionImage).options(undefer(QuestionImage.content))
    found: dict[str, Seen] = {}
    for start in range(0, len(wanted := sorted(names)), 200):
        some = statement.where(QuestionImage.sha256.in_(wanted[start : start + 200]))
        for one in db.session.execute(some).scalars():
            found[one.sha256] = Seen(
                sha256=one.sha256,
                media_type=one.media_type,
                width=one.width,
                height=one.height,
                content=one.content,
            )
    return found
