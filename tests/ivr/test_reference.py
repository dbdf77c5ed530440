from __future__ import annotations

from pathlib import Path

from app.ivr.nodes import node_types
from app.ivr.reference import reference


def test_the_reference_beside_the_flows_is_what_the_node_types_say() -> None:
    assert Path("ivr_flows/README.md").read_text(encoding="utf-8") == reference()


def test_every_node_type_and_field_is_explained() -> None:
    page = reference()

    assert [word for word in node_types() if f"### `{word}`" not in page] == []
    assert "| `max_tries` |  | whole number from 1 to 5 |" in page
