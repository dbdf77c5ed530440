"""The call log as rows for files: one schema, in one order, whatever the form of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from app.analytics.call_log import LogFilter, page_query
from app.analytics.listings import Place
from app.domain.hotline import Hotline
from app.models.call import Call
from app.models.call_log import LoggedCall
from app.models.case import Case
from app.models.engines import Database
from app.models.staff import Staff
from app.models.vault import Vault

COLUMNS: Final = (
    "call", "channel", "hotline", "called", "caller", "language", "started_at", "started_local", "ended_at",
    "ended_local", "seconds", "outcome", "last_node", "caller_hung_up", "waited_seconds", "agent", "kind", "protocols",
    "promise", "promise_due_at", "promise_due_local", "promise_cause", "recorded", "called_again",
    "satisfaction",
)  # fmt: skip
"""What a file tells of a call. Instants are RFC 3339: those in `…_at` in UTC, those in `…_local` at the hotline."""

_AT_ONCE: Final = 500

Row = dict[str, Any]
HotlineNamed = Callable[[str], Hotline]


def log_rows(
    database: Database, vault: Vault, hotline_named: HotlineNamed, wanted: LogFilter, *, now: datetime
) -> Iterator[Row]:
    """The calls of a filter, newest first, a few hundred at a time; no transaction is held in between.

    Args:
        now: office time, against which promises are overdue.
    """
    after: Place | None = None
    while True:
        with database.reads() as session:
            logged = session.scalars(page_query(wanted, after, _AT_ONCE, now=now)).all()
            keys = [each.call_key for each in logged]
            calls = {call.key: call for call in session.scalars(sa.select(Call).where(Call.key.in_(keys)))}
            protocols: dict[str, list[str]] = {key: [] for key in keys}
            opened = sa.select(Case.call_key, Case.protocol).where(Case.call_key.in_(keys)).order_by(Case.id)
            for key, protocol in session.execute(opened):
                protocols[key or ""].append(protocol)
            agents = {each.staff_id for each in logged if each.staff_id is not None}
            names = {each.id: each.name for each in session.scalars(sa.select(Staff).where(Staff.id.in_(agents)))}
        for each in logged:
            if each.call_key in calls:  # else it was removed a moment ago
                yield _row(vault, hotline_named, each, calls[each.call_key], protocols[each.call_key], names)
        if len(logged) < _AT_ONCE:
            return
        after = (logged[-1].started_at, logged[-1].network_id)


def _row(
    vault: Vault,
    hotline_named: HotlineNamed,
    logged: LoggedCall,
    call: Call,
    protocols: list[str],
    names: Mapping[int, str],
) -> Row:
    zone = hotline_named(logged.hotline).zone

    def local(at: datetime | None) -> str | None:
        return at.astimezone(zone).isoformat() if at else None

    def utc(at: datetime | None) -> str | None:
        return at.isoformat() if at else None

    values = (
        logged.network_id, logged.channel, logged.hotline, call.called,
        vault.open(call.caller, f"calls:caller:{call.key}") or None, logged.language,
        utc(logged.started_at), local(logged.started_at), utc(call.ended_at), local(call.ended_at), logged.seconds,
        logged.outcome, logged.node, logged.hung_up, logged.waited_seconds, names.get(logged.staff_id or 0),
        logged.kind, protocols, logged.promise, utc(logged.promise_due_at), local(logged.promise_due_at),
        logged.promise_cause, logged.is_recorded, logged.is_repeat, logged.satisfaction,
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def filter_to_json(wanted: LogFilter) -> dict[str, Any]:
    """A filter as JSON values, for whoever works it off later."""
    values = asdict(wanted)
    for name in ("since", "until"):
        values[name] = values[name].isoformat() if values[name] else None
    return {**values, "exact": dict(wanted.exact)}


def filter_from_json(values: Mapping[str, Any]) -> LogFilter:
    """The filter that `filter_to_json` gave."""
    times = {name: datetime.fromisoformat(values[name]) if values[name] else None for name in ("since", "until")}
    numbers = tuple(values["numbers"]) if values["numbers"] is not None else None
    return LogFilter(**{**values, **times, "numbers": numbers, "words": tuple(values["words"])})
