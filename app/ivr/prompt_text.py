"""The text of one prompt: constant parts, slots `{name}` or `{name:spec}`, and parts in `[brackets]`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from app.domain.yaml_source import Fault, Node
from app.ivr.spoken import SPECS

_SLOT: Final = re.compile(r"\{([a-z][a-z0-9_]*)(?::([a-z]+))?\}", re.ASCII)
_BRACKETS: Final = re.compile(r"\[|\]")

SLOT_SPECS: Final = (*SPECS, "prompt")
"""What a slot may ask for; `prompt` is the name of another prompt, or text for which there is none."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A gap in a prompt and how its value is put into words."""

    name: str
    spec: str


@dataclass(frozen=True, slots=True)
class Maybe:
    """A part that is left out while one of its slots is empty; parts may lie in parts."""

    parts: Fragments


Fragments: TypeAlias = "tuple[str | Slot | Maybe, ...]"


def parse_prompt(node: Node, faults: list[Fault]) -> Fragments:
    """The parts of a prompt; what is wrong is added to `faults`."""
    if not node.is_text or not node.text().strip():
        faults.append(node.fault("a prompt needs words; write them, or remove the prompt in every language"))
        return ()
    levels: list[list[str | Slot | Maybe]] = [[]]
    text = node.text()
    end = 0
    for sign in _BRACKETS.finditer(text):
        levels[-1].extend(_slots_and_text(text[end : sign.start()], node, faults))
        end = sign.end()
        if sign[0] == "[":
            levels.append([])
        elif len(levels) > 1:
            inner = tuple(levels.pop())
            levels[-1].append(Maybe(inner))
            if not any(isinstance(part, Slot) for part in inner):
                faults.append(node.fault("a part in [brackets] without a slot of its own is never left out"))
        else:
            faults.append(node.fault("a ] without its ["))
    if len(levels) > 1:
        faults.append(node.fault("a [ without its ]"))
    levels[0].extend(_slots_and_text(text[end:], node, faults))
    return tuple(levels[0])


def slots_in(fragments: Fragments) -> Iterator[Slot]:
    """Every slot of a prompt, in order, also those that may be left out."""
    for part in fragments:
        if isinstance(part, Slot):
            yield part
        elif isinstance(part, Maybe):
            yield from slots_in(part.parts)


def _slots_and_text(text: str, node: Node, faults: list[Fault]) -> Iterator[str | Slot]:
    end = 0
    for found in _SLOT.finditer(text):
        if found.start() > end:
            yield _constant(text[end : found.start()], node, faults)
        spec = found[2] or "plain"
        if spec not in SLOT_SPECS:
            faults.append(node.fault(f"{found[0]}: {spec!r} is not known; known are {', '.join(SLOT_SPECS)}"))
        yield Slot(found[1], spec)
        end = found.end()
    if end < len(text):
        yield _constant(text[end:], node, faults)


def _constant(text: str, node: Node, faults: list[Fault]) -> str:
    if "{" in text or "}" in text:
        faults.append(node.fault("a brace that opens or closes no slot; write {name} or {name:spec}"))
    return text
