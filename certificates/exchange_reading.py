"""Taking a package in: genuine, for us, whole, the next one, and never twice (数据交换包验收)."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt

from certificates.exchange_errors import (
    PackageAltered,
    PackageMissed,
    PackageNotForUs,
    PackageOutOfDate,
    PackageRepeated,
    PackageUntrusted,
)
from certificates.exchange_packages import MANIFEST, SIGNATURE, TYP, digest, members_of

#: Bytes of a package, opened, that are taken in at most.
LARGEST = 1_000_000_000

_NEEDED = ("iss", "aud", "sub", "jti", "iat", "exp", "seq", "previous", "manifest_sha256")


@dataclass(frozen=True, kw_only=True)
class Taken:
    """The last package that was taken in of a subscription."""

    subscription_id: str = ""
    seq: int = 0
    #: SHA-256 of its manifest, in hexadecimal digits; empty where there was none.
    digest: str = ""


@dataclass(frozen=True, kw_only=True)
class Received:
    """A package that was found genuine, and is the next one."""

    taken: Taken
    manifest: bytes
    #: Its tables, by the name of the file.
    files: Mapping[str, bytes]


def read(
    package: bytes, jwks: Mapping[str, Any], *, receiver: str, last: Taken, at: datetime
) -> Received:
    """Return what a package holds, after everything about it was checked.

    Args:
        package: the bytes that came.
        jwks: the keys of the sender, as fetched once from it and kept.
        receiver: the id of the organisation that we are.
        last: the last package that was taken in.
        at: the moment.

    Raises:
        PackageUntrusted: no key of the sender has signed it.
        PackageNotForUs: it is for somebody else, or of another subscription.
        PackageOutOfDate: its time is over, or has not begun.
        PackageAltered: something in it is not what was signed.
        PackageRepeated: it, or a later one, was taken in already.
        PackageMissed: one before it was never taken in, or was another.
    """
    files = _opened(package)
    manifest = files.pop(MANIFEST)
    claims = _claims(files.pop(SIGNATURE), jwks, receiver=receiver, at=at)
    if claims["manifest_sha256"] != digest(manifest):
        raise PackageAltered
    _check_whole(manifest, files)
    seq = claims["seq"]
    if last.seq and claims["sub"] != last.subscription_id:
        raise PackageNotForUs
    if seq <= last.seq:
        raise PackageRepeated(seq=seq, last=last.seq)
    if last.seq and (seq != last.seq + 1 or claims["previous"] != last.digest):
        raise PackageMissed(seq=seq, last=last.seq)
    return Received(
        taken=Taken(subscription_id=claims["sub"], seq=seq, digest=digest(manifest)),
        manifest=manifest,
        files=files,
    )


def _opened(package: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            infos = archive.infolist()
            names = [info.filename for info in infos]
            if sum(info.file_size for info in infos) > LARGEST or len(set(names)) != len(names):
                raise PackageAltered
            files = {name: archive.read(name) for name in names}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError) as error:
        raise PackageAltered from error
    if not {MANIFEST, SIGNATURE} <= files.keys():
        raise PackageAltered
    return files


def _claims(
    signature: bytes, jwks: Mapping[str, Any], *, receiver: str, at: datetime
) -> dict[str, Any]:
    try:
        text = signature.decode("ascii")
        header = jwt.get_unverified_header(text)
        key = jwt.PyJWKSet.from_dict(dict(jwks))[header.get("kid", "")]
        claims: dict[str, Any] = jwt.decode(
            text,
            key,
            algorithms=["ES256"],
            audience=receiver,
            options={"require": list(_NEEDED), "verify_exp": False, "verify_iat": False},
        )
    except jwt.InvalidAudienceError as error:
        raise PackageNotForUs from error
    except (jwt.PyJWTError, KeyError, ValueError) as error:
        raise PackageUntrusted from error
    if header.get("typ") != TYP or not isinstance(claims["seq"], int):
        raise PackageUntrusted
    # Judged by the moment that we were given, and not by a clock of the library's own.
    if not claims["iat"] - _SKEW <= at.timestamp() < claims["exp"]:
        raise PackageOutOfDate
    return claims


#: Seconds by which the sender's clock may be ahead.
_SKEW = 300


def _check_whole(manifest: bytes, files: Mapping[str, bytes]) -> None:
    try:
        named = members_of(manifest)
    except ValueError as error:
        raise PackageAltered from error
    found = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    if found != named:
        raise PackageAltered
