"""The apps as they were built and compressed beforehand: which file is sent, how (网页应用)."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from flask import Request, Response

from server.errors import NotFound
from server.safety import CONTENT_SECURITY_POLICY

#: Where `make` puts what it built of server/web/apps; a wheel brings it along.
BUILT = Path(__file__).parent / "built"

PHONE = BUILT / "phone"

CONSOLE = BUILT / "console"

#: What the verification pages load of it: the decoder of codes.
VERIFY = BUILT / "verify"

#: Named by their content, so that a browser may keep them for ever.
FOR_EVER = "public, max-age=31536000, immutable"

#: Asked for anew each time: these name the newest build.
ASKED_ANEW = "no-cache"

#: Pictures of questions, codes and papers are shown from bytes that the phone keeps.
POLICY = CONTENT_SECURITY_POLICY.replace("img-src 'self' data:", "img-src 'self' data: blob:")

#: What browsers take, the smallest first, and how the file beside is called.
_PACKED = (("br", ".br"), ("gzip", ".gz"))

_TYPES = {".webmanifest": "application/manifest+json", ".js": "text/javascript"}

NOT_BUILT = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>未构建</title>
<p>网页应用尚未构建：请安装 Node.js（20.19 以上），再运行 <code>make web</code>。接口照常可用。</p>
<p>The apps are not built: install Node.js (20.19 or newer), then <code>make web</code>.
The API works all the same.</p></html>
"""


def sent(name: str, asked: Request, *, folder: Path = PHONE) -> Response:
    """Return a file of an app, in the smallest form that the browser takes.

    Raises:
        NotFound: the app has no such file.
    """
    file = folder / name
    known = file.resolve().is_relative_to(folder.resolve()) and file.suffix not in (".br", ".gz")
    if not known or not file.is_file():
        if name == "index.html":
            return Response(NOT_BUILT, 503, content_type="text/html; charset=utf-8")
        raise NotFound
    packing, ending = _packing(file, asked)
    response = Response(file.with_name(file.name + ending).read_bytes(), content_type=_type(file))
    if packing:
        response.headers["Content-Encoding"] = packing
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = FOR_EVER if "-" in file.stem else ASKED_ANEW
    response.headers["Content-Security-Policy"] = POLICY
    response.add_etag()
    response.make_conditional(asked)
    return response


def _packing(file: Path, asked: Request) -> tuple[str, str]:
    for packing, ending in _PACKED:
        if asked.accept_encodings[packing] and file.with_name(file.name + ending).is_file():
            return packing, ending
    return "", ""


def _type(file: Path) -> str:
    found = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or ""
    return f"{found}; charset=utf-8" if found.startswith(("text/", "application/")) else found
