"""What prompts stand for, read from `ivr_flows/classes.yaml`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from app.domain.errors import BadFile
from app.domain.yaml_source import read_yaml

FILE: Final = "classes.yaml"


@dataclass(frozen=True, slots=True)
class PromptClasses:
    """The prompts of each class; one prompt may be in several."""

    accepted: frozenset[str] = frozenset()  # T6
    procedure: frozenset[str] = frozenset()  # T7
    solution: frozenset[str] = frozenset()  # T8
    deadline: frozenset[str] = frozenset()  # T9
    number: frozenset[str] = frozenset()  # T5
    cancellation_number: frozenset[str] = frozenset()
    recording_asked: frozenset[str] = frozenset()
    recording_announced: frozenset[str] = frozenset()
    advertising: frozenset[str] = frozenset()  # S4
    recall_notice: frozenset[str] = frozenset()  # P9


def load_classes(folder: Path) -> PromptClasses:
    """The classes of the prompts of a folder.

    Raises:
        BadFile: if the file is missing or faulty.
    """
    root = read_yaml(folder / FILE, f"{folder.name}/{FILE}")
    names = [each.name for each in fields(PromptClasses)]
    missing = [name for name in names if name not in root.entries()]
    faults = root.unknown_keys(names)
    faults += [root.fault(f"{name!r} is missing; add it, empty if need be") for name in missing]
    if faults:
        raise BadFile(faults)
    return PromptClasses(
        **{name: frozenset(prompt.text() for prompt in node.items()) for name, node in root.entries().items()}
    )
