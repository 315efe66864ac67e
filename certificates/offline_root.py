"""What is done with a root, on a machine without network or database (离线根密钥).

`python -m certificates.offline_root make root.pem` makes a root and prints its public half for
`keys/roots.json`; `… sign draft.cbor root.pem signed.cwt` shows what a draft says and signs it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import cbor2
import click
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from certificates import signing, trust, trust_lists
from certificates.signing import KeySigner

_PASSPHRASE = click.option("--passphrase", prompt=True, hide_input=True)


@click.group()
def root() -> None:
    """Make roots and sign trust lists, where no network reaches."""


@root.command()
@click.argument("file", type=click.Path(path_type=Path))
@_PASSPHRASE
def make(file: Path, passphrase: str) -> None:
    """Make a root key in FILE, closed by a passphrase, and print its public half."""
    key = generate_private_key(SECP256R1())
    closed = BestAvailableEncryption(passphrase.encode())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, closed)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(pem)
    click.echo(json.dumps(trust.jwk_of(key.public_key())))


@root.command()
@click.argument("draft", type=click.Path(exists=True, path_type=Path))
@click.argument("key", type=click.Path(exists=True, path_type=Path))
@click.argument("signed", type=click.Path(path_type=Path))
@_PASSPHRASE
@click.option("--yes", is_flag=True, help="Sign without asking.")
def sign(draft: Path, key: Path, signed: Path, passphrase: str, yes: bool) -> None:
    """Show what DRAFT says, and write it to SIGNED, signed with KEY."""
    claims = cbor2.loads(draft.read_bytes())
    for line in said(claims):
        click.echo(line)
    if not yes:
        click.confirm("签发？ Sign it?", abort=True)
    opened = load_pem_private_key(key.read_bytes(), passphrase.encode())
    if not isinstance(opened, EllipticCurvePrivateKey):
        raise click.ClickException("The root is no key on P-256.")
    signed.write_bytes(signing.write(claims, KeySigner(opened), typ=trust_lists.TYP))


def said(claims: dict[int, object]) -> list[str]:
    """Return in lines what a draft would make verifiers believe."""
    content = claims[trust_lists.CONTENT]
    if not isinstance(content, dict):
        raise click.ClickException("This is no draft of a trust list.")
    keys = content["trust"]["keys"]
    return [
        f"名单编号 number {content['seq']}，根 roots {[jwk['kid'] for jwk in content['roots']]}，"
        f"状态名单密钥 status keys {[jwk['kid'] for jwk in content['status']['keys']]}",
        *(f"{key['issuer']} {key['issuer_name']} {key['kid']} {key['state']}" for key in keys),
    ]


if __name__ == "__main__":
    root()
