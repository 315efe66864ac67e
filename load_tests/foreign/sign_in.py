"""People of ours, signed in by a certified provider of somebody else (外部登录核验).

A fresh server believes `oidc-provider` of npm. A browser's way is walked: out by the address that
the platform names, sign-in and consent there, and back. Whoever has a verified number is signed in;
whoever has the same number, not verified, is not.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, ProxyHandler, Request, build_opener
from uuid import UUID, uuid4

from load_tests import setting
from load_tests.foreign import rooms
from load_tests.messages import put
from load_tests.server_process import fresh_server

_SECRET: Final = "of a client: in tests only"  # noqa: S105  # of a server that lives for this run
_PATIENCE: Final = 30.0


def check() -> list[str]:
    """Run the check; return in what the way in differs."""
    rooms.ROOM.mkdir(parents=True, exist_ok=True)
    with fresh_server("sqlite", settings={"WEBHOOK_NETWORKS": "127.0.0.0/8"}) as server:
        made = setting.build(server.url, server.sign_ins(), seed=4)
        somebody = setting.a_candidate(made, "principal")
        provider_id = uuid4()
        back = f"{server.url}/v1/identity-providers/{provider_id}/return"
        with _provider(back, somebody.papers.document_number) as issuer:
            body = {
                "issuer": issuer,
                "name_zh": "外部身份平台",
                "name_en": "Identity platform",
                "client_id": "platform",
                "client_secret": _SECRET,
                "scope": "openid identity",
                "number_claim": "document_number",
                "verified_claim": "document_number_verified",
                "document": "核验〔2026〕1号",
            }
            address = "/v1/identity-providers/{provider_id}"
            made.admin.send(put(address, body, provider_id=provider_id)).good()
            verified = _signed_in(server.url, provider_id, "verified")
            unverified = _signed_in(server.url, provider_id, "somebody")
    wrong = []
    if verified != str(somebody.person_id):
        wrong.append(f"oidc-provider: a verified number signed in {verified}")
    if unverified != "number_not_verified":
        wrong.append(f"oidc-provider: an unverified number signed in {unverified}")
    if not wrong:
        print("oidc-provider: a verified number signs in, the same unverified does not.")
    return wrong


@contextmanager
def _provider(back: str, number: str) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["node", "provider.mjs", str(port), back, number]
    quiet = subprocess.DEVNULL
    running = subprocess.Popen(words, cwd=rooms.npm(), stdout=quiet, stderr=quiet)
    issuer = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{issuer}/.well-known/openid-configuration")
        yield issuer
    finally:
        running.terminate()
        running.wait(_PATIENCE)


def _wait_for(url: str) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            build_opener(ProxyHandler({})).open(url, timeout=5).close()
            return
        except URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _signed_in(url: str, provider_id: UUID, name: str) -> str:
    """Go out, sign in under a name, come back; return who is signed in, or why nobody is."""
    browser = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))
    browser.addheaders = [("Accept", "application/json")]
    device_id = str(uuid4())
    begin = {"provider_id": str(provider_id), "device_id": device_id}
    begun = _json(browser, "PUT", f"{url}/v1/outside-sign-ins/{uuid4()}", begin)
    try:
        page = _page(browser, begun["authorization_url"])
        for form in ({"prompt": "login", "login": name, "password": "x"}, {"prompt": "consent"}):
            (target,) = re.findall(r'action="([^"]+)"', page)[:1]
            page = _page(browser, target, urlencode(form).encode())
    except HTTPError as refused:
        said = refused.read().decode()
        if "/console/" not in refused.url:
            return str(json.loads(said)["code"])
    tokens = _json(browser, "POST", f"{url}/v1/refresh", {"device_id": device_id})
    return str(tokens["person_id"])


def _page(browser: OpenerDirector, url: str, form: bytes | None = None) -> str:
    with browser.open(url, form, timeout=_PATIENCE) as reply:
        return str(reply.read().decode())


def _json(browser: OpenerDirector, method: str, url: str, body: dict[str, str]) -> Any:
    headers = {"Content-Type": "application/json"}
    request = Request(url, json.dumps(body).encode(), headers, method=method)  # noqa: S310  # ours
    with browser.open(request, timeout=_PATIENCE) as reply:
        return json.load(reply)
