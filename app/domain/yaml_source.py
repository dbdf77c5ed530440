"""Reads YAML as text with places: every scalar stays as it was typed, every node knows its line.

What YAML would guess (numbers, dates, yes and no) is not guessed here; who reads a node says what it means.
Refused: duplicate keys, anchors and aliases, own tags, several documents, more than 1 MB, more than 40 levels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from app.domain.errors import BadFile

MAX_BYTES = 1_000_000
MAX_DEPTH = 40

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
    try:
        root = YAML(typ="safe", pure=True).compose(source)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise BadFile([Fault(file, line, column, f"is no YAML: {error.problem or error.context}")]) from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise BadFile([Fault(file, 1, 1, f"is no YAML: {str(error).splitlines()[0]}")]) from error
    if root is None:
        raise BadFile([Fault(file, 1, 1, "is empty")])
    faults: list[Fault] = []
    node = _node(root, file, faults, depth=1)
    if faults:
        raise BadFile(faults)
    return node


def _node(raw: Any, file: str, faults: list[Fault], depth: int) -> Node:
    line, column = raw.start_mark.line + 1, raw.start_mark.column + 1
    if raw.anchor:
        faults.append(Fault(file, line, column, f"anchor &{raw.anchor}: repeat the content instead"))
        return Node(file, line, column, "", {})
    if not str(raw.tag).startswith("tag:yaml.org,2002:"):
        faults.append(Fault(file, line, column, f"tag {raw.tag}: write plain text"))
        return Node(file, line, column, "", {})
    if depth > MAX_DEPTH:
        faults.append(Fault(file, line, column, f"deeper than {MAX_DEPTH} levels"))
        return Node(file, line, column, "", {})
    if raw.id == "scalar":
        return Node(file, line, column, str(raw.value), {})
    if raw.id == "sequence":
        return Node(file, line, column, tuple(_node(item, file, faults, depth + 1) for item in raw.value), {})
    entries: dict[str, Node] = {}
    keys: dict[str, tuple[int, int]] = {}
    for raw_key, raw_value in raw.value:
        key = _node(raw_key, file, faults, depth + 1)
        value = _node(raw_value, file, faults, depth + 1)
        if not key.is_text:
            faults.append(key.fault("a key must be text"))
        elif key.text() in entries:
            faults.append(key.fault(f"key {key.text()!r} stands here twice"))
        else:
            entries[key.text()] = value
            keys[key.text()] = (key.line, key.column)
    return Node(file, line, column, entries, keys)


def _guess(key: str, names: list[str]) -> str:
    close = get_close_matches(key, names, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(names)}"
