"""Nothing that the console offers is left unpressed, but what the table gives a reason for."""

from __future__ import annotations

from tests.browser.offered import offered, table


def test_whatever_the_console_offers_is_pressed_by_some_test(furnished):
    found = offered(furnished)
    listed = {one for chapter in table().values() for one in chapter}

    assert found - listed == set(), "press it in a test, or say in pressed.txt why not"
    assert listed - found == set(), "the console offers this no more"
    assert len(found) > 100, "it sees what is there"
