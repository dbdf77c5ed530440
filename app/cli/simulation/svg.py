"""Small drawings of figures as SVG: bars and lines with title, axes and units, readable in light and in dark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

_WIDTH: Final = 760
_HEIGHT: Final = 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 16, 72, 64
_STYLE: Final = (
    "text{font:12px system-ui,sans-serif;fill:#1b1b1f}.t{font-size:16px;font-weight:600}.g{stroke:#8885;stroke-width:1}"
    ".s0{fill:#3b6fb5}.s1{fill:#b5483b}.s2{fill:#6f6f76}.b{fill:#fff}"
    "@media(prefers-color-scheme:dark){text{fill:#ececf1}.s0{fill:#8ab4f0}.s1{fill:#f09a8a}.s2{fill:#a9a9b2}.b{fill:#17171b}}"
)


@dataclass(frozen=True, slots=True)
class Series:
    """One row of bars."""

    name: str
    values: Sequence[float]


def bars(
    title: str, *, places: Sequence[str], series: Sequence[Series], x_axis: str, y_axis: str, stacked: bool = False
) -> str:
    """Bars for each place on the x axis; where nothing is to be drawn, the drawing says "none".

    Args:
        x_axis: what the places are, with the unit.
        y_axis: what the bars count, with the unit.
        stacked: one upon the other, the first at the bottom; else side by side.
    """
    columns = list(zip(*(each.values for each in series), strict=True))
    highest = max((sum(column) if stacked else max(column) for column in columns), default=0)
    is_empty, highest = not highest, highest or 1
    step = _round_step(highest)
    top = step * -(-highest // step)
    inner, tall = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    wide = inner / max(1, len(places))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(title)}"><style>{_STYLE}</style><rect class="b" width="100%" height="100%"/>',
        f'<text class="t" x="{_LEFT}" y="24">{escape(title)}</text>',
    ]
    parts += _legend(series)
    parts += _grid(top, step, tall)
    bar = wide * 0.8 / (1 if stacked else len(series))
    for number, each in enumerate(series):
        for place, value in enumerate(each.values):
            high, below = tall * value / top, tall * sum(columns[place][:number]) / top if stacked else 0.0
            x = _LEFT + place * wide + wide * 0.1 + (0 if stacked else number * bar)
            parts.append(
                f'<rect class="s{number}" x="{x:.1f}" y="{_TOP + tall - below - high:.1f}" width="{bar:.1f}" '
                f'height="{high:.1f}"><title>{escape(places[place])}: {value:g} {escape(each.name)}</title></rect>'
            )
    if is_empty:
        parts.append(f'<text x="{_LEFT + inner / 2}" y="{_TOP + tall / 2}" text-anchor="middle">none</text>')
    every = max(1, -(-len(places) // 16))
    for place in range(0, len(places), every):
        x = _LEFT + (place + 0.5) * wide
        parts.append(f'<text x="{x:.1f}" y="{_TOP + tall + 18}" text-anchor="middle">{escape(places[place])}</text>')
    parts.append(f'<text x="{_LEFT + inner / 2}" y="{_HEIGHT - 16}" text-anchor="middle">{escape(x_axis)}</text>')
    middle = _TOP + tall / 2
    parts.append(
        f'<text transform="translate(16 {middle}) rotate(-90)" text-anchor="middle">{escape(y_axis)}</text></svg>\n'
    )
    return "".join(parts)


def _legend(series: Sequence[Series]) -> list[str]:
    found, x = [], _LEFT
    for number, each in enumerate(series):
        found.append(f'<rect class="s{number}" x="{x}" y="38" width="12" height="12"/>')
        found.append(f'<text x="{x + 18}" y="49">{escape(each.name)}</text>')
        x += 34 + 7 * len(each.name)
    return found


def _grid(top: float, step: float, tall: float) -> list[str]:
    found, value = [], 0.0
    while value <= top + step / 1000:
        y = _TOP + tall * (1 - value / top)
        found.append(f'<line class="g" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        found.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>')
        value += step
    return found


def _round_step(highest: float) -> float:
    """A round distance between lines, of which there are at most six."""
    size = 1.0
    while True:
        for step in (size, 2 * size, 5 * size):
            if highest / step <= 6:
                return step
        size *= 10
