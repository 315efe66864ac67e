"""The key that signs certificates: a file beside the database, never in it (签名密钥)."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from flask import Flask, current_app

from server.config import Config, Mode, UnsafeSettings
from server.secrets import write_private

#: Where the key lies beneath the data directory: PKCS #8, PEM, on P-256.
FILE_NAME = Path("keys") / "certificates.pem"

_KEY = "certificate_key"


def prepare(app: Flask, config: Config) -> None:
    """Load the signing key for this application, making it where the settings allow that.

    Raises:
        UnsafeSettings: as `load_or_make`.
    """
    app.extensions[_KEY] = load_or_make(config)


def current() -> EllipticCurvePrivateKey:
    """Return the signing key of the running application."""
    key: EllipticCurvePrivateKey = current_app.extensions[_KEY]
    return key


def load_or_make(config: Config) -> EllipticCurvePrivateKey:
    """Return the key in the data directory; in try-out mode it is made at the first start.

    Raises:
        UnsafeSettings: in production there is no key, or others may read it; or it is not a
            private key on P-256.
    """
    path = config.data_dir / FILE_NAME
    if not path.exists():
        if config.mode is Mode.PRODUCTION:
            raise UnsafeSettings(
                [
                    f"缺少签名密钥 {path}。 The key that signs certificates is missing: put it "
                    "there (EC P-256, PKCS #8 PEM, mode 0600)."
                ]
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, _fresh())
    if config.mode is Mode.PRODUCTION and path.stat().st_mode & 0o077:
        raise UnsafeSettings([f"{path} can be read by others: give it mode 0600."])
    return _loaded(path)


def _fresh() -> str:
    key = generate_private_key(SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem.decode("ascii")


def _loaded(path: Path) -> EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise UnsafeSettings([f"{path} holds no private key in PEM form."]) from error
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise UnsafeSettings([f"{path} holds a key that is not on P-256."])
    return key
