"""What holds for every request and reply, whatever the address: limits and headers (安全基线)."""

from __future__ import annotations

from urllib.parse import unquote

from flask import Flask, Response, request

from server.errors import Unreadable
from server.strict_json import is_sound

#: Pages load nothing from elsewhere and run no script that is not a file of ours.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

#: What a reply carries where its view has not said otherwise.
HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("Cache-Control", "no-store"),
)


def install(app: Flask) -> None:
    """Guard every request of `app` and dress every reply."""

    @app.before_request
    def refuse_unsound_addresses() -> None:
        # Percent-encoded bytes that no database stores would break far below; refuse them here.
        if not (is_sound(request.path) and all(map(is_sound, _words(request.query_string)))):
            raise Unreadable(reason="the address is malformed", reason_zh="请求地址格式错误")

    @app.after_request
    def dress(response: Response) -> Response:
        headers = response.headers
        present = {name.lower() for name, _ in headers}
        for name, value in HEADERS:
            if name.lower() not in present:
                headers.add(name, value)
        headers.add("Vary", "Accept-Language")
        return response


def _words(query: bytes) -> list[str]:
    return [unquote(query.decode("latin-1"), errors="surrogateescape")]
