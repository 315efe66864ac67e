"""Opens items in Citolab's player of QTI, in the machine's Chromium, and responds (播放器)."""

from __future__ import annotations

import mimetypes
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, Route, sync_playwright

CHROMIUM: Final = Path("/usr/bin/chromium")

#: Where the page believes it is; what it asks for is read from files.
_PLACE: Final = "http://player.invalid/"
_SCRIPT: Final = "node_modules/@citolab/qti-components/cdn/index.js"
_PAGE: Final = (
    f'<!doctype html><meta charset="utf-8"><script type="module" src="/{_SCRIPT}"></script>'
    "<qti-item><item-container></item-container></qti-item>"
)

#: Elements however deep in shadow, of which the player is made.
_DEEP: Final = """
const deep = (selector, root = document) => [
  ...root.querySelectorAll(selector),
  ...[...root.querySelectorAll('*')].filter((e) => e.shadowRoot)
    .flatMap((e) => deep(selector, e.shadowRoot)),
];
"""
_OPENED: Final = f"() => {{ {_DEEP} return deep('qti-simple-choice').length > 1; }}"
#: The player makes every element one of HTML, and leaves it to its host to let formulas be drawn:
#: read once more, they are what the package says.
_RESPOND: Final = f"""async (chosen) => {{ {_DEEP}
  for (const formula of deep('math')) formula.outerHTML = formula.outerHTML;
  const [item] = deep('qti-assessment-item');
  for (const choice of deep('qti-simple-choice'))
    if (chosen.includes(choice.getAttribute('identifier'))) choice.click();
  await new Promise((after) => setTimeout(after, 50));
  item.processResponse();
  await new Promise((after) => setTimeout(after, 50));
  const variables = item.variables ?? item._context.variables;
  const value = (name) => variables.find((one) => one.identifier === name)?.value;
  const box = (e) => e.getBoundingClientRect();
  const isFraction = (e) => box(e.children[0]).bottom <= box(e.children[1]).top;
  const before = (e) => {{
    const range = document.createRange();
    range.selectNode(e.previousSibling);
    return range.getBoundingClientRect();
  }};
  const underlined = deep('.qti-underline').map((e) => getComputedStyle(e).textDecorationLine);
  return {{
    score: Number(value('SCORE')),
    response: [value('RESPONSE')].flat().sort(),
    choices: deep('qti-simple-choice').map((one) => one.textContent.trim()),
    images: deep('img').map((one) => one.naturalWidth),
    formulas: deep('math').length,
    fractions: deep('mfrac').map(isFraction),
    raised: deep('sup').map((e) => box(e).bottom < before(e).bottom),
    lowered: deep('sub').map((e) => box(e).bottom > before(e).bottom),
    notes: deep('qti-rubric-block').filter((e) => getComputedStyle(e).display !== 'none').length,
    underlined,
  }};
}}"""


@dataclass(frozen=True, kw_only=True)
class Played:
    """What the player showed, and made of a response."""

    score: float
    response: list[str]
    choices: list[str]
    #: Widths of the images in pixels; 0 where one could not be shown.
    images: list[int]
    formulas: int
    #: Whether what is above a line of a fraction is shown above it.
    fractions: list[bool]
    #: Whether signs that should be raised, or lowered, are.
    raised: list[bool]
    lowered: list[bool]
    #: Notes for authors that a candidate would see.
    notes: int
    #: How the words that should be underlined are.
    underlined: list[str]


class Player:
    """A page that shows items of one package."""

    def __init__(self, page: Page, package: Path, room: Path) -> None:
        self._page, self._room = page, room
        with zipfile.ZipFile(package) as opened:
            self._files = {name: opened.read(name) for name in opened.namelist()}
        #: What the page complained about.
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)[:200]))
        page.route("**/*", self._answer)

    @property
    def items(self) -> list[str]:
        """The items of the package, in its order."""
        return sorted(name for name in self._files if name.startswith("items/"))

    def play(self, item: str, chosen: Sequence[str]) -> Played:
        """Show an item anew, choose, have it scored."""
        self._page.goto(_PLACE)
        self._page.evaluate(
            "address => document.querySelector('item-container').setAttribute('item-url', address)",
            f"/{item}",
        )
        self._page.wait_for_function(_OPENED)
        return Played(**self._page.evaluate(_RESPOND, list(chosen)))

    def picture(self, path: Path) -> None:
        """Keep what is shown."""
        self._page.screenshot(path=path)

    def _answer(self, route: Route) -> None:
        name = route.request.url.removeprefix(_PLACE)
        content = self._content(name)
        if content is None:
            self.complaints.append(f"{name} is not there")
            route.fulfill(status=404)
            return
        kind = "text/html" if not name else mimetypes.guess_type(name)[0]
        route.fulfill(body=content, content_type=kind or "application/octet-stream")

    def _content(self, name: str) -> bytes | None:
        if not name:
            return _PAGE.encode()
        if name.startswith("node_modules/"):
            return (self._room / name).read_bytes()
        return b"" if name == "favicon.ico" else self._files.get(name)


@contextmanager
def a_player(package: Path, room: Path) -> Iterator[Player]:
    """Start a player on a package.

    Args:
        package: of QTI 3.0.
        room: where npm has put the player.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        page: Any = browser.new_page(viewport={"width": 480, "height": 640})
        page.set_default_timeout(10_000)
        yield Player(page, package, room)
        browser.close()
