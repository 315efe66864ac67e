"""Pictures of the signed QR code (二维码图像)."""

from __future__ import annotations

import io

import segno


def svg(token: str) -> bytes:
    """Return the code as SVG: error correction M, a quiet zone of four modules."""
    return _saved(token, "svg", scale=6)


def png(token: str) -> bytes:
    """Return the code as PNG, large enough for a cheap camera: eight pixels a module."""
    return _saved(token, "png", scale=8)


def _saved(token: str, kind: str, *, scale: int) -> bytes:
    code = segno.make(token, error="m", boost_error=False, micro=False)
    picture = io.BytesIO()
    code.save(picture, kind=kind, scale=scale, border=4)
    return picture.getvalue()
