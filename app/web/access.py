"""Who may ask for what: every view says so itself, and a view that says nothing is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from app.domain.role import Permission
from app.domain.scope import Scope

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


def token_for(scope: Scope) -> Callable[[View], View]:
    """Let in who shows a token of the API that opens this."""

    def mark(view: View) -> View:
        view.scope = scope  # type: ignore[attr-defined]
        return _declare(TOKEN)(view)

    return mark


def half_way(view: View) -> View:
    """Let in whose login began, also if it still awaits a second factor; the view decides what follows from that."""
    return _declare(HALF)(view)


def declared(view: Callable[..., Any] | None) -> str | None:
    """What a view says: a permission, "public", "token", "half", or None if it says nothing."""
    return getattr(view, "access", None)


def scope_of(view: Callable[..., Any] | None) -> Scope | None:
    """What a token must open for this view; None if it asks for none."""
    return getattr(view, "scope", None)


def _declare(access: str) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark
