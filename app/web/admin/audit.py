"""The audit trail: who did and looked at what, when, from where, with what was before and after."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import sqlalchemy as sa
from flask import Blueprint, Response, render_template, request, stream_with_context
from sqlalchemy import orm

from app.compliance.audit_kept import audit_term
from app.domain.errors import Invalid
from app.domain.role import Permission
from app.models.audit import AuditEntry, details_of_entry
from app.models.staff import Staff
from app.runtime import Runtime
from app.web.access import needs
from app.web.show import office_zone
from app.web.webhooks.gate import runtime
from app.web.words import say

PAGE: Final = 50
_CHUNK: Final = 500
OPERATOR: Final = "operator"  # whoever asks for what was done at the command line
_KINDS: Final = ("deeds", "looks")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Told:
    """One entry, opened."""

    row: AuditEntry
    who: str
    address: str
    browser: str
    changes: list[dict[str, Any]]
    is_refused: bool


def add_views(bp: Blueprint) -> None:
    """Add the page and the file."""
    bp.add_url_rule("/audit", view_func=audit)
    bp.add_url_rule("/audit.csv", view_func=audit_csv)


@needs(Permission.ADMINISTER)
def audit() -> str:
    rt = runtime()
    with rt.database.reads() as session:
        names = _names(session)
        query = _asked()
        before = request.args.get("before", "")
        if before.isascii() and before.isdecimal():
            query = query.where(AuditEntry.id < min(int(before[:18]), 2**31 - 1))
        rows = session.scalars(query.limit(PAGE + 1)).all()
        actions = session.scalars(sa.select(AuditEntry.action).distinct().order_by(AuditEntry.action)).all()
    return render_template(
        "admin/audit.html",
        told=[_tell(rt, row, names) for row in rows[:PAGE]],
        older=rows[PAGE - 1].id if len(rows) > PAGE else None,
        names=names,
        actions=actions,
        zone=office_zone(),
        kept=audit_term(),
        asked={name: request.args.get(name, "") for name in ("who", "action", "about", "since", "until", "kind")},
    )


@needs(Permission.ADMINISTER)
def audit_csv() -> Response:
    """The entries of the current filter, newest first, streamed."""
    rt, query = runtime(), _asked()
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return Response(stream_with_context(_lines(rt, query)), mimetype="text/csv; charset=utf-8", headers=headers)


def _lines(rt: Runtime, query: sa.Select[AuditEntry]) -> Iterator[str]:
    yield _row(["at_utc", "at_local", "who", "action", "subject", "address", "browser", "refused", "changes"])
    zone, last = office_zone(), None
    while True:
        with rt.database.reads() as session:
            names = _names(session)
            page = query if last is None else query.where(AuditEntry.id < last)
            rows: Sequence[AuditEntry] = session.scalars(page.limit(_CHUNK)).all()
        for row in rows:
            told = _tell(rt, row, names)
            yield _row(
                [
                    row.at.isoformat(),
                    row.at.astimezone(zone).isoformat(),
                    told.who,
                    row.action,
                    row.subject,
                    told.address,
                    told.browser,
                    "yes" if told.is_refused else "",
                    "; ".join(_in_words(change) for change in told.changes),
                ]
            )
        if len(rows) < _CHUNK:
            return
        last = rows[-1].id


def _in_words(change: dict[str, Any]) -> str:
    columns = ", ".join(f"{name}: {before} → {after}" for name, (before, after) in change["columns"].items())
    return f"{change['what']} ({columns})"


def _row(values: Sequence[str]) -> str:
    """A line of CSV that no spreadsheet takes for a formula."""
    out = io.StringIO()
    csv.writer(out).writerow([f"'{value}" if value.startswith(_FORMULA) else value for value in values])
    return out.getvalue()


def _asked() -> sa.Select[AuditEntry]:
    """The entries that the address asks for."""
    query, args, zone = sa.select(AuditEntry).order_by(AuditEntry.id.desc()), request.args, office_zone()
    who = args.get("who", "")
    if who == OPERATOR:
        query = query.where(AuditEntry.action.startswith("cli.", autoescape=True))
    elif who:
        if not (who.isascii() and who.isdecimal() and len(who) < 10):
            raise Invalid("who", say("is nobody of the office"))
        query = query.where(AuditEntry.staff_id == int(who))
    if args.get("action"):
        query = query.where(AuditEntry.action == args["action"][:100].replace("\x00", ""))
    if args.get("about"):
        words = args["about"].strip()[:100].replace("\x00", "")
        plain = "".join(sign for sign in words if not sign.isspace())
        query = query.where(AuditEntry.subject.contains(plain, autoescape=True))
    kind = args.get("kind")
    if kind in _KINDS:
        query = query.where(AuditEntry.view.is_(None) if kind == "deeds" else AuditEntry.view.is_not(None))
    since, until = _day("since"), _day("until")
    if since is not None:
        query = query.where(AuditEntry.at >= datetime.combine(since, time(), zone))
    if until is not None:
        query = query.where(AuditEntry.at < datetime.combine(until + timedelta(days=1), time(), zone))
    return query


def _day(name: str) -> date | None:
    typed = request.args.get(name, "")
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise Invalid(name, say("is no day; write it as 2026-03-02")) from None
    if not 2000 <= day.year <= 2200:
        raise Invalid(name, say("is no day; write it as 2026-03-02"))
    return day


def _names(session: orm.Session) -> dict[int, str]:
    people = session.execute(sa.select(Staff.id, Staff.name).order_by(Staff.name))
    return {row.id: row.name for row in people}


def _of_the_system(details: dict[str, Any]) -> str:
    """Who it was if nobody of the office: the operator at the command line, or another system by its token."""
    if "by" in details:
        return say("{name}, command line", name=details["by"])
    return str(details.get("through", "–"))


def _tell(rt: Runtime, row: AuditEntry, names: dict[int, str]) -> Told:
    details = details_of_entry(rt.vault, row)
    address, browser = details.get("from", ["", ""])
    who = names.get(row.staff_id, "?") if row.staff_id is not None else _of_the_system(details)
    return Told(row, who, address, browser, details.get("changes", []), bool(details.get("refused")))
