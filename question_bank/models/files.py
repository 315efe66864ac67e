"""Images of questions, and the files that imports were read from (图片与导入文件)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class QuestionImage(Base):
    """An image that questions show, kept once, whoever brought it (图片)."""

    __tablename__ = "question_image"

    #: SHA-256 of the content, hexadecimal: its name in markup and addresses.
    sha256: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    #: Pixels.
    width: Mapped[int]
    height: Mapped[int]
    #: Bytes.
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    kept_at: Mapped[datetime]


class QuestionImportFile(Base):
    """The file of an import, so that it can be read anew and given back with its report."""

    __tablename__ = "question_import_file"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("question_import.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
