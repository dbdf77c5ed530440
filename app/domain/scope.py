"""What a token of the API opens."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from app.domain.errors import Invalid


class Scope(StrEnum):
    """One kind of thing that another system may read."""

    CASES = "cases"  # complaint records with what was told, and who told it
    CALLS = "calls"  # every call, turn by turn, and as evidence
    PROMISES = "promises"  # promises and their attempts


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
