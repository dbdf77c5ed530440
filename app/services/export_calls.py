"""The call log as rows, for spreadsheets and other systems."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, TextIO

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.call import Call
from app.models.case import Case
from app.models.vault import Vault

COLUMNS: Final = (
    "call", "hotline", "called", "caller", "language", "started_at", "ended_at", "seconds", "status", "protocols",
)  # fmt: skip
_PAGE: Final = 500
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def export_calls(
    session: orm.Session,
    vault: Vault,
    out: TextIO,
    *,
    as_csv: bool = True,
    since: datetime | None = None,
    until: datetime | None = None,
) -> int:
    """Write every call that began in ``[since, until)``, oldest first, and give their number.

    Times are RFC 3339 in UTC. In CSV a cell that a spreadsheet would take for a formula, as it does with ``+49…``,
    begins with an apostrophe.
    """
    number = 0
    writer = csv.writer(out, lineterminator="\r\n")
    if as_csv:
        writer.writerow(COLUMNS)
    for row in _rows(session, vault, since, until):
        if as_csv:
            writer.writerow([_cell(row[name]) for name in COLUMNS])
        else:
            out.write(json.dumps(row) + "\n")
        number += 1
    return number


def _rows(
    session: orm.Session, vault: Vault, since: datetime | None, until: datetime | None
) -> Iterator[dict[str, Any]]:
    query = sa.select(Call).where(Call.channel == "phone").order_by(Call.started_at, Call.key).limit(_PAGE)
    if since is not None:
        query = query.where(Call.started_at >= since)
    if until is not None:
        query = query.where(Call.started_at < until)
    page = session.scalars(query).all()
    while page:
        keys = [call.key for call in page]
        protocols: dict[str, list[str]] = {key: [] for key in keys}
        found = sa.select(Case.call_key, Case.protocol).where(Case.call_key.in_(keys)).order_by(Case.id)
        for key, protocol in session.execute(found):
            protocols[key or ""].append(protocol)
        for call in page:
            yield _row(vault, call, protocols[call.key])
        last = page[-1]
        page = session.scalars(
            query.where(
                sa.or_(
                    Call.started_at > last.started_at, sa.and_(Call.started_at == last.started_at, Call.key > last.key)
                )
            )
        ).all()


def _row(vault: Vault, call: Call, protocols: list[str]) -> dict[str, Any]:
    return {
        "call": call.network_id,
        "hotline": call.hotline,
        "called": call.called,
        "caller": vault.open(call.caller, f"calls:caller:{call.key}") or None,
        "language": call.language,
        "started_at": call.started_at.isoformat(),
        "ended_at": call.ended_at.isoformat() if call.ended_at else None,
        "seconds": call.seconds,
        "status": call.status,
        "protocols": protocols,
    }


def _cell(value: Any) -> str:
    text = "" if value is None else " ".join(value) if isinstance(value, list) else str(value)
    return "'" + text if text.startswith(_FORMULA_STARTS) else text
