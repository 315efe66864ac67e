"""Our certificates, handed to verifiers of other people (外部核验).

A fresh server with the demonstration issues; `jose`, the Digital Bazaar suite and `@auth0/cose`
come from npm by a lock file with hashes, `openbadgeslib` from PyPI by one. What stands must be
accepted; what was revoked or suspended, has ended or was changed must be refused, by all of them.
"""

from __future__ import annotations

import json
import time
import urllib.request
from typing import Any

from load_tests.client import Client
from load_tests.foreign import rooms
from load_tests.messages import get
from load_tests.server_process import fresh_server

#: Verifiers that ask for the status, too; the others look at the signature alone.
_WHOLE = ("jose", "digitalbazaar", "openbadgeslib")
_SIGNATURE = ("digitalbazaarProof", "cose")


def check() -> list[str]:
    """Run the check; return in what a verifier differs."""
    rooms.ROOM.mkdir(parents=True, exist_ok=True)
    given = rooms.ROOM / "given.json"
    given.write_text(json.dumps(_given(), ensure_ascii=False), "utf-8")
    npm, pypi = (
        rooms.told_by_node("verify.mjs", given),
        rooms.told_by_python("openbadges.py", given),
    )
    rows = [{**one, **other} for one, other in zip(npm, pypi, strict=True)]
    (rooms.ROOM / "results.json").write_text(json.dumps(rows, indent=1), "utf-8")
    wrong = [line for row in rows for line in _wrong(row)]
    for row in rows:
        print(row["standing"], {name: row[name] for name in (*_WHOLE, *_SIGNATURE)})
    if not wrong:
        print(f"{len(rows)} certificates: every verifier agrees.")
    return wrong


def _given() -> dict[str, Any]:
    with fresh_server("sqlite") as server:
        account = next(one for one in server.sign_ins() if one.role == "issuer")
        issuer = Client(server.url)
        issuer.sign_in(account.sign_in_name, account.password)
        _wait_for_lists(issuer)
        listed = issuer.send(get("/v1/certificates")).good()["items"]
        certificates = [_exported(issuer, each) for each in listed]
        code = listed[0]["content"]["issuer"]["code"]
        lists = {}
        for purpose in ("revocation", "suspension"):
            address = f"/v1/issuers/{code}/credential-status/{purpose}"
            lists[f"{server.url}{address}"] = _both(server.url, address)
        did = issuer.send(get(f"/v1/issuers/{code}/did.json")).good()
    return {
        "did": did if isinstance(did, dict) else json.loads(did),
        "certificates": certificates,
        "lists": {url: both["json"] for url, both in lists.items()},
        "jwtLists": {url: both["jwt"] for url, both in lists.items()},
    }


def _wait_for_lists(client: Client) -> None:
    until = time.monotonic() + 90
    while client.send(get("/v1/status-list")).status != 200:
        if time.monotonic() > until:
            raise TimeoutError("No status list was published.")
        time.sleep(1)


def _exported(issuer: Client, listed: dict[str, Any]) -> dict[str, Any]:
    address = f"/v1/certificates/{listed['id']}"
    jwt = issuer.send(get(f"{address}/credential.jwt")).raw.decode()
    said = json.loads(issuer.send(get(f"{address}/credential.json")).raw)
    token = issuer.send(get(address)).good()["token"]
    changed = json.loads(json.dumps(said))
    changed["credentialSubject"]["identifier"][0]["identityHash"] += "二"
    place = len(jwt) // 2
    return {
        "standing": listed["status"],
        "jwt": jwt,
        "jwtMutant": jwt[:place] + ("A" if jwt[place] != "A" else "B") + jwt[place + 1 :],
        "json": said,
        "jsonMutant": changed,
        "token": token,
        "tokenMutant": token[:-6] + ("0" if token[-6] != "0" else "1") + token[-5:],
    }


def _both(url: str, address: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, kind in (("jwt", "application/vc+jwt"), ("json", "application/vc+json")):
        request = urllib.request.Request(url + address, headers={"Accept": kind})  # noqa: S310  # our own server
        with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310
            text = reply.read().decode()
        found[name] = text if name == "jwt" else json.loads(text)
    return found


def _wrong(row: dict[str, str]) -> list[str]:
    """Return in what the verifiers differ from the platform."""
    stands = row["standing"] in ("valid", "expiring")
    wanted = {name: stands for name in _WHOLE}
    wanted |= {"cose": True, "digitalbazaarMutant": False, "joseMutant": False}
    wanted |= {"coseMutant": False, "openbadgeslibMutant": False}
    return [
        f"{name} says {row[name]} of a certificate that is {row['standing']}."
        for name, good in wanted.items()
        if (row[name] == "accepted") is not good
    ]
