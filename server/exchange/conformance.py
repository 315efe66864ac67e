"""Does a platform keep what it promises to other systems? A program by itself (对接符合性检查).

`python conformance.py https://platform.example CLIENT_ID CLIENT_SECRET` asks as another system
would and says line by line what holds; the first thing that does not ends it with 1. The agreement
gives `lookup` and `certificates`. It needs nothing of the platform but its address (and PyJWT with
cryptography), so it is run against us by others, and by us against whoever speaks this interface.
"""

from __future__ import annotations

import argparse
import base64
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen
from uuid import uuid4

import jwt

#: Seconds that an answer may take.
PATIENCE = 30


class Different(AssertionError):
    """Something is not as it was promised."""


def expect(what: str, found: object, wanted: object) -> None:
    """Compare one thing.

    Raises:
        Different: it is not as it must be.
    """
    if found != wanted:
        raise Different(f"{what}: found {found!r}, wanted {wanted!r}")


@dataclass(frozen=True, kw_only=True)
class System:
    """Another system that asks."""

    url: str
    client_id: str
    client_secret: str

    def token(self, scope: str | None = None, *, secret: str | None = None) -> tuple[int, Any]:
        """Ask for a token; return status and reply."""
        shown = f"{self.client_id}:{secret or self.client_secret}"
        form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
        headers = {
            "Authorization": f"Basic {base64.b64encode(shown.encode()).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode(form).encode()
        return _sent("POST", f"{self.url}/v1/oauth/token", headers, body)[:2]

    def ask(self, method: str, path: str, body: Any = None, *, scope: str | None = None) -> Any:
        """Ask with a token; return status, reply and headers."""
        status, given = self.token(scope)
        expect("the status of a token", status, 200)
        headers = {
            "Authorization": f"Bearer {given['access_token']}",
            "Content-Type": "application/json",
            "Accept-Language": "en",
        }
        sent = None if body is None else json.dumps(body).encode()
        return _sent(method, self.url + path, headers, sent)


def _sent(
    method: str, url: str, headers: Mapping[str, str], body: bytes | None
) -> tuple[int, Any, Mapping[str, str]]:
    if urlsplit(url).scheme not in ("https", "http"):
        raise Different(f"{url} is no address of a platform")
    request = Request(url, body, dict(headers), method=method)  # noqa: S310  # looked at above
    try:
        with urlopen(request, timeout=PATIENCE) as reply:  # noqa: S310  # looked at above
            return reply.status, json.loads(reply.read() or b"null"), _small(reply.headers)
    except HTTPError as refused:
        return refused.code, json.loads(refused.read() or b"null"), _small(refused.headers)


def _small(headers: Message) -> dict[str, str]:
    """Return headers under names in small letters: servers write them as they like."""
    return {name.lower(): value for name, value in headers.items()}


def tokens_are_those_of_oauth(system: System) -> None:
    """A token says what it is for; a wrong secret and a scope beyond are refused by RFC 6749."""
    status, given = system.token("lookup")
    found = (status, given.get("token_type"), given.get("scope"))
    expect("a token", found, (200, "Bearer", "lookup"))
    expect("it ends within the hour", 0 < given["expires_in"] <= 3600, True)
    status, refused = system.token(secret=str(uuid4()))
    expect("a wrong secret", (status, refused["error"]), (401, "invalid_client"))
    status, refused = system.token("lookup no_such_thing")
    expect("a scope beyond", (status, refused["error"]), (400, "invalid_scope"))


def a_scope_opens_no_more(system: System) -> None:
    """A token for lookups does not follow the feed."""
    status, refused, _ = system.ask("GET", "/v1/exchange/feed", scope="lookup")
    expect("the feed by a token for lookups", (status, refused["code"]), (403, "outside_agreement"))


def the_feed_is_ordered_and_goes_on(system: System) -> None:
    """Pages follow each other without a double; the same cursor gives the same page."""
    seen: list[int] = []
    path, pages = "/v1/exchange/feed?limit=5", 0
    while pages < 20:
        _, page, _ = system.ask("GET", path)
        _, again, _ = system.ask("GET", path)
        begun = [one["seq"] for one in page["items"]]
        expect("the same page again", [one["seq"] for one in again["items"]][: len(begun)], begun)
        seen += begun
        pages += 1
        path = f"/v1/exchange/feed?limit=5&cursor={page['next_cursor']}"
        if not page["more"]:
            break
    expect("entries in order, each once", seen, sorted(set(seen)))


def a_cursor_of_nothing_is_refused(system: System) -> None:
    """What is no cursor is refused with a code."""
    status, refused, _ = system.ask("GET", "/v1/exchange/feed?cursor=nonsense")
    expect("a cursor of nothing", (status, refused["code"]), (422, "bad_feed_cursor"))
    foreign = base64.urlsafe_b64encode(f"{uuid4().hex}.1".encode()).decode().rstrip("=")
    status, refused, _ = system.ask("GET", f"/v1/exchange/feed?cursor={foreign}")
    expect("a cursor of another", (status, refused["code"]), (422, "foreign_cursor"))


def what_lies_beyond_is_not_found(system: System) -> None:
    """A place outside of the region is as good as none."""
    items = [{"person_id": str(uuid4()), "organisation_id": str(uuid4())}]
    status, refused, _ = system.ask("POST", "/v1/exchange/work-lookups", {"items": items})
    expect("a place beyond", (status, refused["code"]), (404, "not_found"))


def answers_are_signed(system: System) -> None:
    """An answer about nobody says so, and its signature holds by the published keys."""
    _, agreed, _ = system.ask("GET", "/v1/exchange/agreement")
    items = [{"person_id": str(uuid4()), "organisation_id": agreed["organisation_id"]}]
    status, found, _ = system.ask("POST", "/v1/exchange/work-lookups", {"items": items})
    if status == 404:
        return  # the system's own organisation stands in another region
    (answer,) = found["items"]
    expect("nobody", (answer["may_work"], answer["person_id"]), (False, None))
    _, published, _ = system.ask("GET", "/v1/exchange-keys")
    keys = {key["kid"]: key for key in published["keys"]}
    kid = jwt.get_unverified_header(found["statement"])["kid"]
    key = jwt.PyJWK(keys[kid]).key
    said = jwt.decode(
        found["statement"], key, algorithms=["ES256"], audience=system.client_id, leeway=30
    )
    expect("the signed answer", said["answers"][0]["may_work"], False)


def one_answer_may_be_kept(system: System) -> None:
    """An answer about one says how long it counts; asked again meanwhile, nothing changed."""
    _, agreed, _ = system.ask("GET", "/v1/exchange/agreement")
    path = f"/v1/exchange/people/{uuid4()}/work-permission"
    path += f"?organisation_id={agreed['organisation_id']}"
    status, _, headers = system.ask("GET", path)
    if status == 404:
        return  # the system's own organisation stands in another region
    control, tag = headers.get("cache-control", ""), headers.get("etag")
    expect("it may be kept by who asked", control.startswith("private, max-age="), True)
    expect("it has a mark", bool(tag), True)


def usage_is_seen(system: System) -> None:
    """What was asked is counted, and seen."""
    _, used, _ = system.ask("GET", "/v1/exchange/usage")
    expect("a quota is stated", used["daily_quota"] > 0, True)


CHECKS: tuple[Callable[[System], None], ...] = (
    tokens_are_those_of_oauth,
    a_scope_opens_no_more,
    the_feed_is_ordered_and_goes_on,
    a_cursor_of_nothing_is_refused,
    what_lies_beyond_is_not_found,
    answers_are_signed,
    one_answer_may_be_kept,
    usage_is_seen,
)


def main(words: list[str] | None = None) -> int:
    """Check a platform; return 1 where it does not keep a promise."""
    parser = argparse.ArgumentParser(prog="conformance.py", description=__doc__)
    for name in ("url", "client_id", "client_secret"):
        parser.add_argument(name)
    asked = parser.parse_args(words)
    system = System(**vars(asked))
    for check in CHECKS:
        name = check.__name__.replace("_", " ")
        try:
            check(system)
        except Different as difference:
            sys.stdout.write(f"NOT  {name}: {difference}\n")
            return 1
        sys.stdout.write(f"ok   {name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
