"""What a token of the API opens, and what its maker must be allowed to do for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from app.domain.errors import Invalid
from app.domain.role import Permission, has_permission


class Scope(StrEnum):
    """One kind of thing that another system may read or do."""

    CASES = "cases"  # complaint records with what was told, and who told it
    CALLS = "calls"  # every call, turn by turn, and as evidence
    PROMISES = "promises"  # promises and their attempts
    WALLBOARD = "wallboard"  # the board of numbers for a wall, and nothing else; nothing about anybody
    CASES_WRITE = "cases:write"  # enter complaints, add notes, document how it ended
    PROMISES_WRITE = "promises:write"  # promise calls, move and withdraw them
    NUMBERS_WRITE = "numbers:write"  # who is not to be called
    RECALLS_WRITE = "recalls:write"  # the catalogue of recalls, remedies that were carried out
    CHARGES_WRITE = "charges:write"  # suspend a charge, and decide about it


NEEDS: Final[Mapping[Scope, Permission]] = {
    Scope.CASES: Permission.WORK,
    Scope.CALLS: Permission.CALL_LOG,
    Scope.PROMISES: Permission.WORK,
    Scope.WALLBOARD: Permission.ASSIGN,
    Scope.CASES_WRITE: Permission.WORK,
    Scope.PROMISES_WRITE: Permission.WORK,
    Scope.NUMBERS_WRITE: Permission.WORK,
    Scope.RECALLS_WRITE: Permission.ASSIGN,
    Scope.CHARGES_WRITE: Permission.WORK,
}
"""What somebody must be allowed to do at the desk, for a token of theirs to do it."""

READS: Final = (Scope.CASES, Scope.CALLS, Scope.PROMISES)
"""What a token opens that was made without saying."""


def read_scopes(words: Iterable[str]) -> list[str]:
    """The scopes of these names, each once, in their own order.

    Raises:
        Invalid: if there is none, or one is unknown.
    """
    named = set(words)
    unknown = sorted(named - set(Scope))
    if unknown:
        raise Invalid("scopes", f"has {unknown[0]!r}; there are {', '.join(Scope)}")
    if not named:
        raise Invalid("scopes", "is empty; choose at least one")
    return [scope.value for scope in Scope if scope in named]


def may_write(scopes: Iterable[str]) -> bool:
    """Whether any of these changes something."""
    return not set(scopes) <= {*READS, Scope.WALLBOARD}


def within(scopes: Iterable[str], role: str) -> frozenset[str]:
    """Those of these scopes that somebody of this role may give away."""
    return frozenset(scope for scope in scopes if scope in set(Scope) and has_permission(role, NEEDS[Scope(scope)]))
