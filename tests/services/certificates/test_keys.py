"""The signing key: made once, outside the database, never in production by itself."""

from __future__ import annotations

import stat

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from certificates import keys
from server.config import Config, Mode, UnsafeSettings


@pytest.fixture
def try_out(config: Config, tmp_path) -> Config:
    return config.replaced(data_dir=tmp_path)


def _put(config: Config, key, mode: int = 0o600) -> None:
    path = config.data_dir / keys.FILE_NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path.chmod(mode)


def test_the_first_start_makes_a_key_that_later_starts_find(try_out):
    made = keys.load_or_make(try_out)
    found = keys.load_or_make(try_out)

    assert made.private_numbers() == found.private_numbers()
    assert isinstance(made.curve, ec.SECP256R1)


def test_only_the_owner_may_read_the_file(try_out):
    keys.load_or_make(try_out)

    mode = (try_out.data_dir / keys.FILE_NAME).stat().st_mode

    assert stat.S_IMODE(mode) == 0o600


def test_production_makes_no_key(try_out):
    with pytest.raises(UnsafeSettings, match="is missing"):
        keys.load_or_make(try_out.replaced(mode=Mode.PRODUCTION))


def test_production_takes_the_key_it_is_given(try_out):
    key = ec.generate_private_key(ec.SECP256R1())
    _put(try_out, key)

    found = keys.load_or_make(try_out.replaced(mode=Mode.PRODUCTION))

    assert found.private_numbers() == key.private_numbers()


def test_production_refuses_a_key_that_others_can_read(try_out):
    _put(try_out, ec.generate_private_key(ec.SECP256R1()), mode=0o644)

    with pytest.raises(UnsafeSettings, match="mode 0600"):
        keys.load_or_make(try_out.replaced(mode=Mode.PRODUCTION))


@pytest.mark.parametrize(
    "key", [ec.generate_private_key(ec.SECP384R1()), ed25519.Ed25519PrivateKey.generate()]
)
def test_a_key_of_another_kind_is_refused(try_out, key):
    _put(try_out, key)

    with pytest.raises(UnsafeSettings, match="not on P-256"):
        keys.load_or_make(try_out)


def test_a_file_that_is_no_key_is_refused(try_out):
    path = try_out.data_dir / keys.FILE_NAME
    path.parent.mkdir(parents=True)
    path.write_text("not a key")

    with pytest.raises(UnsafeSettings, match="no private key"):
        keys.load_or_make(try_out)
