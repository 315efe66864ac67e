"""What a walkthrough expects, what it found, and the table a person can read (预期与结果)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table


class Different(AssertionError):
    """Something is not as it must be."""


def expect(what: str, found: object, wanted: object) -> None:
    """Compare one thing.

    Raises:
        Different: it is not as it must be.
    """
    if found != wanted:
        raise Different(f"{what}: found {found!r}, wanted {wanted!r}")


def expect_that(what: str, true: object) -> None:
    """Make sure that a statement holds.

    Raises:
        Different: it does not.
    """
    if not true:
        raise Different(f"{what}: it is not so")


@dataclass(kw_only=True)
class Step:
    """One step of the walkthrough."""

    chapter: str
    name: str
    #: What came of it, in words.
    result: str = ""
    ms: float = 0.0
    #: Whether all was as expected.
    well: bool = True


@dataclass(kw_only=True)
class Report:
    """All steps so far."""

    console: Console
    steps: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, chapter: str, name: str) -> Iterator[Step]:
        """Take one step; what it raises is noted in the report and raised on."""
        step = Step(chapter=chapter, name=name)
        self.steps.append(step)
        began = time.perf_counter()
        try:
            yield step
        except Exception as error:
            step.well = False
            step.result = f"{type(error).__name__}: {error}"
            raise
        finally:
            step.ms = (time.perf_counter() - began) * 1000

    def show(self, title: str) -> None:
        """Print the table."""
        table = Table(title=title, title_justify="left")
        table.add_column("", width=1)
        table.add_column("chapter", no_wrap=True)
        table.add_column("step", no_wrap=True)
        table.add_column("result", overflow="fold")
        table.add_column("ms", justify="right")
        chapter = ""
        for step in self.steps:
            if chapter and step.chapter != chapter:
                table.add_section()
            shown = step.chapter if step.chapter != chapter else ""
            chapter = step.chapter
            mark = "[green]✓[/]" if step.well else "[red]✗[/]"
            table.add_row(mark, shown, step.name, step.result, f"{step.ms:,.0f}")
        self.console.print(table)
