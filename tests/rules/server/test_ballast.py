"""What is thrown overboard when the disk is full."""

from __future__ import annotations

import pytest

from server import ballast


@pytest.mark.parametrize("megabytes", [1, 3])
def test_the_ballast_really_takes_its_room_and_is_laid_once(config, tmp_path, megabytes):
    config = config.replaced(data_dir=tmp_path, ballast=megabytes * 1_000_000)
    file = tmp_path / ballast.NAME

    assert ballast.lay(config)
    first = file.stat()
    assert ballast.lay(config)

    assert first.st_size == megabytes * 1_000_000
    assert first.st_blocks * 512 >= first.st_size
    assert first.st_mode & 0o077 == 0
    assert file.stat().st_mtime_ns == first.st_mtime_ns


def test_it_is_laid_anew_after_it_was_thrown_overboard(config, tmp_path):
    config = config.replaced(data_dir=tmp_path, ballast=1_000_000)
    ballast.lay(config)
    (tmp_path / ballast.NAME).unlink()

    assert ballast.lay(config)
    assert (tmp_path / ballast.NAME).stat().st_size == 1_000_000


def test_none_is_laid_where_none_is_wanted_or_there_is_no_room(config, tmp_path):
    assert ballast.lay(config.replaced(data_dir=tmp_path, ballast=0))
    assert not ballast.lay(config.replaced(data_dir=tmp_path, ballast=10**18))

    assert list(tmp_path.iterdir()) == []
