"""The fields that node types declare: how each is written in YAML, read, checked and explained.

A declared type is the only thing that gives a scalar a meaning: 08 stays "08" unless a number was declared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field
from difflib import get_close_matches
from typing import Any, Final, TypeVar

from app.domain.errors import BadFile
from app.domain.yaml_source import Fault, Node

FIELD: Final = "field"  # the key under which a dataclass field carries its `Field`
_YES_NO: Final = {"yes": True, "no": False, "true": True, "false": False}
_T = TypeVar("_T")


@dataclass(slots=True)
class Reading:
    """The files being read: which nodes there are, and the faults found so far."""

    nodes: Mapping[str, Sequence[str]]  # flow → names of its nodes, first one first
    faults: list[Fault] = field(default_factory=list)
    flow: str = ""  # the one being read

    def tried(self, read: Callable[[], _T], otherwise: _T) -> _T:
        """What `read` gives; if it finds faults they are noted and `otherwise` is given."""
        try:
            return read()
        except BadFile as bad:
            self.faults.extend(fault for fault in bad.faults if isinstance(fault, Fault))
            return otherwise

    def text(self, node: Node) -> str:
        """The scalar at this place; "" if there is none, which is a fault."""
        value = self.tried(node.text, "")
        if node.is_text and not value:
            self.faults.append(node.fault("is empty; write a value or leave the field out"))
        return value

    def items(self, node: Node) -> Sequence[Node]:
        """The members of the list at this place."""
        nothing: Sequence[Node] = ()
        return self.tried(node.items, nothing)

    def entries(self, node: Node) -> Mapping[str, Node]:
        """The entries of the mapping at this place."""
        nothing: Mapping[str, Node] = {}
        return self.tried(node.entries, nothing)

    def target(self, node: Node) -> str:
        """The full name of the node meant: a node of this flow, `flow.node`, or a flow's first node."""
        name = self.text(node)
        if not name:
            return name
        if name in self.nodes.get(self.flow, ()):
            return f"{self.flow}.{name}"
        flow, _, inner = name.partition(".")
        if inner in self.nodes.get(flow, ()):
            return name
        if not inner and self.nodes.get(flow):
            return f"{flow}.{self.nodes[flow][0]}"
        known = [*self.nodes.get(self.flow, ()), *self.nodes]
        known += [f"{each}.{inner}" for each, names in self.nodes.items() for inner in names]
        self.faults.append(node.fault(f"leads to {name!r}, which is no node and no flow{guess(name, known)}"))
        return name


class Kind:
    """How one kind of value is written, and what may be asked of it."""

    words: str = "text"

    def read(self, reading: Reading, node: Node) -> Any:
        """The value at this place; faults go to `reading`."""
        return reading.text(node)

    def targets(self, value: Any) -> Iterable[str]:
        """The nodes it leads to."""
        return ()

    def prompts(self, value: Any) -> Iterable[str]:
        """The prompts it speaks."""
        return ()


@dataclass(frozen=True, slots=True)
class Field:
    """What a dataclass field says about itself."""

    kind: Kind
    about: str
    required: bool


def declare(kind: Kind, about: str, default: Any = MISSING, factory: Any = MISSING) -> Any:
    """A dataclass field that stands in YAML.

    Args:
        about: what it means, for the reference of the node types.
        default: its value if it is left out; without one it must be there.
        factory: makes the default where it is a mapping.
    """
    if factory is not MISSING:
        return field(default_factory=factory, metadata={FIELD: Field(kind, about, False)})
    metadata = {FIELD: Field(kind, about, default is MISSING)}
    return field(metadata=metadata) if default is MISSING else field(default=default, metadata=metadata)


class Target(Kind):
    """A node to go to."""

    words = "node, `flow.node` or flow"

    def read(self, reading: Reading, node: Node) -> str:
        """The full name of the node."""
        return reading.target(node)

    def targets(self, value: str | None) -> Iterable[str]:
        """The node, unless the field was left out."""
        return (value,) if value else ()


class Prompt(Kind):
    """A prompt to speak."""

    words = "prompt"

    def prompts(self, value: str | None) -> Iterable[str]:
        """The prompt, unless the field was left out."""
        return (value,) if value else ()


class Prompts(Kind):
    """One prompt, or several in a row."""

    words = "prompt, or list of prompts"

    def read(self, reading: Reading, node: Node) -> tuple[str, ...]:
        """The prompts in order."""
        if node.is_text:
            return (reading.text(node),)
        return tuple(reading.text(item) for item in reading.items(node))

    def prompts(self, value: tuple[str, ...]) -> Iterable[str]:
        """All of them."""
        return value


@dataclass(frozen=True)
class Number(Kind):
    """A whole number within bounds."""

    least: int
    most: int

    @property
    def words(self) -> str:  # type: ignore[override]
        """Its bounds."""
        return f"whole number from {self.least} to {self.most}"

    def read(self, reading: Reading, node: Node) -> int:
        """The number."""
        text = reading.text(node)
        if not text:
            return self.least
        if not (text.isascii() and text.isdecimal() and self.least <= int(text) <= self.most):
            reading.faults.append(node.fault(f"{text!r} is no {self.words}"))
            return self.least
        return int(text)


class YesNo(Kind):
    """Yes or no."""

    words = "`yes` or `no`"

    def read(self, reading: Reading, node: Node) -> bool:
        """The truth."""
        text = reading.text(node)
        if text and text not in _YES_NO:
            reading.faults.append(node.fault(f"{text!r} is neither yes nor no"))
        return _YES_NO.get(text, False)


@dataclass(frozen=True)
class OneOf(Kind):
    """One of some words."""

    allowed: tuple[str, ...]

    @property
    def words(self) -> str:  # type: ignore[override]
        """The words."""
        return " or ".join(f"`{each}`" for each in self.allowed)

    def read(self, reading: Reading, node: Node) -> str:
        """The word."""
        text = reading.text(node)
        if text and text not in self.allowed:
            reading.faults.append(node.fault(f"{text!r} is not possible here{guess(text, self.allowed)}"))
        return text


class Cases(Kind):
    """Values, each with the node it leads to."""

    words = "mapping of values to nodes"

    def read(self, reading: Reading, node: Node) -> dict[str, str]:
        """Value → full name."""
        return {value: reading.target(to) for value, to in reading.entries(node).items()}

    def targets(self, value: Mapping[str, str]) -> Iterable[str]:
        """All of them."""
        return value.values()


class Lines(Kind):
    """Answers, each with the prompt that reads it back."""

    words = "mapping of answers to a prompt, or to a prompt for each value"

    def read(self, reading: Reading, node: Node) -> dict[str, str | dict[str, str]]:
        """Answer → prompt, or answer → value → prompt."""
        return {
            answer: reading.text(line)
            if line.is_text
            else {value: reading.text(prompt) for value, prompt in reading.entries(line).items()}
            for answer, line in reading.entries(node).items()
        }

    def prompts(self, value: Mapping[str, str | Mapping[str, str]]) -> Iterable[str]:
        """All of them."""
        for line in value.values():
            yield from (line,) if isinstance(line, str) else line.values()


def guess(name: str, known: Iterable[str]) -> str:
    """What to do about an unknown name, for the end of a fault."""
    close = get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else "; look for a slip of the pen, or add it"
