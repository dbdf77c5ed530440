"""Reads YAML as text with places: every scalar stays as it was typed, every node knows its line.

What YAML would guess (numbers, dates, yes and no) is not guessed here; who reads a node says what it means.
Refused: duplicate keys, anchors and aliases, own tags, several documents, more than 1 MB, more than 40 levels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml  # noqa: TID251 - this is the reader that keeps 08 and no as they were written
from yaml.error import MarkedYAMLError, YAMLError  # noqa: TID251

from app.domain.errors import BadFile

MAX_BYTES = 1_000_000
MAX_DEPTH = 40

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C is there wherever PyYAML comes built with libyaml; it takes a tenth of the time."""

Content: TypeAlias = "str | tuple[Node, ...] | Mapping[str, Node]"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place of a file; lines and columns count from 1."""

    file: str
    line: int
    column: int
    problem: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Node:
    """One scalar, list or mapping of a file, and where it stands.

    `keys` tells, for a mapping, where each key stands (its value may be on another line).
    """

    file: str
    line: int
    column: int
    content: Content
    keys: Mapping[str, tuple[int, int]]

    def fault(self, problem: str) -> Fault:
        """A fault at this place."""
        return Fault(self.file, self.line, self.column, problem)

    def key_fault(self, key: str, problem: str) -> Fault:
        """A fault at the place of a key of this mapping."""
        line, column = self.keys[key]
        return Fault(self.file, line, column, problem)

    @property
    def is_text(self) -> bool:
        """Whether this is a scalar."""
        return isinstance(self.content, str)

    def text(self) -> str:
        """The scalar as it was typed, without quotes.

        Raises:
            BadFile: if this is a list or a mapping.
        """
        if not isinstance(self.content, str):
            raise BadFile([self.fault("expected text")])
        return self.content

    def items(self) -> tuple[Node, ...]:
        """The members of a list.

        Raises:
            BadFile: if this is no list.
        """
        if not isinstance(self.content, tuple):
            raise BadFile([self.fault("expected a list")])
        return self.content

    def entries(self) -> Mapping[str, Node]:
        """The entries of a mapping, in the order of the file.

        Raises:
            BadFile: if this is no mapping.
        """
        if isinstance(self.content, str | tuple):
            raise BadFile([self.fault("expected a mapping")])
        return self.content

    def unknown_keys(self, known: Iterable[str]) -> list[Fault]:
        """A fault for every key of this mapping that is not known, with a guess at what was meant."""
        names = sorted(known)
        return [
            self.key_fault(key, f"unknown key {key!r}" + _guess(key, names))
            for key in self.entries()
            if key not in names
        ]

    def plain(self) -> Any:
        """The whole content as dicts, lists and strings."""
        if isinstance(self.content, str):
            return self.content
        if isinstance(self.content, tuple):
            return [node.plain() for node in self.content]
        return {key: node.plain() for key, node in self.content.items()}


def read_yaml(path: Path, name: str | None = None) -> Node:
    """Read a file.

    Args:
        name: how faults call the file; by default its path.

    Raises:
        BadFile: if it cannot be read, or is no YAML of the kind described above.
    """
    file = name or str(path)
    try:
        size = path.stat().st_size
        source = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise BadFile([Fault(file, 1, 1, f"cannot be read: {error.strerror}")]) from error
    if size > MAX_BYTES:
        raise BadFile([Fault(file, 1, 1, f"has {size} bytes, at most {MAX_BYTES} are read")])
    try:
        return parse_yaml(source.decode("utf-8-sig"), file)
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise BadFile([Fault(file, line, 1, "is not UTF-8")]) from error


@lru_cache(maxsize=64)
def parse_yaml(source: str, file: str) -> Node:
    """The root node of a YAML text; the last ones are remembered, since a version of the flows shares most files.

    Raises:
        BadFile: if it is no YAML of the kind described above.
    """
    reading = _Reading(file, yaml.parse(source, Loader=_LOADER))
    try:
        root = reading.document()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise BadFile([Fault(file, line, column, f"is no YAML: {error.problem or error.context}")]) from error
    except (YAMLError, ValueError) as error:
        raise BadFile([Fault(file, 1, 1, f"is no YAML: {str(error).splitlines()[0]}")]) from error
    if reading.faults:
        raise BadFile(reading.faults)
    if root is None:
        raise BadFile([Fault(file, 1, 1, "is empty")])
    return root


class _Reading:
    """Makes nodes of what the parser finds, and notes what is not wanted here."""

    def __init__(self, file: str, events: Iterator[yaml.Event]) -> None:
        self._file = file
        self._events = events
        self.faults: list[Fault] = []

    def document(self) -> Node | None:
        """The root of the only document; None if there is none."""
        root = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    self._fault(event, "begins another document; one is read")
                    break
                root = self._node(next(self._events), depth=1)
        return root

    def _node(self, event: yaml.Event, depth: int) -> Node:
        line, column = _place(event)
        if not isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            self._fault(event, f"alias *{getattr(event, 'anchor', '')}: repeat the content instead")
            return Node(self._file, line, column, "", {})
        if event.anchor:
            self._fault(event, f"anchor &{event.anchor}: repeat the content instead")
        if event.tag is not None and not event.tag.startswith("tag:yaml.org,2002:"):
            self._fault(event, f"tag {event.tag}: write plain text")
        if isinstance(event, yaml.ScalarEvent):
            return Node(self._file, line, column, event.value, {})
        if depth > MAX_DEPTH:
            raise BadFile([*self.faults, Fault(self._file, line, column, f"deeper than {MAX_DEPTH} levels")])
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(self._file, line, column, tuple(self._items(depth)), {})
        return self._mapping(line, column, depth)

    def _items(self, depth: int) -> Iterator[Node]:
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            yield self._node(event, depth + 1)

    def _mapping(self, line: int, column: int, depth: int) -> Node:
        entries: dict[str, Node] = {}
        keys: dict[str, tuple[int, int]] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if not key.is_text:
                self.faults.append(key.fault("a key must be text"))
            elif key.text() in entries:
                self.faults.append(key.fault(f"key {key.text()!r} stands here twice"))
            else:
                entries[key.text()] = value
                keys[key.text()] = (key.line, key.column)
        return Node(self._file, line, column, entries, keys)

    def _fault(self, event: yaml.Event, problem: str) -> None:
        self.faults.append(Fault(self._file, *_place(event), problem))


def _place(event: yaml.Event) -> tuple[int, int]:
    assert event.start_mark is not None
    return event.start_mark.line + 1, event.start_mark.column + 1


def _guess(key: str, names: list[str]) -> str:
    close = get_close_matches(key, names, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(names)}"
