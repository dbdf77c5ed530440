"""Draws a flow as SVG: a card for each node, from the top down, with what leads where.

Lines go down only. A way back up, or into another flow, stands on the card by its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from app.ivr.drawn_ways import Sort, about, sort_of, ways
from app.ivr.flow import FlowNode, FlowSet
from app.ivr.layout import Layout, forward, lay_out

_NAME: Final = 25  # pixels
_DETAIL: Final = 15  # what the node does
_ROW: Final = 17
_FOOT: Final = 7
_DOWN: Final = 46  # between layers
_GAP: Final = 26  # between cards
_MARGIN: Final = 28
_LEGEND: Final = 54
_LETTER: Final = 6.3  # width of one at 11 px
_WIDEST: Final = 38  # letters on one line of a card

_LOOKS: Final = {
    Sort.SPEAKS: ("#e6f0f7", "#2f6690", "#16324a", "#7fb6dc", "speaks"),
    Sort.ASKS: ("#fdf1d6", "#9a6700", "#3d3014", "#e9bd5f", "asks the caller"),
    Sort.DECIDES: ("#eef0f1", "#6b757b", "#272d31", "#98a3a9", "looks or notes"),
    Sort.OFFICE: ("#e3f3e6", "#2f7d47", "#17361f", "#7fcf96", "the office acts"),
    Sort.HUMAN: ("#efe6fa", "#6b3fb0", "#2d1f47", "#bd9bf0", "a human"),
    Sort.ENDS: ("#fbe4e2", "#b3261e", "#43191b", "#f0938c", "the call ends"),
}
"""Sort → fill and line in the light, fill and line in the dark, what the legend says."""

_STYLE: Final = """\
svg{color-scheme:light dark;background:#fff}text{font:11px system-ui,sans-serif;fill:#1b2124}
.name{font-weight:650;font-size:12.5px}.type{fill:#566066}.key{font-weight:650}.to{fill:#566066;text-anchor:end}
.up{fill:#663aa8}.out{fill:#0b5f66}.way{fill:none;stroke:#8a949a;stroke-width:1.3}.weak{stroke-dasharray:4 3}
.tip{fill:#8a949a}.rule{stroke:#00000022}.title{font-size:16px;font-weight:650}
@media (prefers-color-scheme:dark){svg{background:#15181a}text{fill:#e6eaec}.type,.to{fill:#a3adb3}.up{fill:#c6a8ff}
.out{fill:#5cc3cb}.way{stroke:#77828a}.tip{fill:#77828a}.rule{stroke:#ffffff2e}}
"""


@dataclass(frozen=True, slots=True)
class _Card:
    """One node as it is drawn."""

    name: str
    node: FlowNode
    shown: str
    detail: str
    rows: tuple[tuple[str, str, str], ...]  # answer, what is written for where it leads, how that looks
    width: float

    @property
    def header(self) -> float:
        """How high the part above the rows is."""
        return _NAME + (_DETAIL if self.detail else 0)

    @property
    def height(self) -> float:
        """How high it is in all."""
        return self.header + (_ROW * len(self.rows) + _FOOT if self.rows else 0)


def flow_svg(flows: FlowSet, flow: str) -> str:
    """The picture of one flow."""
    inside = {name: node for name, node in flows.nodes.items() if _flow_of(name) == flow}
    ahead = forward(
        {name: [to for to in dict.fromkeys(node.targets()) if to in inside] for name, node in inside.items()}
    )
    cards = {name: _card(flow, node, ahead[name], _entered(flows, name)) for name, node in inside.items()}
    layout = lay_out(ahead, {name: card.width for name, card in cards.items()}, _GAP)
    tops = _tops(layout, cards)
    width = max(layout.width + 2 * _MARGIN, 6 * 128 + 2 * _MARGIN)
    shift = (width - layout.width) / 2
    height = max(tops[place.layer] + cards[name].height for name, place in layout.nodes.items()) + _MARGIN
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" role="img" aria-label="flow {escape(flow)}">\n<style>{_STYLE}{_colours()}</style>\n',
        *_legend(flow),
        *_lines(layout, cards, tops, shift),
        *(line for card in cards.values() for line in _drawn(card, layout, tops, shift)),
        "</svg>\n",
    )
    return "".join(parts)


def _flow_of(name: str) -> str:
    return name.partition(".")[0]


def _entered(flows: FlowSet, name: str) -> list[str]:
    """From which other flows calls come here."""
    found = (_flow_of(each.name) for each in flows.nodes.values() if name in each.targets())
    return sorted({flow for flow in found if flow != _flow_of(name)})


def _card(flow: str, node: FlowNode, drawn: list[str], entered: list[str]) -> _Card:
    rows = []
    for way in ways(node):
        inside = _flow_of(way.to) == flow
        shown = way.to.partition(".")[2] if inside else way.to
        if way.to in drawn and not way.label:
            continue  # the line tells it
        look = "to" if way.to in drawn else "to up" if inside else "to out"
        mark = "→" if way.to in drawn else "↑" if inside else "⇒"
        rows.append((way.label, f"{mark} {shown}", look))
    if entered:
        rows.append(("", f"⇒ from {', '.join(entered)}", "in"))
    shown, detail = node.name.partition(".")[2], _short(about(node))
    title = len(shown) * 1.15 + len(node.type) + 3
    letters = max(title, len(detail), *(len(label) * 1.1 + len(to) + 3 for label, to, _ in rows), 14)
    return _Card(node.name, node, shown, detail, tuple(rows), min(letters, 46) * _LETTER + 20)


def _short(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def _tops(layout: Layout, cards: Mapping[str, _Card]) -> list[float]:
    """Where each layer begins; it is as high as its highest card."""
    heights = [0.0] * (max(place.layer for place in layout.nodes.values()) + 1)
    for name, place in layout.nodes.items():
        heights[place.layer] = max(heights[place.layer], cards[name].height)
    tops, at = [], float(_MARGIN + _LEGEND)
    for height in heights:
        tops.append(at)
        at += height + _DOWN
    return tops


def _colours() -> str:
    light = "".join(f".{sort}{{fill:{fill};stroke:{line}}}" for sort, (fill, line, _, _, _) in _LOOKS.items())
    dark = "".join(f".{sort}{{fill:{fill};stroke:{line}}}" for sort, (_, _, fill, line, _) in _LOOKS.items())
    return f"{light}@media (prefers-color-scheme:dark){{{dark}}}"


def _legend(flow: str) -> Iterator[str]:
    yield f'<text class="title" x="{_MARGIN}" y="{_MARGIN + 4}">{escape(flow)}</text>\n'
    for number, (sort, look) in enumerate(_LOOKS.items()):
        x = _MARGIN + number * 128
        yield f'<rect class="{sort}" x="{x}" y="{_MARGIN + 16}" width="16" height="12" rx="3"/>'
        yield f'<text class="type" x="{x + 22}" y="{_MARGIN + 26}">{look[4]}</text>\n'


def _lines(layout: Layout, cards: Mapping[str, _Card], tops: list[float], shift: float) -> Iterator[str]:
    """One line from a card to each it leads to, side by side in the order of where they go."""
    for name, card in cards.items():
        goals = sorted((ends for ends in layout.lines if ends[0] == name), key=lambda ends: _first_x(layout, ends))
        for number, ends in enumerate(goals):
            start = layout.nodes[name]
            x = start.x + shift + card.width * ((number + 1) / (len(goals) + 1) - 0.5) * 0.7
            y = tops[start.layer] + card.height
            path = [f"M{x:.0f} {y:.0f}"]
            for place in (*layout.lines[ends], layout.nodes[ends[1]]):
                to_x, to_y = place.x + shift, tops[place.layer]
                bend = min((to_y - y) / 2, _DOWN)
                path.append(
                    f"C{x:.0f} {to_y - _DOWN + bend / 2:.0f} {to_x:.0f} {to_y - bend / 2:.0f} {to_x:.0f} {to_y:.0f}"
                )
                x, y = to_x, to_y
                if place.layer != layout.nodes[ends[1]].layer:
                    y = tops[place.layer + 1] - _DOWN
                    path.append(f"V{y:.0f}")
            yield f'<path class="way{_weak(card.node, ends[1])}" d="{" ".join(path)}"/>'
            yield f'<path class="tip" d="M{x - 4:.0f} {y - 7:.0f}h8l-4 7z"/>\n'


def _first_x(layout: Layout, ends: tuple[str, str]) -> float:
    return (*layout.lines[ends], layout.nodes[ends[1]])[0].x


def _weak(node: FlowNode, to: str) -> str:
    """Dashed, where only silence leads there."""
    labels = {way.label for way in ways(node) if way.to == to}
    return " weak" if labels == {"no answer"} else ""


def _drawn(card: _Card, layout: Layout, tops: list[float], shift: float) -> Iterator[str]:
    place = layout.nodes[card.name]
    x, y = place.x + shift - card.width / 2, tops[place.layer]
    left, right = x + 9, x + card.width - 9
    yield (
        f'<rect class="{sort_of(card.node)}" x="{x:.0f}" y="{y:.0f}" width="{card.width:.0f}" '
        f'height="{card.height:.0f}" rx="8"/>'
    )
    yield f'<text class="name" x="{left:.0f}" y="{y + 17:.0f}">{escape(card.shown)}</text>'
    yield f'<text class="to" x="{right:.0f}" y="{y + 17:.0f}">{escape(card.node.type)}</text>'
    if card.detail:
        yield f'<text class="type" x="{left:.0f}" y="{y + 32:.0f}">{escape(card.detail)}</text>\n'
    if card.rows:
        yield f'<path class="rule" d="M{x:.0f} {y + card.header:.0f}h{card.width:.0f}"/>'
    for number, (label, to, look) in enumerate(card.rows, 1):
        base = y + card.header + number * _ROW - 3
        if look == "in":
            yield f'<text class="out" x="{left:.0f}" y="{base:.0f}">{escape(to)}</text>\n'
            continue
        yield f'<text class="key" x="{left:.0f}" y="{base:.0f}">{escape(label)}</text>'
        yield f'<text class="{look}" x="{right:.0f}" y="{base:.0f}">{escape(to)}</text>\n'
