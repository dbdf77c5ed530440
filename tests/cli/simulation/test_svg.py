"""Drawings of figures: readable as XML, with title, axes and every value."""

from __future__ import annotations

from xml.etree import ElementTree

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
