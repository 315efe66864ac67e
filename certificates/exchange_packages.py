"""Packages of figures and lists for other systems, signed (数据交换包).

A ZIP with tables as CSV, `datapackage.json` (Data Package) that names each with its SHA-256, and
`signature.jwt`, a JWS (ES256) over the SHA-256 of that. Packages of a subscription are numbered,
and each names the one before it: one that is sent again, held back or slipped in shows.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import rfc8785

from certificates import statements
from certificates.signing import Signer

#: What kind of JWS it is, so that none of another kind can be shown as one.
TYP = "coverage-exchange+jwt"

#: Who says so, where nobody said under which address the platform is reached.
ISSUER = "urn:sc1:platform"

MANIFEST, SIGNATURE = "datapackage.json", "signature.jwt"

#: How long a package may be taken in.
LIFETIME = timedelta(days=30)

#: When files of a package were made, as far as their archive says: the same package, same bytes.
_STAMP = (1980, 1, 1, 0, 0, 0)

#: How rows may be written, and what that is called.
MEDIA_TYPES = {"csv": "text/csv", "jsonl": "application/jsonl"}

#: What a manifest is made after.
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a package is: for whom, which number, of what."""

    package_id: UUID
    subscription_id: UUID
    #: The organisation that receives it.
    receiver_id: UUID
    #: Its number within the subscription, from 1.
    seq: int
    #: SHA-256 of the manifest before it, in hexadecimal digits; empty for the first.
    previous: str
    region_id: UUID
    region_code: str
    #: The day that figures and lists speak of.
    on: date
    #: The last batch of the ledger that was known.
    known_seq: int
    made_at: datetime


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table: the names of its columns with the kinds of what is in them, and its rows."""

    name: str
    columns: Mapping[str, str]
    content: bytes
    #: How the rows are written: `csv`, or `jsonl`.
    format: str = "csv"

    @property
    def path(self) -> str:
        """The name of its file."""
        return f"{self.name}.{self.format}"

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.content)

    @property
    def hash(self) -> str:
        """The SHA-256 of its content."""
        return hashlib.sha256(self.content).hexdigest()

    def pieces(self) -> Iterator[bytes]:
        """Yield its content."""
        yield self.content


class Table(Protocol):
    """A table of a package, whether it lies in the memory as it is or packed."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def columns(self) -> Mapping[str, str]:
        """The names of its columns with the kinds of what is in them."""

    @property
    def format(self) -> str:
        """How the rows are written: `csv`, or `jsonl`."""

    @property
    def path(self) -> str:
        """The name of its file."""

    @property
    def size(self) -> int:
        """How many bytes it has."""

    @property
    def hash(self) -> str:
        """The SHA-256 of its content."""

    def pieces(self) -> Iterator[bytes]:
        """Yield its content, piece by piece."""


def manifest(told: Told, sheets: Sequence[Sheet]) -> bytes:
    """Return the manifest in its one form (RFC 8785)."""
    return rfc8785.dumps(
        {
            "$schema": PROFILE,
            "id": str(told.package_id),
            "name": f"coverage-{told.region_code}-{told.on.isoformat()}",
            "created": _moment(told.made_at),
            "coverage": {
                "subscription_id": str(told.subscription_id),
                "seq": told.seq,
                "previous": told.previous,
                "region_id": str(told.region_id),
                "region_code": told.region_code,
                "on": told.on.isoformat(),
                "known_seq": told.known_seq,
            },
            "resources": [resource(sheet) for sheet in sheets],
        }
    )


def resource(sheet: Table) -> dict[str, Any]:
    """Return what a manifest says of a table."""
    fields = [{"name": name, "type": kind} for name, kind in sheet.columns.items()]
    return {
        "name": sheet.name,
        "path": sheet.path,
        "format": sheet.format,
        "mediatype": MEDIA_TYPES[sheet.format],
        "encoding": "utf-8",
        "bytes": sheet.size,
        "hash": f"sha256:{sheet.hash}",
        "schema": {"fields": fields},
    }


def digest(of: bytes) -> str:
    """Return the SHA-256 of a manifest as the next package names it."""
    return hashlib.sha256(of).hexdigest()


def signed(told: Told, of: bytes, signer: Signer, *, issuer: str) -> str:
    """Return the JWS that vouches for a manifest."""
    made = int(told.made_at.timestamp())
    claims: dict[str, Any] = {
        "iss": issuer,
        "aud": str(told.receiver_id),
        "sub": str(told.subscription_id),
        "jti": str(told.package_id),
        "iat": made,
        "exp": made + int(LIFETIME.total_seconds()),
        "seq": told.seq,
        "previous": told.previous,
        "manifest_sha256": digest(of),
    }
    return statements.signed(TYP, claims, signer)


def packed(of: bytes, signature: str, sheets: Sequence[Table]) -> bytes:
    """Return the package: the same content gives the same bytes."""
    members: list[tuple[str, Iterable[bytes]]] = [
        (MANIFEST, [of]),
        (SIGNATURE, [signature.encode("ascii")]),
        *((sheet.path, sheet.pieces()) for sheet in sheets),
    ]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in members:
            about = zipfile.ZipInfo(name, _STAMP)
            about.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(about, "w") as member:
                for piece in pieces:
                    member.write(piece)
    return out.getvalue()


def members_of(of: bytes) -> dict[str, str]:
    """Return the files that a manifest names, each with its digest.

    Raises:
        ValueError: it is no manifest.
    """
    try:
        resources = json.loads(of)["resources"]
        return {one["path"]: one["hash"].removeprefix("sha256:") for one in resources}
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError("It is no manifest.") from error


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
