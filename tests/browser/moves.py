"""What is done on the pages of the console, as a table: what is pressed, typed, and then known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.browser.desks import Desk

#: Asks the API for an address in the name of somebody who may see everything.
Ask = Callable[[str], Any]


#: The end of the address of one thing.
THING = re.compile(r"/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


@dataclass(frozen=True, kw_only=True)
class Move:
    """One move on one page. In addresses and texts, `{name}` stands for an id known by then."""

    page: str
    button: str
    #: What is typed, by the names of the fields; of choices a part of one.
    fields: Mapping[str, Any] = field(default_factory=dict)
    #: Of a list, the row in which the button stands, by words in it.
    row: str = ""
    #: How many rows are ticked before.
    ticked: int = 0
    #: The form stands on the page itself: `button` is what sends it.
    on_page: bool = False
    #: What the page then leads to is known by this name.
    keep: str = ""
    #: Where the API says what came of it, and what it says.
    ask: str
    sees: Mapping[str, Any] = field(default_factory=dict)


def play(desk: Desk, moves: Iterable[Move], known: dict[str, str], ask: Ask) -> list[str]:
    """Make each move; return those that were not offered, not taken, or came to nothing."""
    failed: list[str] = []
    for move in moves:
        try:
            _press(desk, move, known)
            reply = ask(move.ask.format(**known))
            if not holds(reply, _told(move.sees, known)):
                failed.append(f"{move.page} {move.button}: {str(reply)[:600]}")
        except Exception as refusal:  # whatever it was, the moves after it are made as well
            failed.append(f"{move.page} {move.button}: {str(refusal)[:600]}")
            desk.page.reload()
    return failed


def _press(desk: Desk, move: Move, known: dict[str, str]) -> None:
    desk.go(move.page.format(**known))
    before = desk.page.url
    for at in range(move.ticked):
        desk.page.locator("tbody input[type=checkbox]").nth(at).check()
    values = _told(move.fields, known)
    if move.on_page:
        desk.fill(**values)
        desk.send_from_page(move.button)
    else:
        desk.move(move.button, in_row=move.row, **values)
    if move.keep:
        desk.page.wait_for_url(lambda url: url != before and THING.search(url) is not None)
        known[move.keep] = desk.page.url.rpartition("/")[2]


def _told(values: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    """Put ids in the place of their names, however deep they stand."""
    return {name: _one(value, known) for name, value in values.items()}


def _one(value: Any, known: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return value.format(**known)
    if isinstance(value, Mapping):
        return _told(value, known)
    return value


def holds(reply: Any, wanted: Mapping[str, Any]) -> bool:
    """Say whether a reply, or one thing of a list, says all of this."""
    if isinstance(reply, list):
        return any(holds(one, wanted) for one in reply)
    if not isinstance(reply, dict):
        return False
    if all(_is(reply.get(name), value) for name, value in wanted.items()):
        return True
    lists = (reply.get(inner) for inner in ("items", "topics", "articles", "comments"))
    return any(holds(one, wanted) for one in lists if isinstance(one, list))


def _is(said: Any, wanted: Any) -> bool:
    if wanted is ...:
        return said is not None
    if isinstance(wanted, Mapping):
        return holds(said, wanted)
    return bool(said == wanted)
