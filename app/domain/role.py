"""What somebody is in the office, and what follows for what they may do."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What somebody is in the office."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Permission(StrEnum):
    """One kind of thing that a role may do or see."""

    WORK = "work"  # the queue, cases, claiming, documenting, one's own presence
    LISTEN = "listen"  # recordings; every listening is noted
    ASSIGN = "assign"  # hand over what is not one's own, document for others
    CALL_LOG = "call_log"  # every call, turn by turn
    EXPORT = "export"  # files of the call log
    DOWNLOAD = "download"  # recordings as files, beyond listening to them
    RAW = "raw"  # what the network and we sent each other, word for word
    ADMINISTER = "administer"  # staff, hotlines, tokens of the API, the audit trail
    KEEPING = "keeping"  # the rules of the flows, what is kept for how long, holds, histories, erasures


_AGENT: Final = frozenset({Permission.WORK, Permission.LISTEN})
_OVERSIGHT: Final = frozenset(
    {Permission.ASSIGN, Permission.CALL_LOG, Permission.EXPORT, Permission.DOWNLOAD, Permission.KEEPING}
)

PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.AGENT: _AGENT,
    Role.SUPERVISOR: _AGENT | _OVERSIGHT,
    Role.ADMIN: _AGENT | _OVERSIGHT | {Permission.RAW, Permission.ADMINISTER},
}
"""Who may what."""


def obliged_to_second_factor(rule: str) -> frozenset[Role]:
    """Whose password is not enough, by the rule of the office.

    Args:
        rule: all; oversight: supervisors and administrators; offered: nobody must, everybody may.
    """
    return {
        "all": frozenset(Role),
        "oversight": frozenset({Role.SUPERVISOR, Role.ADMIN}),
        "offered": frozenset[Role](),
    }[rule]


def has_permission(role: str, permission: Permission) -> bool:
    """Whether somebody of this role may do this; nobody of an unknown role may do anything."""
    return role in set(Role) and permission in PERMISSIONS[Role(role)]
