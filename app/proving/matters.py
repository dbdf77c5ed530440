"""What of the answers a call's way depends on: all else is left out, so that there are finitely many states.

An answer that no node ahead looks at is forgotten. Of the others one value stands for all that lead the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, TypeAlias

from app.ivr.fields import Kind
from app.ivr.flow import FlowNode, FlowSet
from app.ivr.graph import detours
from app.ivr.nodes.branch import Branch
from app.ivr.nodes.cancel import Cancel
from app.ivr.nodes.feedback_reply import FeedbackReply
from app.ivr.nodes.human import Human
from app.ivr.nodes.look_up import LookUp
from app.ivr.nodes.matter import Matter
from app.ivr.nodes.move import Move
from app.ivr.nodes.promise import PromiseCallback
from app.ivr.nodes.rate import Rate
from app.ivr.nodes.read_back import ReadBack
from app.ivr.nodes.recall_reply import RecallReply
from app.ivr.nodes.record import CONSENTED, RecordStory
from app.ivr.nodes.set import SetAnswer
from app.ivr.nodes.suspend_charge import SuspendCharge
from app.ivr.nodes.text import TextMessage
from app.ivr.nodes.topic import KnownTopic

Kept: TypeAlias = tuple[tuple[str, Any], ...]  # answers that matter, in alphabetical order
Look: TypeAlias = Callable[[Any], Any]  # value of an answer → what a node makes of it

ANYTHING: Final = "*"
"""Stands for any answer that is read back."""

_NOTHING: Final[frozenset[str]] = frozenset()

_LOOK_AT_NOTHING: Final = (
    SetAnswer,
    Cancel,
    FeedbackReply,
    Human,
    LookUp,
    Matter,
    Move,
    PromiseCallback,
    Rate,
    RecallReply,
    SuspendCharge,
    KnownTopic,
    TextMessage,
)
"""Their answers go to the office, or into another answer; the way on does not depend on them."""


class Matters:
    """Which answers matter at which node, and which of their values are as good as another."""

    def __init__(self, flows: FlowSet, given: Collection[str]) -> None:
        """Look at every node.

        Args:
            given: the answers that the office gives when the call begins.
        """
        self._flows = flows
        self._looks: dict[str, list[Look]] = {}
        self._looked = {name: self._look(node) for name, node in flows.nodes.items()}
        self._set = {node.save for node in flows.nodes.values() if isinstance(node, SetAnswer)}
        saved = {str(getattr(node, "save", "")) for node in flows.nodes.values()}
        decides = {node.on for node in flows.nodes.values() if isinstance(node, Branch)}
        self._constant = tuple(name for name in sorted(decides.intersection(given)) if name not in saved)
        self._alone, self._lasting, self._one_of_all = self._read_back_only()
        self._ahead = self._edges()
        self._live: dict[tuple[Any, ...], dict[str, set[str]]] = {}
        self._standing: dict[tuple[str, tuple[Any, ...]], Any] = {}
        self._found: dict[tuple[str, tuple[Any, ...]], Any] = {}

    def at(self, node: str, known: Mapping[str, Any]) -> Kept:
        """What matters of the answers for a call that is at a node."""
        constants = tuple([known.get(name) for name in self._constant])
        live = self._live.get(constants)
        if live is None:
            live = self._live[constants] = self._live_with(dict(zip(self._constant, constants, strict=True)))
        matters = live.get(node, _NOTHING)
        kept: dict[str, Any] = {}
        for name, value in known.items():
            if value and name in matters and (stand_in := self._stand_in(name, value)) is not None:
                kept[name] = stand_in
        if self._one_of_all and not self._lasting.isdisjoint(kept):
            # What is read back is not empty any more, whichever other answers are known.
            for name in self._alone.intersection(kept):
                del kept[name]
            if self._lasting.isdisjoint(kept):
                kept[self._one_of_all] = ANYTHING
        if known.get("detour"):
            kept["detour"] = known["detour"]
        return tuple(sorted(kept.items()))

    def _stand_in(self, name: str, value: Any) -> Any:
        """The value that stands for this one; None if it leads the same way as no answer."""
        values = tuple(value) if isinstance(value, list) else (value,)
        found = self._found.get((name, values), self)
        if found is self:
            looks = self._looks.get(name, ())
            nothing = tuple(look(None) for look in looks)
            made = ((tuple(look(each) for look in looks), each) for each in values)
            one = next(((way, each) for way, each in made if way != nothing), None)
            found = self._standing.setdefault((name, one[0]), one[1]) if one else None
            self._found[name, values] = found
        return found

    def _look(self, node: FlowNode) -> set[str]:
        """The answers that this node looks at."""
        if isinstance(node, Branch):
            self._looks.setdefault(node.on, []).append(lambda value: _case(node, value))
            return {node.on}
        if isinstance(node, RecordStory):
            self._looks.setdefault("consent", []).append(lambda value: value in CONSENTED)
            return {"consent"}
        if isinstance(node, ReadBack):
            for name, line in node.lines.items():
                self._looks.setdefault(name, []).append(bool if isinstance(line, str) else line.__contains__)
            return set(node.lines)
        if isinstance(node, _LOOK_AT_NOTHING):
            return set()
        # A type that nothing is known of here may look at every answer that it names, and tell all values apart.
        named = {
            getattr(node, name)
            for name, declared in node.declared()
            if type(declared.kind) is Kind and name not in ("save", "save_part", "save_said", "value")
        } - {"", None}
        for name in named:
            self._looks.setdefault(name, []).append(lambda value: value)
        return named

    def _read_back_only(self) -> tuple[set[str], set[str], str]:
        """What is read back and nothing else looks at; what of all that stays once given; one that is both, or ""."""
        readers = [node for node in self._flows.nodes.values() if isinstance(node, ReadBack)]
        if len(readers) != 1:
            return set(), set(), ""
        lines = readers[0].lines
        elsewhere = {name for node, looked in self._looked.items() if node != readers[0].name for name in looked}
        elsewhere |= {node.copy for node in self._flows.nodes.values() if isinstance(node, SetAnswer)}
        alone, lasting = lines.keys() - elsewhere, lines.keys() - self._set
        whole = (name for name, line in lines.items() if isinstance(line, str) and name in alone & lasting)
        return alone, lasting, next(whole, "")

    def _edges(self) -> dict[str, set[str]]:
        back = {then for _, then in detours(self._flows)}
        return {
            name: {*node.targets(), *((self._flows.human, *back) if node.waits else ())} & self._flows.nodes.keys()
            for name, node in self._flows.nodes.items()
        }

    def _live_with(self, constants: Mapping[str, Any]) -> dict[str, set[str]]:
        """By node: what is looked at there or further on, before it is given anew."""
        nodes = self._flows.nodes
        ahead = {
            name: {_case(node, constants[node.on])} & nodes.keys()
            if isinstance(node, Branch) and node.on in constants
            else self._ahead[name]
            for name, node in nodes.items()
        }
        behind: dict[str, list[str]] = {name: [] for name in nodes}
        for name, further in ahead.items():
            for each in further:
                behind[each].append(name)
        live = {name: set(names) for name, names in self._looked.items()}
        changed = list(nodes)
        while changed:
            name = changed.pop()
            for before in behind[name]:
                node, wanted = nodes[before], live[name]
                if isinstance(node, SetAnswer) and node.save in wanted:
                    wanted = (wanted - {node.save}) | ({node.copy} if node.copy else set())
                if not wanted <= live[before]:
                    live[before] |= wanted
                    changed.append(before)
        return live


def _case(branch: Branch, value: Any) -> str:
    """Where a branch leads with this value."""
    if value and "known" in branch.cases:
        return branch.cases["known"]
    return branch.cases.get(str(value), branch.otherwise)
