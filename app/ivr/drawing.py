"""Draws a flow as SVG: one row for each step from the flow's first node, ways on as arrows."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from app.ivr.flow import FlowSet

WIDTH, HEIGHT = 168, 44  # of a box, in pixels
ACROSS, DOWN = 196, 92  # from box to box
MARGIN = 24

_HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" \
aria-label="flow {flow}">
<style>text{{font:12px sans-serif;text-anchor:middle}} .type{{font-size:10px;fill:#555}} .box{{fill:#eef3fb;\
stroke:#35507a}} .waits{{fill:#fdf3dc;stroke:#8a6414}} .other{{fill:#fff;stroke:#777;stroke-dasharray:4 3}} \
.way{{fill:none;stroke:#667;marker-end:url(#tip)}} .back{{stroke:#b58;stroke-dasharray:5 3}}</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">\
<path d="M0 0 8 4 0 8z" fill="#667"/></marker></defs>
<rect width="100%" height="100%" fill="#fff"/>
"""


def flow_svg(flows: FlowSet, flow: str) -> str:
    """The picture of one flow; nodes of other flows to which it leads have dashed frames."""
    rows = _rows(flows, flow)
    places = {
        name: (MARGIN + x * ACROSS, MARGIN + y * DOWN) for y, row in enumerate(rows) for x, name in enumerate(row)
    }
    width = 2 * MARGIN + (max(len(row) for row in rows) - 1) * ACROSS + WIDTH
    height = 2 * MARGIN + (len(rows) - 1) * DOWN + HEIGHT
    head = _HEAD.format(width=width, height=height, flow=escape(flow))
    return head + "".join((*_ways(flows, flow, places), *_boxes(flows, flow, places))) + "</svg>\n"


def _rows(flows: FlowSet, flow: str) -> list[list[str]]:
    """The nodes by their distance from the first one; those of other flows stand where they are first met.

    What is reached only through another flow begins anew below, in the order of the file.
    """
    rows: list[list[str]] = []
    seen: set[str] = set()
    for begin in (name for name in flows.nodes if _is_inside(flow, name)):
        row = [] if begin in seen else [begin]
        while row:
            seen.update(row)
            rows.append(row)
            ahead = [to for name in row if _is_inside(flow, name) for to in flows.nodes[name].targets()]
            row = [to for to in dict.fromkeys(ahead) if to not in seen]
    return rows


def _is_inside(flow: str, name: str) -> bool:
    return name.partition(".")[0] == flow


def _boxes(flows: FlowSet, flow: str, places: dict[str, tuple[int, int]]) -> Iterator[str]:
    for name, (x, y) in places.items():
        node = flows.nodes[name]
        look = "other" if not _is_inside(flow, name) else "waits" if node.waits else "box"
        shown = name.partition(".")[2] if _is_inside(flow, name) else name
        yield f'<rect class="{look}" x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="7"/>\n'
        yield f'<text x="{x + WIDTH // 2}" y="{y + 19}">{escape(shown)}</text>\n'
        yield f'<text class="type" x="{x + WIDTH // 2}" y="{y + 35}">{escape(node.type)}</text>\n'


def _ways(flows: FlowSet, flow: str, places: dict[str, tuple[int, int]]) -> Iterator[str]:
    for name, (x, y) in places.items():
        for to in dict.fromkeys(flows.nodes[name].targets()) if _is_inside(flow, name) else ():
            if to not in places:
                continue
            to_x, to_y = places[to]
            middle, end = x + WIDTH // 2, to_x + WIDTH // 2
            if to_y > y:
                bend = (to_y - y - HEIGHT) // 2
                yield (
                    f'<path class="way" d="M{middle} {y + HEIGHT} C{middle} {y + HEIGHT + bend} '
                    f'{end} {to_y - bend} {end} {to_y}"/>\n'
                )
            elif to_y == y:  # in the same row: a bow below
                low = y + HEIGHT
                yield f'<path class="way" d="M{middle} {low} C{middle} {low + 30} {end} {low + 30} {end} {low}"/>\n'
            else:  # back up: along the right side
                side = max(x, to_x) + WIDTH + 18
                yield (
                    f'<path class="way back" d="M{x + WIDTH} {y + HEIGHT // 2} C{side} {y + HEIGHT // 2} '
                    f'{side} {to_y + HEIGHT // 2} {to_x + WIDTH} {to_y + HEIGHT // 2}"/>\n'
                )
