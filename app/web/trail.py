"""The audit trail of the pages: every change beside itself, in its own transaction, and every look before it is shown.

A page that is added later is in it without saying so: whatever a form changes is found when its transaction is about
to be committed, and every page is taken to show personal data unless it is named here as one that does not.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from flask import Response, current_app, g, has_request_context, request
from sqlalchemy import orm

from app.domain.role import Permission
from app.models.audit import AuditEntry, audit
from app.models.row_changes import changes_of, counted
from app.runtime import Runtime
from app.web.access import declared
from app.web.auth import here, origin
from app.web.webhooks.gate import runtime

SHOWS_NOBODY: Final = frozenset(
    {
        "desk.knowledge",
        "desk.account",
        "desk.factor",
        "desk.code",
        "desk.telephone",
        "floor.rules",
        "floor.drawing",
        "admin.office",
        "admin.hotlines",
        "admin.hours",
        "admin.hire",
        "admin.retention",
        "admin.tokens",
        "admin.webhooks",
        "admin.webhook",
    }
)
"""Pages without a word about a customer or a colleague."""

_AGAIN: Final = timedelta(minutes=15)  # the same page seen again within it is one look
NO_DEEDS: Final = frozenset({"desk.keep", "desk.stay", "desk.telephone_state", "desk.check_callback"})
"""Forms that send themselves while a page stands open, and change nothing but what it holds."""

TRIES: Final = frozenset({"admin.hours"})
"""Forms that first show what would follow: only what they change is a deed."""

_OF_PEOPLE: Final = ("desk", "floor", "admin")
_SAFE: Final = ("GET", "HEAD", "OPTIONS")
_LONGEST: Final = 200
_REFUSED: Final = 403


def install() -> None:
    """Watch every unit of work that a form begins, once a process."""
    for event, listener in (("before_flush", _collect), ("before_commit", _note_deed)):
        if not sa.event.contains(orm.Session, event, listener):
            sa.event.listen(orm.Session, event, listener)


def note_look() -> None:
    """Put down who is about to see a page about people; if that cannot be written, it is not shown."""
    found = here()
    if found is None or request.method not in _SAFE or request.endpoint in SHOWS_NOBODY or not _is_for_staff():
        return
    rt = runtime()
    now, view = rt.wall.now(), rt.vault.index(f"view:{request.full_path}")
    with rt.database.reads() as session:
        seen = sa.select(AuditEntry.at).where(AuditEntry.staff_id == found.staff.id, AuditEntry.view == view)
        latest: datetime | None = session.scalar(seen.order_by(AuditEntry.id.desc()).limit(1))
    if latest is not None and latest > now - _AGAIN:
        return
    with rt.database.sessions.begin() as session:
        details = {"from": _origin(), "asked": sorted(request.args)}
        _add(session, rt, found.staff.id, now, details, view)


def note_refusal(response: Response) -> Response:
    """Put down that somebody asked for what they may not have."""
    found, rt = here(), runtime()
    if response.status_code == _REFUSED and found is not None and found.awaits is None:
        with rt.database.sessions.begin() as session:
            _add(session, rt, found.staff.id, rt.wall.now(), {"from": _origin(), "refused": True})
    return response


def _add(
    session: orm.Session,
    rt: Runtime,
    staff_id: int | None,
    now: datetime,
    details: dict[str, Any],
    view: str | None = None,
) -> None:
    g.is_noting = True
    audit(
        session,
        rt.vault,
        at=now,
        staff_id=staff_id,
        action=request.endpoint or "",
        subject=request.path[:_LONGEST],
        details=details,
        view=view,
    )


def _is_for_staff() -> bool:
    return declared(current_app.view_functions.get(request.endpoint or "")) in set(Permission)


def _is_watched() -> bool:
    if not has_request_context() or "visitor" not in g:  # callers' turns go on at once
        return False
    return request.blueprint in _OF_PEOPLE and request.endpoint not in NO_DEEDS and not g.get("is_noting")


def _collect(session: orm.Session, _context: Any, _instances: Any) -> None:
    if not _is_watched():
        return
    session.info.setdefault("changes", []).extend(changes_of(session))


def _note_deed(session: orm.Session) -> None:
    """Add the entry to the transaction that it tells of, so that neither is there without the other."""
    if not _is_watched():
        return
    session.flush()
    changes: list[dict[str, Any]] = session.info.pop("changes", [])
    begun = next((each["staff_id"] for each in changes if "staff_id" in each), None)
    found = here()
    if begun is None and (found is None or request.method in _SAFE):
        return
    if not changes and request.endpoint in TRIES:
        return
    rt = runtime()
    told = counted([{name: value for name, value in each.items() if name != "staff_id"} for each in changes])
    _add(session, rt, found.staff.id if found else begun, rt.wall.now(), {"from": _origin(), "changes": told})
    g.is_noting = False


def _origin() -> list[str]:
    told = origin()
    return [told.address, told.browser]
