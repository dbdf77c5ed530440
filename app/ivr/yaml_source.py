"""Reads YAML so that nothing is guessed and every complaint can name its place.

Each scalar stays the text that was written (`8:30`, `0042`, `no`, `on`), converted later by whoever knows
the type. Duplicate keys, anchors, aliases and tags are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file; line and column count from 1."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        """The form editors jump to: `path:line:column`."""
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong in a file, and what to do about it."""

    place: Place
    problem: str  # what is wrong; may end with "; " and what to do

    def __str__(self) -> str:
        """One line for people: `path:line:column: problem`."""
        return f"{self.place}: {self.problem}"


class FaultsFound(Exception):
    """The files cannot be used; `faults` lists every reason that was found, in order of place."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults sorted by place, each once."""
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True, slots=True)
class Source:
    """One value of a YAML file with its place: a text, a list or a table."""

    place: Place
    value: str | Sequence[Source] | Mapping[str, Source]
    key_place: Place  # of the key it stands under; its own place in a list or at the top

    def fault(self, problem: str) -> FaultsFound:
        """The exception to raise for this value; for several, collect `Fault(source.place, …)` instead."""
        return FaultsFound([Fault(self.place, problem)])

    def text(self) -> str:
        """The text as written; empty when nothing was.

        Raises:
            FaultsFound: if a list or a table stands here.
        """
        if isinstance(self.value, str):
            return self.value
        raise self.fault(f"a text is expected here, not {_kind(self.value)}")

    def items(self) -> Sequence[Source]:
        """The values of a list.

        Raises:
            FaultsFound: if something else stands here.
        """
        if isinstance(self.value, (str, Mapping)):
            raise self.fault(f"a list is expected here, not {_kind(self.value)}; write [a, b] or one `- a` a line")
        return self.value

    def table(self) -> Mapping[str, Source]:
        """The values of a table by key, in the order written.

        Raises:
            FaultsFound: if something else stands here.
        """
        if isinstance(self.value, Mapping):
            return self.value
        raise self.fault(f"a table is expected here, not {_kind(self.value)}; write `key: value` lines")


def read_yaml(path: Path, *, name: str | None = None) -> Source:
    """The content of a YAML file.

    Args:
        path: The file, UTF-8.
        name: What faults call the file; the path by default.

    Raises:
        FaultsFound: if the file is missing, is no YAML, or uses what is refused here.
    """
    shown = name or str(path)
    top = Place(shown, 1, 1)
    try:
        node = YAML(typ="rt").compose(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise FaultsFound([Fault(top, "the file is missing; create it or correct the folder")]) from error
    except UnicodeDecodeError as error:
        raise FaultsFound([Fault(top, "the file is not UTF-8; save it as UTF-8")]) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(shown, mark.line + 1, mark.column + 1) if mark else top
        raise FaultsFound([Fault(place, f"this is not YAML: {error.problem}")]) from error
    except YAMLError as error:
        raise FaultsFound([Fault(top, f"this is not YAML: {error}")]) from error
    if node is None:
        raise FaultsFound([Fault(top, "the file is empty")])
    faults: list[Fault] = []
    source = _source(node, shown, None, set(), faults)
    if faults:
        raise FaultsFound(faults)
    return source


def _source(node: Any, path: str, key: Place | None, seen: set[int], faults: list[Fault]) -> Source:
    place = Place(path, node.start_mark.line + 1, node.start_mark.column + 1)
    if node.anchor is not None or id(node) in seen:
        faults.append(Fault(place, "anchors and aliases are not used here; write the value out"))
        return Source(place, "", key or place)
    seen.add(id(node))
    if not str(node.tag).startswith("tag:yaml.org,2002:"):
        faults.append(Fault(place, f"the tag {node.tag} is not used here; remove it"))
    if node.id == "scalar":
        return Source(place, str(node.value), key or place)
    if node.id == "sequence":
        return Source(place, tuple(_source(one, path, None, seen, faults) for one in node.value), key or place)
    table: dict[str, Source] = {}
    for key_node, value_node in node.value:
        at = Place(path, key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        if key_node.id != "scalar":
            faults.append(Fault(at, "a key must be a text"))
            continue
        if key_node.value in table:
            first = table[key_node.value].key_place.line
            faults.append(Fault(at, f"the key {key_node.value!r} stands here twice, first in line {first}; remove one"))
        table[key_node.value] = _source(value_node, path, at, seen, faults)
    return Source(place, table, key or place)


def _kind(value: object) -> str:
    if isinstance(value, str):
        return f"the text {value!r}" if value else "nothing"
    return "a table" if isinstance(value, Mapping) else "a list"
