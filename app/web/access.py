"""Who may ask for what: every view says so itself, and a view that says nothing is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from app.domain.role import Permission

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC: Final = "public"
TOKEN: Final = "token"  # noqa: S105 - a word, not a secret
HALF: Final = "half"


def needs(permission: Permission) -> Callable[[View], View]:
    """Let only staff with this permission in."""
    return _declare(permission)


def public(view: View) -> View:
    """Let everybody in."""
    return _declare(PUBLIC)(view)


def token_only(view: View) -> View:
    """Let in who shows a token of the API."""
    return _declare(TOKEN)(view)


def half_way(view: View) -> View:
    """Let in whose login began, also if it still awaits a second factor; the view decides what follows from that."""
    return _declare(HALF)(view)


def declared(view: Callable[..., Any] | None) -> str | None:
    """What a view says: a permission, "public", "token", "half", or None if it says nothing."""
    return getattr(view, "access", None)


def _declare(access: str) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark
