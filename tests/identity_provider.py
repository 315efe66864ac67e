"""An identity provider of somebody else, in small: codes, PKCE, signed tokens, and misdeeds.

It keeps to OpenID Connect Core and RFC 7636 where it is not told to do otherwise: a code is for one
client, one address, one verifier, and counts once. `make foreign PARTS=sign_in` asks a certified
provider instead.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

from tests.served import served

CLIENT_ID, CLIENT_SECRET = "platform & co", "of a client: in tests only"

#: Changes what a token says, or how it is signed, before it leaves.
Misdeed = Callable[["Provider", dict[str, Any]], "str | None"]


@dataclass
class Provider:
    """The provider; its tokens are dated by the clock given."""

    now: Callable[[], datetime]
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one"}))
    #: What userinfo says of everybody, None where there is none.
    userinfo: dict[str, Any] | None = None
    misdeed: Misdeed | None = None
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        """Begin to answer."""
        self._server = server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
        vars(server)["provider"] = self
        self._serving = ExitStack()
        self._serving.enter_context(served(server))
        return self

    def __exit__(self, *_: object) -> None:
        """Answer no longer; a second time changes nothing."""
        self._serving.close()

    @property
    def issuer(self) -> str:
        """What it calls itself."""
        return f"http://127.0.0.1:{self._server.server_port}/realm"

    def signed_in(self, url: str, **claims: Any) -> dict[str, str]:
        """Sign somebody in who was sent here; return the query they are sent back with."""
        asked = dict(parse_qsl(urlsplit(url).query))
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["client_id"] == CLIENT_ID
        code = secrets.token_urlsafe(16)
        self.codes[code] = {**asked, "claims": {"sub": "of-zhang", **claims}}
        return {"code": code, "state": asked["state"], "iss": self.issuer, "session_state": "x"}

    def metadata(self) -> dict[str, Any]:
        """Return what it says of itself."""
        paths = {"authorization_endpoint": "auth", "token_endpoint": "token", "jwks_uri": "keys"}
        if self.userinfo is not None:
            paths["userinfo_endpoint"] = "me"
        return {
            "issuer": self.issuer,
            **{name: f"{self.issuer}/{path}" for name, path in paths.items()},
            "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
        }

    def token(self, given: dict[str, Any], form: dict[str, str]) -> dict[str, Any] | None:
        """Return what a code gives, None where it gives nothing."""
        mark = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(mark).decode().rstrip("=")
        if (challenge, form["redirect_uri"]) != (given["code_challenge"], given["redirect_uri"]):
            return None
        issued = int(self.now().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": issued,
            "exp": issued + 300,
            "nonce": given["nonce"],
            **given["claims"],
        }
        text = self.misdeed(self, claims) if self.misdeed else None
        return {
            "access_token": "opaque",
            "token_type": "Bearer",
            "id_token": text or self.sign(claims),
        }

    def sign(self, claims: dict[str, Any], key: ECKey | None = None) -> str:
        """Return claims signed."""
        key = key or self.key
        return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key)

    def unsigned(self, claims: dict[str, Any]) -> str:
        """Return claims that nobody signed."""
        body = self.sign(claims).split(".")[1]
        return f"eyJhbGciOiJub25lIn0.{body}."  # {"alg":"none"}

    def sign_by_public_key(self, claims: dict[str, Any]) -> str:
        """Return claims under a secret that everybody knows: the public key."""
        # Written by hand: no library signs so.
        head = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"one"}').decode().rstrip("=")
        text = f"{head}.{self.sign(claims).split('.')[1]}"
        mark = hmac.digest(self.key.as_pem(private=False), text.encode(), "sha256")
        return f"{text}.{base64.urlsafe_b64encode(mark).decode().rstrip('=')}"


class _Answers(BaseHTTPRequestHandler):
    """What it answers over HTTP."""

    @property
    def provider(self) -> Provider:
        """Whose answers they are."""
        found: Provider = self.server.provider  # type: ignore[attr-defined]  # ours
        return found

    def do_GET(self) -> None:  # the name of the library
        self.provider.asked.append(self.path)
        name = self.path.rpartition("/")[2]
        if name == "openid-configuration":
            self._send(200, self.provider.metadata())
        elif name == "keys":
            self._send(200, {"keys": [self.provider.key.as_dict(private=False)]})
        else:
            self._send(200, self.provider.userinfo)

    def do_POST(self) -> None:  # the name of the library
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        pair = base64.b64decode(self.headers["Authorization"].partition(" ")[2]).decode()
        given = self.provider.codes.pop(form["code"], None)
        proven = pair == "platform+%26+co:of+a+client%3A+in+tests+only"
        told = self.provider.token(given, form) if proven and given else None
        self._send(200, told) if told else self._send(400, {"error": "invalid_grant"})

    def _send(self, status: int, said: Any) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def changed(**changes: Any) -> Misdeed:
    """Return the misdeed of saying something else."""

    def misdeed(_: Provider, claims: dict[str, Any]) -> None:
        claims.update(changes)

    return misdeed


def _lacking(name: str) -> Misdeed:
    def misdeed(_: Provider, claims: dict[str, Any]) -> None:
        del claims[name]

    return misdeed


#: Tokens that must not be believed, and what is wrong with each.
MISDEEDS: dict[str, Misdeed] = {
    "of another issuer": changed(iss="https://other.example"),
    "for another client": changed(aud="somebody else"),
    "for two, and nobody says which": changed(aud=[CLIENT_ID, "somebody else"]),
    "for two, and the other asked": changed(aud=[CLIENT_ID, "x"], azp="x"),
    "of another sign-in": changed(nonce="another"),
    "of no sign-in": _lacking("nonce"),
    "of yesterday": changed(iat=1_781_400_000, exp=1_781_400_300),
    "without an end": _lacking("exp"),
    "from the future": changed(iat=1_900_000_000, exp=1_900_000_300),
    "of nobody": _lacking("sub"),
    "of nobody in particular": changed(sub=""),
    "beside another access token": changed(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "unsigned": Provider.unsigned,
    "under the public key as a secret": Provider.sign_by_public_key,
    "under another key of the same name": lambda provider, claims: provider.sign(
        claims, ECKey.generate_key("P-256", {"kid": "one"})
    ),
    "cut": lambda provider, claims: provider.sign(claims)[:-4],
    "no token": lambda _provider, _claims: "a.b",
}
