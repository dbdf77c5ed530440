"""The reference of the node types, written from their docstrings and declared fields."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from app.ivr.checks import MAX_OPTIONS
from app.ivr.flow import FlowNode
from app.ivr.interpreter import MAX_WAITS
from app.ivr.nodes import node_types

_HEAD = f"""\
# What callers hear and press

No code here. `<flow>.yaml` holds one flow: named nodes, each of one type. A call begins at the first node of the flow
that `hotline.yaml` names, `main`. What is spoken stands in `prompts/<language>.yaml`, every prompt in every language.

`scripts/hotline flows check` tells what is wrong, with file, line and column; `flows draw` draws each flow;
`flows play` is a call in the terminal. This page is written by `scripts/hotline flows reference`; change the
docstrings in `app/ivr/nodes/` instead.

## What holds everywhere

- **Where a node leads:** the name of a node of the same file, `flow.node`, or the name of a flow for its first node.
- **Keys that count anywhere:** 0 leads to a human or a promise (the first node of `human.yaml`), 9 repeats, 6 to 8
  change to the hotline's other languages. So menus have keys 1 to {MAX_OPTIONS}, and nothing is entered in one digit.
- **Bounded tries:** every node that waits asks `max_tries` times, silence and wrong keys alike, then goes on at
  `on_failure`. After {MAX_WAITS} waits in one call a human takes over.
- **Purpose before key:** a menu names the purpose of an option; "press 1" is added by the prompt `press`.
- **Words instead of keys:** each option has a choice under `words:` in the prompt files; without `words`, the choice
  is called like the option's `value`, else like its `purpose`.
- **Slots:** `{{name}}` in a prompt is filled with the answer kept under that name.
- **A correction** (`then`): the call makes a detour to one node and comes back.

## Node types
"""


def reference() -> str:
    """The page `ivr_flows/README.md`."""
    return _HEAD + "".join(_section(word, node_type) for word, node_type in node_types().items())


def _section(word: str, node_type: type[FlowNode]) -> str:
    text = inspect.getdoc(node_type) or ""
    return f"\n### `{word}`\n\n{text}\n\n" + "".join(_rows(node_type))


def _rows(node_type: type[FlowNode]) -> Iterator[str]:
    yield "| field | | is | means |\n| --- | --- | --- | --- |\n"
    for name, each in sorted(node_type.declared(), key=lambda each: not each[1].required):
        yield f"| `{name}` | {'needed' if each.required else ''} | {each.kind.words} | {each.about} |\n"
