"""Pure: short JSON statements signed for other systems, as JWS (ES256) (签名陈述).

Any JOSE library verifies them with the keys at `/v1/coverage-exchange-keys`. The kind stands in the
header and the receiver in `aud`, so that none can be shown as another, or to another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import rfc8785

from certificates.credentials import encoded
from certificates.signing import Signer
from certificates.trust import kid_of

#: What kind of JWS an answer to a lookup is.
PERMISSION_TYP = "work-permission+jwt"


def signed(typ: str, claims: Mapping[str, Any], signer: Signer) -> str:
    """Return the JWS of claims in their one form (RFC 8785)."""
    header = {"alg": "ES256", "kid": kid_of(signer.public_key).hex(), "typ": typ}
    text = f"{encoded(rfc8785.dumps(header))}.{encoded(rfc8785.dumps(dict(claims)))}"
    return f"{text}.{encoded(signer.sign(text.encode('ascii')))}"
