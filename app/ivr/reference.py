"""The reference of the node types, written from their docstrings and declared fields."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from app.domain.competence import CASE_KINDS
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
  change to the hotline's other languages, * makes every prompt slow and plain and waits twice as long, * again undoes
  it (also in words: "slower please", "plain language"; remembered for the number). So menus have keys 1 to
  {MAX_OPTIONS}, and nothing is entered in one digit.
- **Bounded tries:** every node that waits asks `max_tries` times, silence and wrong keys alike, then goes on at
  `on_failure`. After {MAX_WAITS} waits in one call a human takes over.
- **Purpose before key:** a menu names the purpose of an option; "press 1" is added by the prompt `press`.
- **Words instead of keys:** each option has a choice under `words:` in the prompt files; without `words`, the choice
  is called like the option's `value`, else like its `purpose`.
- **Slots:** `{{name}}` in a prompt is filled with the answer kept under that name.
- **Other words for a prompt:** `plain:` in a prompt file holds those in plain language, `texted:` those of a
  conversation by text messages, where they must differ. In the latter, options stand on lines of their own, and every
  value is written as one writes.
- **A correction** (`then`): the call makes a detour to one node and comes back.

## Who is on duty

`staffing` in `hotline.yaml` lists the shifts that deadlines are planned with. Without it everybody of the office with a
telephone counts, by the languages and skills of `scripts/hotline staff add`, whenever the hotline is open.

    staffing:
      - {{people: 3, languages: [de, en], skills: [complaint, recall], hours: {{mon-fri: 08:00-14:00}}}}
      - {{people: 2}}

| of a shift | | is | means |
| --- | --- | --- | --- |
| `people` | needed | whole number from 1 to 10000 | how many are on duty at the same time |
| `languages` | | list of the hotline's languages | what they speak with customers; without it all of them |
| `skills` | | list of {", ".join(f"`{kind}`" for kind in CASE_KINDS)} | kinds of case they handle; without it all |
| `hours` | | days and hours, as for `opening` | when, by the hotline's clock; without it while it is open |

A promise needs somebody with its language and its kind of case. If nobody of all shifts has both, anybody who speaks
the language will do, and if nobody speaks it, anybody: a promise to nobody would never be kept.

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
