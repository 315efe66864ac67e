"""Charts as SVG text, for a page that asks nothing of other hosts (图表)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

#: The size of a chart in its own units, and the room around what is drawn.
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 960, 280, 64, 12, 34, 30


#: A line pauses where nothing was measured for longer than this part of the whole.
GAPS = 40


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a chart."""

    name: str
    #: The name of its colour among the page's own.
    colour: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, kw_only=True)
class Band:
    """A stretch of time with a name."""

    name: str
    begin: float
    end: float


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Lines over the seconds of a drill."""

    title: str
    unit: str
    lines: Sequence[Line]
    bands: Sequence[Band]
    #: Whether each tenfold takes the same height, for what differs by much.
    tenfold: bool = False
    #: A height that is marked, in the unit, and what it means.
    mark: tuple[float, str] | None = None
    #: The least that the scale reaches up to.
    at_least: float = 1.0

    def svg(self) -> str:
        """Return the chart as SVG."""
        label = escape(f"{self.title}（{self.unit}）")
        parts = [*self._bands(), *self._grid(), *self._mark(), *map(self._line, self.lines)]
        return (
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">'
            f"{''.join(parts)}</svg>"
        )

    @property
    def seconds(self) -> float:
        """How long it is."""
        return max((band.end for band in self.bands), default=1.0)

    @property
    def top(self) -> float:
        """The value at the upper end of the scale: a round number above all values."""
        highest = max((y for line in self.lines for _, y in line.points), default=0.0)
        highest = max(highest, self.at_least, self.mark[0] if self.mark else 0.0)
        power = 10.0 ** math.floor(math.log10(highest))
        steps = (1, 10) if self.tenfold else (1, 1.5, 2, 3, 5, 8, 10)
        return next(step * power for step in steps if step * power >= highest * 0.9999)

    def x(self, second: float) -> float:
        """Return where a second stands."""
        share = min(1.0, max(0.0, second / self.seconds))
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        """Return where a value stands."""
        if self.tenfold:
            share = math.log10(max(1.0, value)) / max(1.0, math.log10(self.top))
        else:
            share = value / self.top
        return round(HEIGHT - BOTTOM - min(1.0, share) * (HEIGHT - TOP - BOTTOM), 1)

    def _bands(self) -> Iterator[str]:
        for number, band in enumerate(self.bands):
            left, width = self.x(band.begin), self.x(band.end) - self.x(band.begin)
            shade = "band" if number % 2 else "band odd"
            yield (
                f'<rect class="{shade}" x="{left}" y="{TOP}" width="{width:.1f}" '
                f'height="{HEIGHT - TOP - BOTTOM}"/>'
            )
            # Narrow bands carry their names on two heights, so that neighbours do not touch.
            height = 13 if number % 2 else 27
            yield (
                f'<text class="name" x="{left + width / 2:.1f}" y="{height}" '
                f'text-anchor="middle">{escape(band.name)}</text>'
            )

    def _grid(self) -> Iterator[str]:
        for value in self._steps():
            y = self.y(value)
            yield f'<path class="grid" d="M{LEFT} {y}H{WIDTH - RIGHT}"/>'
            yield f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{value:,.4g}</text>'
        yield f'<text x="{LEFT}" y="{HEIGHT - 8}">0 s</text>'
        yield (
            f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 8}" text-anchor="end">'
            f"{self.seconds:,.0f} s</text>"
        )

    def _steps(self) -> list[float]:
        if self.tenfold:
            return [10.0**power for power in range(round(math.log10(self.top)) + 1)]
        return [self.top * part / 4 for part in range(5)]

    def _mark(self) -> Iterator[str]:
        if self.mark:
            y = self.y(self.mark[0])
            yield f'<path class="mark" d="M{LEFT} {y}H{WIDTH - RIGHT}"/>'
            yield (
                f'<text class="marked" x="{WIDTH - RIGHT - 4}" y="{y - 5}" text-anchor="end">'
                f"{escape(self.mark[1])}</text>"
            )

    def _line(self, line: Line) -> str:
        path, last = [], -math.inf
        for second, value in line.points:
            # Where nothing was measured for a while, the line pauses.
            move = "M" if second - last > self.seconds / GAPS else "L"
            path.append(f"{move}{self.x(second)} {self.y(value)}")
            last = second
        return f'<path class="line {line.colour}" d="{"".join(path)}"/>'
