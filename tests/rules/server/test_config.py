"""Settings: made safe for a try-out, refused where they are not safe for work."""

from __future__ import annotations

import json
import os
import stat

import pytest

from server import secrets
from server.config import Config, Mode, UnsafeSettings

SOUND = {name: secrets.encode(bytes(range(i, i + 32))) for i, name in enumerate(secrets.NAMES)}


@pytest.fixture
def environment(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name in {
            *secrets.NAMES,
            "MODE",
            "DATABASE_URL",
            "PORT",
            "WORKERS",
            "THREADS",
            "DEMONSTRATION",
        }:
            monkeypatch.delenv(name)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))

    def put(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return put


def test_a_try_out_makes_its_secrets_once_and_keeps_them_to_itself(environment, tmp_path):
    environment()

    first, second = Config.from_environment(), Config.from_environment()

    path = tmp_path / "data" / secrets.FILE_NAME
    assert first.token_secret == second.token_secret
    assert len({first.token_secret, first.encryption_key, first.index_key}) == 3
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert set(json.loads(path.read_text())) == set(secrets.NAMES)


def test_production_starts_with_every_secret_given(environment, tmp_path):
    environment(MODE="production", **SOUND)

    config = Config.from_environment()

    assert config.mode is Mode.PRODUCTION
    assert not config.demonstration
    assert not (tmp_path / "data" / secrets.FILE_NAME).exists()


@pytest.mark.parametrize("missing", secrets.NAMES)
def test_production_refuses_to_start_without_a_secret_and_names_it(environment, missing):
    environment(MODE="production", **{n: text for n, text in SOUND.items() if n != missing})

    with pytest.raises(UnsafeSettings, match=missing):
        Config.from_environment()


@pytest.mark.parametrize(
    "weak",
    [
        secrets.encode(b"short"),
        secrets.encode(b"a" * 32),
        "changeme",
        "密钥",
    ],
)
def test_production_refuses_a_weak_secret(environment, weak):
    environment(MODE="production", **{**SOUND, "TOKEN_SECRET": weak})

    with pytest.raises(UnsafeSettings, match="TOKEN_SECRET is too weak"):
        Config.from_environment()


@pytest.mark.parametrize(
    ("name", "value"), [("FLASK_DEBUG", "1"), ("DEMONSTRATION", "1"), ("PORT", "eight")]
)
def test_production_refuses_what_is_unsafe_or_unreadable_and_names_it(environment, name, value):
    environment(MODE="production", **SOUND, **{name: value})

    with pytest.raises(UnsafeSettings, match=name):
        Config.from_environment()


def test_an_unknown_mode_is_refused(environment):
    environment(MODE="careless")

    with pytest.raises(UnsafeSettings, match="MODE"):
        Config.from_environment()


def test_a_data_directory_that_cannot_be_written_is_named(environment, tmp_path):
    (tmp_path / "data").write_text("a file where a directory should be")
    environment()

    with pytest.raises(UnsafeSettings, match="DATA_DIR"):
        Config.from_environment()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "platform.db"),
        ("DATABASE_URL", "mysql://root@localhost/platform"),
        ("DATABASE_URL", "postgresql://localhost:port/platform"),
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("WORKERS", "0"),
        ("THREADS", "-4"),
        ("TRUSTED_PROXIES", "-1"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(environment, name, value):
    environment(**{name: value})

    with pytest.raises(UnsafeSettings, match=name):
        Config.from_environment()


def test_a_damaged_file_of_secrets_is_named_and_not_replaced(environment, tmp_path):
    environment()
    path = tmp_path / "data" / secrets.FILE_NAME
    path.parent.mkdir()
    path.write_text('{"TOKEN_SECRET": ')

    with pytest.raises(UnsafeSettings, match=secrets.FILE_NAME):
        Config.from_environment()

    assert path.read_text() == '{"TOKEN_SECRET": '


def test_a_data_directory_is_made_for_its_owner_alone(environment, tmp_path):
    environment(MODE="production", **SOUND)

    Config.from_environment()

    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


@pytest.mark.parametrize("spelling", ["postgres://", "postgresql://", "postgresql+psycopg://"])
def test_every_spelling_of_a_postgresql_address_names_our_driver(environment, spelling):
    environment(DATABASE_URL=f"{spelling}a:b@localhost/c")

    assert Config.from_environment().database_url == "postgresql+psycopg://a:b@localhost/c"


def test_secrets_are_not_shown_when_settings_are_printed(environment):
    environment(**SOUND)

    shown = repr(Config.from_environment())

    assert not any(str(secrets.decode(text)) in shown or text in shown for text in SOUND.values())


def test_retired_secrets_are_read_from_a_list(environment):
    retired = secrets.encode(bytes(range(50, 82)))
    environment(TOKEN_SECRETS_RETIRED=retired)

    assert Config.from_environment().token_secrets_retired == (bytes(range(50, 82)),)
