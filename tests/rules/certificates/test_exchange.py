"""A package for another system: taken in once, whole, in order, from whom it says."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from certificates import exchange_packages, receiving
from certificates.credentials import encoded
from certificates.exchange_errors import (
    PackageAltered,
    PackageMissed,
    PackageNotForUs,
    PackageOutOfDate,
    PackageRepeated,
    PackageUntrusted,
)
from certificates.exchange_packages import MANIFEST, SIGNATURE, Sheet, Told
from certificates.exchange_reading import Taken, read
from certificates.signing import KeySigner
from certificates.trust import jwk_of

AT = datetime(2026, 6, 15, 4, tzinfo=UTC)
SIGNER, OTHER = (KeySigner(generate_private_key(SECP256R1())) for _ in range(2))
KEYS = {"keys": [jwk_of(SIGNER.public_key)]}
TOLD = Told(
    package_id=UUID(int=1),
    subscription_id=UUID(int=2),
    receiver_id=UUID(int=3),
    seq=1,
    previous="",
    region_id=UUID(int=4),
    region_code="140000",
    on=date(2026, 6, 14),
    known_seq=7,
    made_at=AT,
)
NOTHING = Taken()
SHEET = Sheet(name="figures", columns={"indicator": "string"}, content=b"indicator\r\na\r\n")


def _package(told: Told = TOLD, *, signer: KeySigner = SIGNER, **changed: bytes) -> bytes:
    """Return a package, some of its files exchanged after it was signed."""
    manifest = exchange_packages.manifest(told, [SHEET])
    signature = exchange_packages.signed(told, manifest, signer, issuer="https://a.example")
    packed = exchange_packages.packed(manifest, signature, [SHEET])
    if not changed:
        return packed
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            after.writestr(name, changed.pop(name.replace(".", "_"), before.read(name)))
        for name, content in changed.items():
            after.writestr(name, content)
    return out.getvalue()


def _read(package: bytes, last: Taken = NOTHING, *, at: datetime = AT, receiver: int = 3) -> Any:
    return read(package, KEYS, receiver=str(UUID(int=receiver)), last=last, at=at)


def test_what_was_signed_is_taken_in_and_the_next_one_after_it():
    first = _read(_package())

    assert first.files == {"figures.csv": SHEET.content}
    assert json.loads(first.manifest)["coverage"]["known_seq"] == 7
    following = replace(TOLD, seq=2, previous=first.taken.digest, package_id=UUID(int=9))
    assert _read(_package(following), first.taken).taken.seq == 2


def test_the_same_content_gives_the_same_manifest_and_names_each_table_by_its_digest():
    manifest = exchange_packages.manifest(TOLD, [SHEET])

    assert manifest == exchange_packages.manifest(TOLD, [SHEET])
    (resource,) = json.loads(manifest)["resources"]
    assert resource["hash"].startswith("sha256:")
    assert resource["bytes"] == len(SHEET.content)
    assert json.loads(manifest)["name"] == "coverage-140000-2026-06-14"


FIRST = _read(_package()).taken
SECOND = replace(TOLD, seq=2, previous=FIRST.digest)

REFUSED: dict[str, tuple[Callable[[], Any], type[Exception]]] = {
    "a table that was changed": (
        lambda: _read(_package(figures_csv=b"indicator\r\nb\r\n")),
        PackageAltered,
    ),
    "a manifest that was changed": (
        lambda: _read(
            _package(datapackage_json=exchange_packages.manifest(replace(TOLD, seq=9), [SHEET]))
        ),
        PackageAltered,
    ),
    "a table that was added": (lambda: _read(_package(more=b"x")), PackageAltered),
    "no package": (lambda: _read(b"PK no zip"), PackageAltered),
    "another's key": (lambda: _read(_package(signer=OTHER)), PackageUntrusted),
    "no signature": (lambda: _read(_package(signature_jwt=b"a.b.c")), PackageUntrusted),
    "a signature without a key": (lambda: _read(_package(signature_jwt=_none())), PackageUntrusted),
    "another receiver": (lambda: _read(_package(), receiver=5), PackageNotForUs),
    "another subscription": (
        lambda: _read(_package(replace(SECOND, subscription_id=UUID(int=8))), FIRST),
        PackageNotForUs,
    ),
    "too late": (lambda: _read(_package(), at=AT + timedelta(days=30)), PackageOutOfDate),
    "made ahead of time": (lambda: _read(_package(), at=AT - timedelta(hours=1)), PackageOutOfDate),
    "sent again": (lambda: _read(_package(), FIRST), PackageRepeated),
    "one left out": (lambda: _read(_package(replace(SECOND, seq=3)), FIRST), PackageMissed),
    "after another first": (
        lambda: _read(_package(replace(SECOND, previous="0" * 64)), FIRST),
        PackageMissed,
    ),
}


def _none() -> bytes:
    """Return the right claims under the algorithm `none`."""
    manifest = exchange_packages.manifest(TOLD, [SHEET])
    signature = exchange_packages.signed(TOLD, manifest, SIGNER, issuer="https://a.example")
    head = encoded(b'{"alg":"none","typ":"' + exchange_packages.TYP.encode() + b'"}')
    return f"{head}.{signature.split('.')[1]}.".encode()


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_the_next_genuine_package_is_refused(name):
    take, refusal = REFUSED[name]

    with pytest.raises(refusal) as refused:
        take()

    assert type(refused.value) is refusal


def test_taken_into_a_folder_it_is_remembered_and_not_taken_twice(tmp_path: Path):
    receiver = str(UUID(int=3))

    receiving.take(_package(), KEYS, receiver, tmp_path, AT)

    assert (tmp_path / "000001" / "figures.csv").read_bytes() == SHEET.content
    assert (tmp_path / "000001" / MANIFEST).exists()
    assert not (tmp_path / "000001" / SIGNATURE).exists()
    with pytest.raises(PackageRepeated):
        receiving.take(_package(), KEYS, receiver, tmp_path, AT)
    receiving.take(_package(SECOND), KEYS, receiver, tmp_path, AT)
    assert json.loads((tmp_path / receiving.LAST).read_text("utf-8"))["seq"] == 2
