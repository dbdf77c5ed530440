"""Reads the flow files of a folder into one `FlowSet`; every fault is found before any is reported."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from app.domain.errors import BadFile
from app.domain.yaml_source import Fault, Node, read_yaml
from app.ivr.fields import Reading, guess
from app.ivr.flow import FlowNode, FlowSet, Spoken, Vocabulary, phrase_of
from app.ivr.nodes import node_types

HUMAN: Final = "human"  # the flow to which 0 leads
NOT_FLOWS: Final = frozenset({"classes", "hotline"})  # files of the folder that hold something else


def load_flows(folder: Path, words: Vocabulary) -> FlowSet:
    """Every flow of the folder: one file each, `<flow>.yaml`, whose first node is where the flow begins.

    Raises:
        BadFile: if anything is wrong, with every fault and its place. What the flows mean is not judged here,
            that is for `app.ivr.checks`.
    """
    paths = sorted(path for path in folder.glob("*.yaml") if path.stem not in NOT_FLOWS)
    reading = Reading({})
    roots = {path.stem: _root(reading, path, f"{folder.name}/{path.name}") for path in paths}
    reading.nodes = {flow: tuple(root) for flow, root in roots.items()}
    nodes: dict[str, FlowNode] = {}
    places: dict[str, Node] = {}
    for flow, root in roots.items():
        reading.flow = flow
        for name, written in root.items():
            node = _read_node(reading, f"{flow}.{name}", written)
            places[f"{flow}.{name}"] = written
            if node is not None:
                nodes[node.name] = node
    entries = {flow: f"{flow}.{names[0]}" for flow, names in reading.nodes.items() if names}
    if HUMAN not in entries:
        reading.faults.append(Fault(f"{folder.name}/{HUMAN}.yaml", 1, 1, "is missing; key 0 leads to its first node"))
    if reading.faults:
        raise BadFile(in_order(reading.faults))
    return FlowSet(
        version=version_of(folder),
        nodes=nodes,
        entries=entries,
        places=places,
        languages=tuple(words.languages),
        slots=_slots(nodes, words),
        spoken={language: _spoken(words.choices(language)) for language in words.languages},
        human=entries[HUMAN],
    )


def version_of(folder: Path) -> str:
    """What stands for the words of every flow and prompt of the folder, without reading what they mean."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        if path.stem not in NOT_FLOWS:
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """The faults by file and place."""
    return sorted(faults, key=lambda fault: (fault.file, fault.line, fault.column))


def _root(reading: Reading, path: Path, name: str) -> Mapping[str, Node]:
    nothing: Mapping[str, Node] = {}
    return reading.tried(lambda: read_yaml(path, name).entries(), nothing)


def _read_node(reading: Reading, name: str, written: Node) -> FlowNode | None:
    """The node, or None if it is faulty."""
    parts = reading.entries(written)
    if len(parts) != 1:
        reading.faults.append(written.fault(f"node {name!r} needs exactly one type, such as `say:`"))
        return None
    word, body = next(iter(parts.items()))
    if word not in node_types():
        reading.faults.append(written.key_fault(word, f"{word!r} is no node type{guess(word, node_types())}"))
        return None
    node_type = node_types()[word]
    before = len(reading.faults)
    values = _read_fields(reading, node_type, body)
    return node_type(name=name, **values) if len(reading.faults) == before else None


def _read_fields(reading: Reading, node_type: type[FlowNode], body: Node) -> dict[str, Any]:
    # `end: {}` and `end:` mean the same.
    entries: Mapping[str, Node] = {} if body.content == "" else reading.entries(body)
    declared = dict(node_type.declared())
    if entries:
        reading.faults.extend(body.unknown_keys(declared))
    for name, each in declared.items():
        if each.required and name not in entries:
            reading.faults.append(body.fault(f"{node_type.type} needs {name!r}: {each.about}"))
    return {name: declared[name].kind.read(reading, node) for name, node in entries.items() if name in declared}


def _slots(nodes: Mapping[str, FlowNode], words: Vocabulary) -> dict[str, tuple[str, ...]]:
    prompts = {prompt for node in nodes.values() for prompt in node.prompts()}
    return {
        prompt: tuple(sorted(words.slots(prompt)))
        for prompt in sorted(prompts)
        if any(words.has(language, prompt) for language in words.languages)
    }


def _spoken(choices: Mapping[str, str]) -> tuple[Spoken, ...]:
    return tuple(Spoken(written, phrase_of(written), choice) for written, choice in choices.items())
