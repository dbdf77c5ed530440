"""Drawings of figures: readable as XML, with title, axes and every value."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from app.cli.simulation.svg import Series, bars


def test_a_drawing_has_title_axes_and_a_bar_for_each_value() -> None:
    drawn = bars(
        "Kept <in> time", places=["Mon", "Tue"], series=[Series("kept", [3, 0]), Series("late", [1, 2])],
        x_axis="day", y_axis="promises",
    )  # fmt: skip

    root = ElementTree.fromstring(drawn)
    words = [element.text for element in root.iter() if element.tag.endswith(("text", "title"))]
    assert {"Kept <in> time", "day", "promises", "kept", "late", "Mon", "Tue", "Mon: 3 kept", "Tue: 2 late"} <= set(
        words
    )
    assert "prefers-color-scheme:dark" in drawn


def test_nothing_to_draw_is_drawn_empty() -> None:
    assert bars("None", places=[], series=[Series("kept", [])], x_axis="x", y_axis="y").startswith("<svg")


def test_stacked_bars_stand_upon_one_another_and_the_axis_reaches_their_sum() -> None:
    drawn = bars(
        "Promises",
        places=["03-02"],
        series=[Series("kept", [60]), Series("late", [40])],
        x_axis="day",
        y_axis="promises",
        stacked=True,
    )
    drawn_bars = re.findall(r'y="([0-9.]+)" width="[0-9.]+" height="([0-9.]+)"', drawn)
    (lower, _), (upper, high) = [(float(y), float(tall)) for y, tall in drawn_bars[-2:]]

    assert lower == pytest.approx(upper + high, abs=0.2)
    assert ">100<" in drawn


def test_a_drawing_of_nothing_says_so() -> None:
    assert ">none<" in bars("Late", places=["1 h"], series=[Series("promises", [0])], x_axis="x", y_axis="y")
    assert ">none<" not in bars("Late", places=["1 h"], series=[Series("promises", [1])], x_axis="x", y_axis="y")
