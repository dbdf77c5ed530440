"""The audit trail of the pages: every change beside itself, in its own transaction, and every look before it is shown.

A page that is added later is in it without saying so: whatever a form changes is found when its transaction is about
to be committed, and every page is taken to show personal data unless it is named here as one that does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from flask import Response, current_app, g, has_request_context, request
from sqlalchemy import orm

from app.domain.role import Permission
from app.models.audit import AuditEntry, audit
from app.models.staff import LoginFailure, LoginSession
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
        "admin.tokens",
    }
)
"""Pages without a word about a customer or a colleague."""

_AGAIN: Final = timedelta(minutes=15)  # the same page seen again within it is one look
NO_DEEDS: Final = frozenset({"desk.keep", "desk.stay", "desk.telephone_state", "desk.check_callback"})
"""Forms that send themselves while a page stands open, and change nothing but what it holds."""

_OF_PEOPLE: Final = ("desk", "floor", "admin")
_SAFE: Final = ("GET", "HEAD", "OPTIONS")
_SECRET: Final = ("hash", "secret", "index", "token", "key")  # columns whose values say nothing or too much
_BESIDES: Final = (AuditEntry, LoginFailure)
_LONGEST: Final = 200
_LONGEST_LIST: Final = 4_000
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
    session.info.setdefault("changes", []).extend(_changes(session))


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
    rt = runtime()
    told = _counted([{name: value for name, value in each.items() if name != "staff_id"} for each in changes])
    _add(session, rt, found.staff.id if found else begun, rt.wall.now(), {"from": _origin(), "changes": told})
    g.is_noting = False


def _changes(session: orm.Session) -> Iterator[dict[str, Any]]:
    """What will be written: of which row which columns, before and after."""
    for row in session.new:
        if isinstance(row, LoginSession):
            yield {"what": "login", "columns": {"awaits": [None, row.awaits]}, "staff_id": row.staff_id}
        elif not isinstance(row, _BESIDES):
            yield {"what": _named(row), "columns": {name: [None, value] for name, value in _plain(row)}}
    for row in session.dirty:
        columns = dict(_changed(row))
        if columns:
            yield {"what": _named(row), "columns": columns}
    for row in session.deleted:
        yield {"what": _named(row), "columns": {name: [value, None] for name, value in _plain(row)}}


def _counted(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same change of many rows once, with how many."""
    counted: list[dict[str, Any]] = []
    for change in changes:
        same = next((each for each in counted if {**each, "times": 0} == {**change, "times": 0}), None)
        if same is None:
            counted.append(change)
        else:
            same["times"] = same.get("times", 1) + 1
    return counted


def _named(row: Any) -> str:
    identity = sa.inspect(row).identity
    return f"{row.__tablename__} {'/'.join(map(str, identity))}" if identity else str(row.__tablename__)


def _plain(row: Any) -> Iterator[tuple[str, Any]]:
    for column in sa.inspect(row).mapper.column_attrs:
        value = getattr(row, column.key)
        if value is not None and not _is_secret(column.key):
            yield column.key, _written(value)


def _changed(row: Any) -> Iterator[tuple[str, list[Any]]]:
    state = sa.inspect(row)
    for column in state.mapper.column_attrs:
        history = state.attrs[column.key].history
        if history.has_changes():
            before = history.deleted[0] if history.deleted else None
            after = history.added[0] if history.added else None
            if before != after:
                hidden = _is_secret(column.key)
                yield column.key, ["…", "…"] if hidden else [_written(before), _written(after)]


def _is_secret(column: str) -> bool:
    return any(word in column for word in _SECRET)


def _written(value: Any) -> Any:
    if isinstance(value, bytes):
        return "sealed"
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | dict):
        return value if len(str(value)) <= _LONGEST_LIST else f"{str(value)[:_LONGEST]}…"
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _origin() -> list[str]:
    told = origin()
    return [told.address, told.browser]
