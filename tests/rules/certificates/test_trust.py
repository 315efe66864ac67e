"""The pinned trust list: published, read back, refused where it contradicts itself."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from certificates import trust
from certificates.trust import KeyState, TrustedKey, TrustList

KEY = ec.derive_private_key(77, ec.SECP256R1()).public_key()
OTHER = ec.derive_private_key(78, ec.SECP256R1()).public_key()


def _list(**changes: Any) -> TrustList:
    values: dict[str, Any] = {
        "issuer": "371300",
        "issuer_name": "临沂市应急管理局",
        "public_key": KEY,
        "qualifications": frozenset({"principal", "safety_manager"}),
        "not_before": date(2026, 1, 1),
        "not_after": None,
        "state": KeyState.ACTIVE,
        "status_list_uri": "urn:sc1:371300",
        **changes,
    }
    return TrustList(keys=(TrustedKey(**values),))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"qualifications": None},
        {"not_after": date(2030, 12, 31)},
        {"state": KeyState.COMPROMISED},
    ],
)
def test_a_published_list_is_read_back_the_same(changes):
    first = trust.to_json(_list(**changes))

    assert trust.to_json(trust.from_json(first)) == first


def test_keys_are_found_by_their_id_only():
    assert [key.issuer for key in _list().under(trust.kid_of(KEY))] == ["371300"]
    assert _list().under(trust.kid_of(OTHER)) == ()


def _with(path: list[Any], value: Any) -> dict[str, Any]:
    document = copy.deepcopy(trust.to_json(_list()))
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return document


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["format"], "other"),
        (["version"], 2),
        (["keys", 0, "kid"], "00" * 8),
        (["keys", 0, "jwk", "kid"], "00" * 8),
        (["keys", 0, "jwk", "crv"], "P-384"),
        (["keys", 0, "jwk", "kty"], "OKP"),
        (["keys", 0, "jwk", "x"], trust.jwk_of(OTHER)["x"]),
        (["keys", 0, "state"], "forgiven"),
        (["keys", 0, "not_before"], "soon"),
        (["keys", 0, "private"], "d"),
    ],
)
def test_a_list_that_contradicts_itself_is_refused(path, value):
    with pytest.raises(ValueError, match=r".+"):
        trust.from_json(_with(path, value))


def test_the_key_of_another_under_this_key_id_is_refused():
    document = _with(["keys", 0, "jwk"], trust.jwk_of(OTHER))

    with pytest.raises(ValueError, match="key id of an entry"):
        trust.from_json(document)
