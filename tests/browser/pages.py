"""What every page of the apps is held to, and how its picture is kept; as cheaply as it can be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

#: Counts what a page has asked and not yet been told.
COUNTING = """(() => {
  const asked = fetch;
  globalThis.asking = 0;
  globalThis.fetch = async (...what) => {
    asking += 1;
    try {
      return await asked(...what);
    } finally {
      setTimeout(() => (asking -= 1), 0);
    }
  };
})();"""

_SETTLED = """async () => {
  for (let calm = 0; calm < 3; ) {
    await new Promise((done) => setTimeout(done, 25));
    calm = asking > 0 || document.querySelector("[data-loading]") ? 0 : calm + 1;
  }
}"""

#: The rules are read once by each document, and only what is wrong comes back. Rows of a table are
#: all made alike: the first ones are looked at.
_JUDGE = """async () => (await axe.run(
    { exclude: [["tbody > tr:nth-child(n+4)"], [".lines > li:nth-child(n+8)"]] },
    { resultTypes: ["violations"], selectors: false },
  )).violations
  .filter(({ impact }) => impact === "serious" || impact === "critical")
  .map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 140))])"""

#: Goes to the top, and lets the bars at the foot of the screen stand at the end of the page.
_UNROLLED = """() => {
  scrollTo(0, 0);
  const unrolled = new CSSStyleSheet();
  unrolled.replaceSync(".tabs, .exam-foot { position: static }");
  document.adoptedStyleSheets = [unrolled];
}"""


def settle(page: Page) -> None:
    """Wait until nothing is asked any more and the page says nowhere that it is reading.

    The page was opened with `COUNTING` among its scripts.
    """
    page.evaluate(_SETTLED)


def serious(page: Page) -> Any:
    """Return what keeps somebody from using the page: rules, and where they are broken."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(_JUDGE)


def photograph(page: Page, path: Path) -> None:
    """Keep a picture of the whole page, as far down as it goes, for people to look at.

    What keeps to the foot of the screen stands at the end: it would cover what is in the midst.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    page.evaluate(_UNROLLED)
    page.screenshot(path=path.with_suffix(".jpg"), type="jpeg", quality=80, full_page=True)
    page.evaluate("document.adoptedStyleSheets = []")
