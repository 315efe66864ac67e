"""The keys that sign: files or commands beside the database, never in it (签名密钥)."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from cryptography.x509.oid import NameOID
from flask import Flask, current_app

from certificates import trust
from certificates.signing import KeySigner, Signer, raw_signature
from server.config import Config, Mode, UnsafeSettings
from server.secrets import write_private

#: Where keys lie beneath the data directory: PKCS #8, PEM, on P-256. This one signs for every
#: issuer that has none of its own.
FILE_NAME = Path("keys") / "certificates.pem"

#: Beneath it, keys of one issuer, by its code: `<CODE>.pem`, or `<CODE>.json` for a command.
FOLDER = Path("keys") / "issuers"

#: The name under which the key of the status list is looked for.
STATUS = "status"

#: The name under which the key that seals printed certificates is looked for, and where its X.509
#: certificate lies: PEM, that of the key first, then those above it.
SEAL = "seal"
SEAL_CHAIN = Path("keys") / "seal-chain.pem"

#: The name of the key that signs what is handed to other systems; the common one where none is.
EXCHANGE = "exchange"

#: The key of Data Integrity proofs, on Ed25519: for exported credentials only.
PROOFS = Path("keys") / "proofs.pem"

#: The public halves of the roots that are believed: a JWK set, the current one first.
ROOTS = Path("keys") / "roots.json"

#: A root of this very machine, in production it lies in a safe; how long a command may sign.
ROOT_FILE = Path("keys") / "root.pem"
_PATIENCE = 10.0

_KEY = "certificate_keys"

#: Days and use of the certificate of a try-out seal.
_SEAL_DAYS = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC))
_SEAL_USAGE = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


@dataclass(frozen=True, kw_only=True)
class CommandSigner:
    """A key that a command signs with: an HSM by PKCS #11, a smart card, a remote signer.

    The command reads the message from its standard input and writes the signature to its standard
    output, in DER or as r and s. What it wrote is verified before anybody gets it.
    """

    command: tuple[str, ...]
    public_key: EllipticCurvePublicKey

    @property
    def kid(self) -> bytes:
        """The id of the key."""
        return trust.kid_of(self.public_key)

    def sign(self, message: bytes) -> bytes:
        """Return the ES256 signature of a message: r and s, 32 bytes each.

        Raises:
            UnsafeSettings: the command failed, or signed something else.
        """
        try:
            done = subprocess.run(
                self.command, input=message, capture_output=True, timeout=_PATIENCE, check=True
            )
            der = done.stdout
            self.public_key.verify(der, message, ECDSA(SHA256()))
        except (OSError, subprocess.SubprocessError, InvalidSignature) as error:
            raise UnsafeSettings([f"The signing command {self.command[0]} failed."]) from error
        return raw_signature(der)


@dataclass
class KeyRing:
    """The keys of one installation; a key that was exchanged is seen without a restart."""

    folder: Path
    production: bool
    #: Where the platform is reached from outside; None where nobody said.
    address: str | None = None
    _kept: dict[Path, tuple[int, Signer]] = field(default_factory=dict)

    def of(self, name: str) -> Signer:
        """Return who signs for an issuer (or the status list): its own key, else the common one.

        Raises:
            UnsafeSettings: there is none, others may read it, or it is no key on P-256.
        """
        own = self.folder / FOLDER
        for path in (own / f"{name}.json", own / f"{name}.pem"):
            if path.exists():
                return self._read(path)
        return self._read(self.folder / FILE_NAME)

    def shown(self, name: str) -> list[EllipticCurvePublicKey]:
        """Return what verifies a name: its key, and beside it `-previous.pem` and `-next.pem`."""
        beside = (self.folder / FOLDER / f"{name}-{when}.pem" for when in ("previous", "next"))
        others = (self._read(path) for path in beside if path.exists())
        return [each.public_key for each in (self.of(name), *others)]

    def root(self) -> Signer | None:
        """Return the root of this machine; None where it lies elsewhere, as it should."""
        path = self.folder / ROOT_FILE
        return self._read(path) if path.exists() else None

    def proofs(self) -> Ed25519PrivateKey | None:
        """Return the key of Data Integrity proofs; None where there is none."""
        path = self.folder / PROOFS
        if not path.exists():
            return None
        self._check_secrecy(path)
        key = load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise UnsafeSettings([f"{path} holds a key that is not on Ed25519."])
        return key

    def seal_chain(self) -> bytes | None:
        """Return the certificates of the key that seals, as PEM; None where there are none."""
        path = self.folder / SEAL_CHAIN
        return path.read_bytes() if path.exists() else None

    def pinned(self) -> tuple[EllipticCurvePublicKey, ...]:
        """Return the roots that are believed: the current one and the next."""
        path = self.folder / ROOTS
        said = json.loads(path.read_text("utf-8"))["keys"] if path.exists() else ()
        return tuple(trust.key_of(jwk) for jwk in said)

    def exchange(self, name: str) -> Signer:
        """Make a fresh key in the place of an issuer's old one; at no moment is there none."""
        path = self.folder / FOLDER / f"{name}.pem"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        write_private(draft, fresh())
        return self._read(draft.replace(path))

    def _read(self, path: Path) -> Signer:
        changed = path.stat().st_mtime_ns
        kept = self._kept.get(path)
        if kept is None or kept[0] != changed:
            self._check_secrecy(path)
            kept = (changed, _command(path) if path.suffix == ".json" else KeySigner(_loaded(path)))
            self._kept[path] = kept
        return kept[1]

    def _check_secrecy(self, path: Path) -> None:
        if self.production and path.suffix == ".pem" and path.stat().st_mode & 0o077:
            raise UnsafeSettings([f"{path} can be read by others: give it mode 0600."])


def prepare(app: Flask, config: Config) -> None:
    """Make the keys known to this application, making them where the settings allow that.

    Raises:
        UnsafeSettings: as `load_or_make`.
    """
    load_or_make(config)
    production = config.mode is Mode.PRODUCTION
    near = None if production else f"http://{config.host}:{config.port}"
    app.extensions[_KEY] = KeyRing(config.data_dir, production, config.public_url or near)


def ring() -> KeyRing:
    """Return the keys of the running application."""
    kept: KeyRing = current_app.extensions[_KEY]
    return kept


def load_or_make(config: Config) -> EllipticCurvePrivateKey:
    """Return the common key; in try-out mode it is made at the first start, and a root with it.

    Raises:
        UnsafeSettings: production has none, others may read it, or it is not on P-256.
    """
    path = config.data_dir / FILE_NAME
    if not path.exists():
        if config.mode is Mode.PRODUCTION:
            raise UnsafeSettings(
                [
                    f"缺少签名密钥 {path}。 The key that signs certificates is missing there: "
                    "EC P-256, PKCS #8 PEM, mode 0600."
                ]
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, fresh())
    if config.mode is Mode.PRODUCTION and path.stat().st_mode & 0o077:
        raise UnsafeSettings([f"{path} can be read by others: give it mode 0600."])
    if config.mode is not Mode.PRODUCTION and not (config.data_dir / ROOT_FILE).exists():
        make_root(config.data_dir)
    if config.mode is not Mode.PRODUCTION and not (config.data_dir / SEAL_CHAIN).exists():
        make_seal(config.data_dir)
    if config.mode is not Mode.PRODUCTION and not (config.data_dir / PROOFS).exists():
        write_private(config.data_dir / PROOFS, _pem(Ed25519PrivateKey.generate()))
    return _loaded(path)


def make_root(folder: Path) -> None:
    """Make a root with the next one beside it, and pin both."""
    (folder / ROOT_FILE).parent.mkdir(parents=True, exist_ok=True)
    places = (folder / ROOT_FILE, (folder / ROOT_FILE).with_name("next-root.pem"))
    for path in places:
        write_private(path, fresh())
    jwks = [trust.jwk_of(_loaded(path).public_key()) for path in places]
    (folder / ROOTS).unlink(missing_ok=True)
    write_private(folder / ROOTS, json.dumps({"keys": jwks}, indent=1))


def make_seal(folder: Path) -> None:
    """Make a key that seals, with a certificate it signed itself: for looking at, not for use."""
    path = folder / FOLDER / f"{SEAL}.pem"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    write_private(path, fresh())
    key = _loaded(path)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "试用电子签章 Try-out seal")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_SEAL_DAYS[0])
        .not_valid_after(_SEAL_DAYS[1])
        .add_extension(_SEAL_USAGE, critical=True)
        .sign(key, SHA256())
    )
    chain = made.public_bytes(Encoding.PEM).decode("ascii")
    (folder / SEAL_CHAIN).unlink(missing_ok=True)
    write_private(folder / SEAL_CHAIN, chain)


def fresh() -> str:
    """Return a fresh private key on P-256 as PEM."""
    return _pem(generate_private_key(SECP256R1()))


def _pem(key: EllipticCurvePrivateKey | Ed25519PrivateKey) -> str:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem.decode("ascii")


def _command(path: Path) -> CommandSigner:
    said: dict[str, Any] = json.loads(path.read_text("utf-8"))
    public_key = load_pem_public_key(said["public_key"].encode())
    if not isinstance(public_key, EllipticCurvePublicKey):
        raise UnsafeSettings([f"{path} names a key that is not on P-256."])
    return CommandSigner(command=tuple(said["command"]), public_key=public_key)


def _loaded(path: Path) -> EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise UnsafeSettings([f"{path} holds no private key in PEM form."]) from error
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise UnsafeSettings([f"{path} holds a key that is not on P-256."])
    return key
