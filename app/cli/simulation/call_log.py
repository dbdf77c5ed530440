"""A real day from the call log: when who called for what, how long it took, and what became of what was promised.

Nothing that tells who somebody is is read: no number, no name, no word. An office's own SQLite database tells all; the
export of `scripts/hotline calls export` tells when calls came and whether they left a case.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.domain.errors import BadFile
from app.domain.yaml_source import Fault

_SQLITE: Final = b"SQLite format 3\x00"
_ERRANDS: Final = {"complaint": "complaint", "cancellation": "cancellation"}
_MOODS: Final = {"connected": "answers", "busy": "is talking", "no_answer": "is away", "machine": "machine"}


@dataclass(frozen=True, slots=True)
class Logged:
    """One call of the log."""

    started_at: datetime
    hotline: str
    language: str
    errand: str  # complaint, cancellation, human; nothing: it left no case
    talk_seconds: float | None  # of the conversation with an agent; None: unknown, or there was none
    moods: tuple[str, ...]  # how the customer took each ring, as far as is known


@dataclass(frozen=True, slots=True)
class CallLog:
    """The calls of one day, and what became of the promises that were made in them."""

    day: date
    calls: tuple[Logged, ...]
    promises: Counter[str] | None  # by end state; None: the log does not tell


def read_call_log(path: Path, zone: ZoneInfo, day: date | None) -> CallLog:
    """The calls of a day, by the calendar of `zone`; the day with most calls if none is given.

    Raises:
        BadFile: if it is neither an office's database nor an export of the call log, or has no call on that day.
    """
    try:
        with path.open("rb") as file:
            is_database = file.read(len(_SQLITE)) == _SQLITE
        rows = list(_from_database(path)) if is_database else [(row, None) for row in _from_export(path)]
    except (sqlite3.Error, KeyError, ValueError, csv.Error) as error:
        raise BadFile(
            [Fault(path.name, 1, 1, f"neither an office's database nor an export of calls: {error}")]
        ) from error
    counts = Counter(row.started_at.astimezone(zone).date() for row, _ in rows)
    chosen = day or max(counts, key=lambda each: (counts[each], each), default=None)
    if chosen is None or not counts[chosen]:
        raise BadFile([Fault(path.name, 1, 1, f"holds no call{f' on {chosen}' if chosen else ''}")])
    of_day = [(row, ends) for row, ends in rows if row.started_at.astimezone(zone).date() == chosen]
    promises = Counter(end for _, ends in of_day for end in ends or ()) if is_database else None
    return CallLog(chosen, tuple(row for row, _ in of_day), promises)


def _from_database(path: Path) -> Iterator[tuple[Logged, list[str]]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        kinds = dict(connection.execute("SELECT call_key, kind FROM cases WHERE call_key IS NOT NULL ORDER BY id DESC"))
        ends: dict[str, list[str]] = {}
        talks: dict[str, float] = {}
        moods: dict[str, list[str]] = {}
        for row in connection.execute(
            "SELECT id, call_key, status FROM promises WHERE call_key IS NOT NULL ORDER BY id"
        ):
            ends.setdefault(row["call_key"], []).append(row["status"])
            tries = "SELECT result, seconds FROM attempts WHERE promise_id = ? AND dialled_at IS NOT NULL ORDER BY id"
            for result, seconds in connection.execute(tries, (row["id"],)):
                moods.setdefault(row["call_key"], []).append(_MOODS.get(result or "", "is away"))
                if result == "connected" and seconds:
                    talks[row["call_key"]] = float(seconds)
        live = "SELECT wait_key, seconds FROM attempts WHERE wait_key IS NOT NULL AND result = 'connected'"
        talks |= {key: float(seconds) for key, seconds in connection.execute(live) if seconds}
        waits = {key for (key,) in connection.execute("SELECT call_key FROM waits")}
        query = "SELECT key, hotline, language, started_at FROM calls ORDER BY started_at, key"
        for row in connection.execute(query):
            key = row["key"]
            errand = "human" if key in waits and key not in kinds else _errand(kinds.get(key))
            yield (
                Logged(
                    _instant(row["started_at"]), row["hotline"], row["language"], errand, talks.get(key),
                    tuple(moods.get(key, ())),
                ),
                ends.get(key, []),
            )  # fmt: skip


def _from_export(path: Path) -> Iterator[Logged]:
    with path.open(encoding="utf-8", newline="") as file:
        first = file.read(1)
        file.seek(0)
        rows: Iterator[dict[str, Any]]
        if first == "{":
            rows = (json.loads(line) for line in file if line.strip())
        else:
            table = csv.DictReader(file)
            if "started_at" not in (table.fieldnames or ()):
                raise ValueError("no column started_at")
            rows = iter(table)
        for row in rows:
            errand = "complaint" if row["protocols"] else "nothing"
            yield Logged(_instant(row["started_at"]), row["hotline"], row["language"], errand, None, ())


def _errand(kind: str | None) -> str:
    return "nothing" if kind is None else _ERRANDS.get(kind, "human")


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
