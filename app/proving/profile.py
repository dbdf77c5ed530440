"""What each jurisdiction asks of a call, read from the file beside this one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from app.domain.errors import BadFile, LawUnknown
from app.domain.yaml_source import Node, read_yaml

_FILE: Final = Path(__file__).parent / "profiles.yaml"
_NUMBERS: Final = ("keys_to_human", "keys_to_cancel", "menu_options", "menu_depth", "prompt_seconds", "human_hours")


@dataclass(frozen=True, slots=True)
class Profile:
    """What one jurisdiction asks of a call."""

    jurisdiction: str
    first_menu: tuple[str, ...]  # kinds of case that the first menu must open
    keys_to_human: int
    keys_to_cancel: int
    menu_options: int
    menu_depth: int
    prompt_seconds: int
    human_hours: int  # of humans on every day; 0: the law of the place asks for none


def profile_of(jurisdiction: str) -> Profile:
    """The profile of a jurisdiction.

    Raises:
        LawUnknown: if there is none.
    """
    found = profiles().get(jurisdiction)
    if found is None:
        raise LawUnknown(jurisdiction, "what a call must be like")
    return found


@cache
def profiles() -> Mapping[str, Profile]:
    """Every profile, by jurisdiction.

    Raises:
        BadFile: if the file is faulty.
    """
    return {name: _profile(name, node) for name, node in read_yaml(_FILE, _FILE.name).entries().items()}


def _profile(jurisdiction: str, node: Node) -> Profile:
    entries = node.entries()
    faults = node.unknown_keys(("first_menu", *_NUMBERS))
    faults += [node.fault(f"{name!r} is missing") for name in ("first_menu", *_NUMBERS) if name not in entries]
    faults += [
        entries[name].fault("a whole number is expected here")
        for name in _NUMBERS
        if name in entries and not entries[name].text().isdecimal()
    ]
    if faults:
        raise BadFile(faults)
    first_menu = tuple(kind.text() for kind in entries["first_menu"].items())
    return Profile(jurisdiction, first_menu, **{name: int(entries[name].text()) for name in _NUMBERS})
