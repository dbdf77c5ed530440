"""What a drawing tells of a node: what it does, and which answer leads where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.ivr.fields import Cases, Target
from app.ivr.flow import FlowNode
from app.ivr.nodes.branch import Branch
from app.ivr.nodes.confirm import Confirm
from app.ivr.nodes.end import End
from app.ivr.nodes.human import Human
from app.ivr.nodes.menu import Options
from app.ivr.nodes.set import SetAnswer

_SAID_OTHERWISE = {"next": "", "on_failure": "no answer", "otherwise": "else", "skip": "#", "yes": "yes", "no": "no"}
_LAST = "no answer"


class Sort(StrEnum):
    """What sort of thing a node does; each looks different."""

    SPEAKS = "speaks"
    ASKS = "asks"  # waits for the caller
    DECIDES = "decides"  # by what is known; the caller hears nothing
    OFFICE = "office"  # asks or orders something of the office
    HUMAN = "human"
    ENDS = "ends"


@dataclass(frozen=True, slots=True)
class Way:
    """One way on."""

    label: str  # "1 refund", "no answer", "" for the only one
    to: str  # full name


def sort_of(node: FlowNode) -> Sort:
    """What sort of thing a node does."""
    if isinstance(node, End):
        return Sort.ENDS
    if isinstance(node, Human):
        return Sort.HUMAN
    if node.waits:
        return Sort.ASKS
    if isinstance(node, Branch | SetAnswer):
        return Sort.DECIDES
    return Sort.SPEAKS if node.type in ("say", "hours") else Sort.OFFICE


def about(node: FlowNode) -> str:
    """What it does in a few words: the answer it looks at or keeps, the case it opens, the prompt it speaks."""
    if isinstance(node, Branch):
        return f"by {node.on}"
    if isinstance(node, SetAnswer):
        return f"{node.save} = {node.value or node.copy or 'nothing'}"
    told = getattr(node, "kind", "") or getattr(node, "level", "")
    if told:
        return str(told)
    if getattr(node, "save", ""):
        return f"keeps {getattr(node, 'save')}"  # noqa: B009 - not every node has it
    prompt = getattr(node, "prompt", ())
    return prompt if isinstance(prompt, str) else " + ".join(prompt)


def ways(node: FlowNode) -> list[Way]:
    """Every way on: keys first, silence last; answers that lead to the same place share one, but keys do not."""
    found: dict[tuple[str, str], list[str]] = {}
    for each in _ways(node):
        key = (each.to, each.label if each.label[:1].isdecimal() else "")
        found.setdefault(key, []).append(each.label)
    drawn = [Way(", ".join(dict.fromkeys(filter(None, labels))), to) for (to, _), labels in found.items()]
    return sorted(drawn, key=lambda way: (way.label[:1].isdecimal() is False, way.label.startswith(_LAST)))


def _ways(node: FlowNode) -> Iterator[Way]:
    for name, declared in node.declared():
        value = getattr(node, name)
        if isinstance(declared.kind, Options):
            for key, option in value.items():
                yield Way(f"{key} {option.purpose}", option.to)
                if option.then:
                    yield Way("and then", option.then)
        elif isinstance(declared.kind, Cases):
            for case, to in value.items():
                yield Way(case, to)
        elif isinstance(declared.kind, Target) and value:
            yield Way(_label(node, name), value)


def _label(node: FlowNode, field: str) -> str:
    if isinstance(node, Confirm) and field in ("yes", "no"):
        return {"yes": "1 yes", "no": "2 no"}[field]
    return _SAID_OTHERWISE.get(field, field)
