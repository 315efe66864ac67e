"""Whether a token from outside is believed: signature, issuer, audience, nonce, time (核验).

Read by kept libraries (joserfc, authlib). What is decided here is what they are told: which
algorithms count, and whose token it must be. A token never says by itself how it is to be read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from server.federation.errors import OutsideSignInRefused

#: Signatures by a key that only the other side has: no shared secret, never `none`.
ALGORITHMS: Final = frozenset({"RS256", "PS256", "ES256", "ES384", "Ed25519"})

#: Seconds by which the clocks of two systems may differ.
LEEWAY: Final = 60

_LONGEST_SUBJECT: Final = 255


def claims_of(
    id_token: str,
    *,
    metadata: Mapping[str, Any],
    keys: Callable[[bool], Any],
    client_id: str,
    nonce: str,
    access_token: str | None,
    at: datetime,
) -> Mapping[str, Any]:
    """Return what an ID token says, once it is believed (OpenID Connect Core 3.1.3.7).

    Args:
        id_token: as it came from the token endpoint.
        metadata: what the provider says of itself.
        keys: its keys; asked with True for fresh ones.
        client_id: for whom it must be.
        nonce: what was sent when the sign-in began.
        access_token: what came beside it.
        at: the moment.

    Raises:
        OutsideSignInRefused: it is not believed.
    """
    supported = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    algorithms = sorted(ALGORITHMS & {each for each in supported if isinstance(each, str)})
    token = _read(id_token, keys, algorithms)
    options: Any = {
        "iss": {"essential": True, "value": metadata["issuer"]},
        "aud": {"essential": True, "value": client_id},
    }
    params = {"nonce": nonce, "client_id": client_id, "access_token": access_token}
    claims = CodeIDToken(token.claims, token.header, options, params)
    try:
        claims.validate(now=int(at.timestamp()), leeway=LEEWAY)
    except (JoseError, TypeError, ValueError):
        raise OutsideSignInRefused(reason="id_token") from None
    subject = claims.get("sub")
    if not (isinstance(subject, str) and 0 < len(subject) <= _LONGEST_SUBJECT):
        raise OutsideSignInRefused(reason="id_token")
    found: Mapping[str, Any] = claims
    return found


def _read(id_token: str, keys: Callable[[bool], Any], algorithms: list[str]) -> jwt.Token:
    """Return a token whose signature is good; where no key fits, keys are asked for once more."""
    for fresh in (False, True):
        try:
            return jwt.decode(id_token, KeySet.import_key_set(keys(fresh)), algorithms)
        except (JoseError, ValueError, TypeError, KeyError):
            continue
    raise OutsideSignInRefused(reason="id_token")
