"""Plots as inline SVG: pure functions, numbers in and markup out, every text escaped.

Colours come from the page's style sheet through classes, so a plot follows light and dark.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ui.render import escape

_WIDTH = 400  # units of the drawing; the page scales it
_ROW = 26
_LETTER = 6.6  # width that a letter takes at most, of the sizes in the style sheet
_HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 240, 50, 40, 12, 18
_LONGEST = 18  # characters of a name; the whole one is in its tooltip
_STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)
Scale = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Row:
    """One bar from 0: its value, the interval around it if known, and how to write the value."""

    name: str
    value: float
    low: float | None
    high: float | None
    words: str
    detail: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A point from (0, 0) to (1, 1) with the words of its tooltip; `weight` is its share of all."""

    x: float
    y: float
    detail: str
    weight: float = 0.0


def bars(title: str, rows: Sequence[Row], most: float = 1.0) -> str:
    """Horizontal bars with intervals, from 0 to `most`; at least one."""
    height = _ROW * len(rows) + 24
    left = 12 + _LETTER * min(max(len(row.name) for row in rows), _LONGEST)
    right = _WIDTH - 16 - _LETTER * max(len(row.words) for row in rows)

    def across(value: float) -> float:
        return left + (right - left) * min(value / most, 1.0)

    parts = [
        f'<line class="grid" x1="{across(step * most):.1f}" x2="{across(step * most):.1f}" '
        f'y1="4" y2="{height - 20}"/>'
        for step in _STEPS
    ]
    for number, row in enumerate(rows):
        middle = 4 + _ROW * number + _ROW / 2
        parts.append(_bar(row, middle, across))
    ends = (0.0, 1.0) if most == 1.0 else ()
    parts += [_text(across(step), height - 6, f"{step:.0%}", "tick middle") for step in ends]
    return _svg(title, height, parts)


def _bar(row: Row, middle: float, across: Scale) -> str:
    start = across(0)
    whisker = ""
    if row.low is not None and row.high is not None:
        low, high = across(row.low), across(row.high)
        whisker = (
            f'<path class="whisker" d="M{low:.1f} {middle - 4:.1f}v8M{low:.1f} {middle:.1f}'
            f'H{high:.1f}M{high:.1f} {middle - 4:.1f}v8"/>'
        )
    name = row.name if len(row.name) <= _LONGEST else row.name[: _LONGEST - 1] + "…"
    return (
        f"<g><title>{escape(row.detail)}</title>"
        + _text(start - 8, middle + 4, name, "name end")
        + f'<rect class="bar" x="{start:.1f}" y="{middle - 7:.1f}" rx="1.5" '
        f'width="{max(across(row.value) - start, 0.5):.1f}" height="14"/>{whisker}'
        + _text(_WIDTH - 2, middle + 4, row.words, "value end")
        + "</g>"
    )


def curve(title: str, dots: Sequence[Dot], across: str, up: str) -> str:
    """A line through points, in their order, over axes from 0 to 1."""
    path = "".join(
        f"{'L' if number else 'M'}{_x(dot.x):.1f} {_y(dot.y):.1f}"
        for number, dot in enumerate(dots)
    )
    marks = [_dot(dot, 2.5) for dot in dots]
    return _svg(title, _HEIGHT, [*_axes(across, up), f'<path class="line" d="{path}"/>', *marks])


def reliability(title: str, dots: Sequence[Dot], across: str, up: str) -> str:
    """Points around the diagonal on which they should lie, larger where they stand for more."""
    diagonal = f'<path class="ideal" d="M{_x(0):.1f} {_y(0):.1f}L{_x(1):.1f} {_y(1):.1f}"/>'
    falls = [
        f'<path class="fall" d="M{_x(dot.x):.1f} {_y(dot.x):.1f}V{_y(dot.y):.1f}"/>' for dot in dots
    ]
    marks = [_dot(dot, 3 + 9 * dot.weight**0.5) for dot in dots]
    return _svg(title, _HEIGHT, [*_axes(across, up), diagonal, *falls, *marks])


def _x(value: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * value


def _y(value: float) -> float:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - value)


def _dot(dot: Dot, radius: float) -> str:
    return (
        f'<circle class="dot" cx="{_x(dot.x):.1f}" cy="{_y(dot.y):.1f}" r="{radius:.1f}">'
        f"<title>{escape(dot.detail)}</title></circle>"
    )


def _axes(across: str, up: str) -> list[str]:
    parts = []
    for step in _STEPS:
        parts += [
            f'<path class="grid" d="M{_x(0):.1f} {_y(step):.1f}H{_x(1):.1f}"/>',
            _text(_LEFT - 6, _y(step) + 4, f"{step:.0%}", "tick end"),
            _text(_x(step), _HEIGHT - _BOTTOM + 16, f"{step:.0%}", "tick middle"),
        ]
    parts.append(_text(_x(0.5), _HEIGHT - 5, across, "axis middle"))
    turned = f'<g transform="translate(10 {_y(0.5):.1f}) rotate(-90)">'
    parts.append(f"{turned}{_text(0, 0, up, 'axis middle')}</g>")
    return parts


def _text(x: float, y: float, words: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>'


def _svg(title: str, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height:.0f}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )
