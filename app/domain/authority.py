"""How much money somebody may grant by themselves, and who may say yes above that (T12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.domain.role import Role

USUAL_CENTS: Final[Mapping[Role, int | None]] = {Role.AGENT: 100_00, Role.SUPERVISOR: 1_000_00, Role.ADMIN: None}
"""What is usual for a role, in cents of the hotline's currency; None: without limit. A house rule, set per person."""


def limit_of(role: str, authority_cents: int | None) -> int | None:
    """How much somebody may grant, in cents; None: without limit. Who has an unknown role may grant nothing.

    Args:
        authority_cents: their own limit; None for what is usual for their role.
    """
    if authority_cents is not None:
        return authority_cents
    return USUAL_CENTS[Role(role)] if role in set(Role) else 0


def may_grant(role: str, authority_cents: int | None, cents: int) -> bool:
    """Whether somebody may grant so much by themselves."""
    limit = limit_of(role, authority_cents)
    return limit is None or cents <= limit
