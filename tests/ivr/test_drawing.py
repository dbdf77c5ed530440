from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree

import pytest

from app.ivr.drawing import flow_svg
from app.ivr.flow import FlowSet
from app.ivr.layout import forward, lay_out

SVG: Final = "{http://www.w3.org/2000/svg}"
FLOWS: Final = ("main", "complaint", "cancellation", "recall", "matter", "callback", "human", "when", "information")


def cards(picture: ElementTree.Element) -> Iterator[tuple[float, float, float, float]]:
    """Left, top, right and bottom of every card; the legend's little boxes are none."""
    for rect in picture.iter(f"{SVG}rect"):
        x, y, width, height = (float(rect.get(name, 0)) for name in ("x", "y", "width", "height"))
        if width > 20:
            yield x, y, x + width, y + height


@pytest.mark.parametrize("flow", FLOWS)
def test_no_card_lies_on_another_and_every_line_goes_down(flow: str, shipped_flows: FlowSet) -> None:
    picture = ElementTree.fromstring(flow_svg(shipped_flows, flow))

    drawn = list(cards(picture))
    overlapping = [
        (one, other)
        for number, one in enumerate(drawn)
        for other in drawn[:number]
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    ]
    assert overlapping == []
    assert len(drawn) == sum(name.startswith(f"{flow}.") for name in shipped_flows.nodes)
    lines = [path.get("d", "") for path in picture.iter(f"{SVG}path") if "way" in path.get("class", "")]
    heights = [[float(y) for y in re.findall(r"(?:[MV]|[\d.-]+ )(-?\d+)(?= C| V|$)", line)] for line in lines]
    assert all(ys == sorted(ys) and len(ys) > 1 for ys in heights), heights


def test_the_keys_of_a_menu_stand_on_its_card_before_silence(shipped_flows: FlowSet) -> None:
    picture = ElementTree.fromstring(flow_svg(shipped_flows, "complaint"))

    keys = [text.text for text in picture.iter(f"{SVG}text") if text.get("class") == "key"]
    remedy = keys.index("1 remedy_refund")
    assert keys[remedy : remedy + 6] == [
        *(
            f"{key} remedy_{what}"
            for key, what in enumerate(("refund", "repair", "replacement", "discount", "other"), 1)
        ),
        "no answer",
    ]


def test_a_way_back_is_no_line() -> None:
    assert forward({"a": ["b", "b"], "b": ["c", "a"], "c": ["b"]}) == {"a": ["b"], "b": ["c"], "c": []}


def test_lines_that_pass_a_layer_run_beside_its_nodes() -> None:
    layout = lay_out({"a": ["b", "c"], "b": ["c"], "c": []}, dict.fromkeys("abc", 100.0), 20.0)

    (passed,) = layout.lines["a", "c"]
    assert passed.layer == layout.nodes["b"].layer == 1
    assert abs(passed.x - layout.nodes["b"].x) > 50
