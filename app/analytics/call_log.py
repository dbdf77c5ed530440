"""The call log filtered, counted and paged; figures are counted over the same conditions, so that they equal it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.analytics.listings import Place
from app.models.call import Call
from app.models.call_log import SOON_SECONDS, CallOutcome, LogChange, LoggedCall, MatterWord
from app.models.case import Case

_TELL_UP_TO: Final = 1000
_FEW: Final = 2000  # calls that are looked up one by one


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What the log is filtered by; what is None or empty filters nothing."""

    since: datetime | None = None  # calls that began then or later
    until: datetime | None = None  # … and before
    numbers: tuple[str, ...] | None = None  # blind indexes of one telephone number in its possible readings
    words: tuple[str, ...] = ()  # fingerprints of words; a case of the call has them all
    protocol: str = ""  # of a case opened in the call
    network_id: str = ""
    flow: str = ""  # where the caller was last, whatever node of it
    call_keys: tuple[str, ...] | None = None  # in place of words that few calls have, see `narrowed`
    wait: str = ""  # how waiting for a human went: in_time, late, gave_up_soon, gave_up
    shows_number: bool | None = None  # whether the caller's number is known
    is_overdue: bool = False  # its promise is open, and the deadline has passed
    exact: Mapping[str, str | int | bool] = field(default_factory=dict)  # by column of LoggedCall

    def also(self, **exact: str | int | bool) -> LogFilter:
        """The same filter, and columns with these values."""
        return replace(self, exact={**self.exact, **exact})

    def between(self, since: datetime | None, until: datetime | None) -> LogFilter:
        """The same filter over another time."""
        return replace(self, since=since, until=until)


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some calls of the log, newest first, with all that a page tells of them."""

    rows: Sequence[LoggedCall]
    callers: Mapping[str, bytes]  # sealed, by call key
    cases: Mapping[str, Sequence[Case]]  # by call key
    total: int  # of the whole filter
    next: Place | None  # where the next page begins; None on the last one


_SOON: Final = LoggedCall.waited_seconds <= SOON_SECONDS
_LATER: Final = LoggedCall.waited_seconds > SOON_SECONDS
_WAITS: Final[Mapping[str, tuple[sa.ColumnElement[bool], ...]]] = {
    "in_time": (LoggedCall.outcome == CallOutcome.TALKED, _SOON),
    "late": (LoggedCall.outcome == CallOutcome.TALKED, _LATER),
    "gave_up_soon": (LoggedCall.outcome == CallOutcome.GAVE_UP, _SOON),
    "gave_up": (LoggedCall.outcome == CallOutcome.GAVE_UP, _LATER),
}
WAITS: Final = tuple(_WAITS)
"""How waiting for a human can have gone."""


def conditions(wanted: LogFilter, *, now: datetime) -> list[sa.ColumnElement[bool]]:
    """What a call of the log must be like.

    Args:
        now: office time, against which deadlines are overdue.
    """
    found: list[sa.ColumnElement[bool]] = [
        getattr(LoggedCall, column) == value for column, value in wanted.exact.items()
    ]
    if wanted.since is not None:
        found.append(LoggedCall.started_at >= wanted.since)
    if wanted.until is not None:
        found.append(LoggedCall.started_at < wanted.until)
    if wanted.numbers is not None:
        found.append(LoggedCall.caller_index.in_(wanted.numbers))
    if wanted.network_id:
        found.append(LoggedCall.network_id == wanted.network_id)
    if wanted.protocol:
        found.append(LoggedCall.call_key.in_(sa.select(Case.call_key).where(Case.protocol == wanted.protocol)))
    if wanted.call_keys is not None:
        found.append(LoggedCall.call_key.in_(wanted.call_keys))
    else:
        found += [
            sa.exists().where(MatterWord.word_index == word, MatterWord.call_key == LoggedCall.call_key)
            for word in wanted.words
        ]
    if wanted.flow:
        found.append(LoggedCall.node.startswith(f"{wanted.flow}.", autoescape=True))
    if wanted.wait:
        found += _WAITS[wanted.wait]
    if wanted.shows_number is not None:
        found.append(LoggedCall.caller_index.is_not(None) if wanted.shows_number else LoggedCall.caller_index.is_(None))
    if wanted.is_overdue:
        found += [LoggedCall.promise == "open", LoggedCall.promise_due_at < now]
    return found


def narrowed(session: orm.Session, wanted: LogFilter) -> LogFilter:
    """The same filter with the calls of its words looked up, if they are few; else it stays as it is.

    A database that does not know how many calls have a word walks the whole log for three of them.
    """
    if not wanted.words:
        return wanted
    keys = session.scalars(_having(wanted.words).limit(_FEW + 1)).all()
    return replace(wanted, call_keys=tuple(str(key) for key in keys)) if len(keys) <= _FEW else wanted


def _having(words: tuple[str, ...]) -> sa.Select[Any]:
    """Keys of calls of which a case has all these words."""
    query = sa.select(MatterWord.call_key).distinct()
    query = query.where(MatterWord.word_index == words[0], MatterWord.call_key.is_not(None))
    for word in words[1:]:
        other = orm.aliased(MatterWord)
        query = query.where(sa.exists().where(other.word_index == word, other.call_key == MatterWord.call_key))
    return query


def count_calls(session: orm.Session, wanted: LogFilter, *, now: datetime) -> int:
    """How many calls of the log there are."""
    wanted = narrowed(session, wanted)
    if wanted.words and wanted.call_keys is None and wanted == LogFilter(words=wanted.words):
        query = sa.select(sa.func.count()).select_from(_having(wanted.words).subquery())
    else:
        query = sa.select(sa.func.count()).select_from(LoggedCall).where(*conditions(wanted, now=now))
    return int(session.scalar(query) or 0)


def log_page(
    session: orm.Session,
    wanted: LogFilter,
    after: Place | None,
    limit: int,
    *,
    now: datetime,
    total: int | None = None,
) -> LogPage:
    """A page of the log, newest call first. Calls that come in meanwhile move nothing on the pages after it.

    Args:
        total: how many calls there are, if whoever asks has counted them already.
    """
    wanted = narrowed(session, wanted)
    total = count_calls(session, wanted, now=now) if total is None else total
    found = session.scalars(page_query(wanted, after, limit + 1, now=now)).all() if total else []
    rows = found[:limit]
    keys = [row.call_key for row in rows]
    sealed = sa.select(Call.key, Call.caller).where(Call.key.in_(keys))
    callers = {key: caller for key, caller in session.execute(sealed)}  # noqa: C416 - rows are no tuples to mypy
    following = (rows[-1].started_at, rows[-1].network_id) if len(found) > limit else None
    return LogPage(rows, callers, _cases(session, keys), total, following)


def page_query(wanted: LogFilter, after: Place | None, limit: int, *, now: datetime) -> sa.Select[LoggedCall]:
    """The calls behind `after`, newest first."""
    query = sa.select(LoggedCall).where(*conditions(wanted, now=now))
    if after is not None:
        at, key = after
        # Said as a range first, which both databases answer by index; the rest decides among calls of one instant.
        query = query.where(
            LoggedCall.started_at <= at, sa.or_(LoggedCall.started_at < at, LoggedCall.network_id < key)
        )
    return query.order_by(LoggedCall.started_at.desc(), LoggedCall.network_id.desc()).limit(limit)


def _cases(session: orm.Session, keys: Sequence[str]) -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = {key: [] for key in keys}
    for case in session.scalars(sa.select(Case).where(Case.call_key.in_(keys)).order_by(Case.id)):
        found[case.call_key or ""].append(case)
    return found


def not_entered_yet(session: orm.Session) -> int:
    """How many changes the log does not tell yet, counted up to a thousand; some during the second after each call."""
    some = sa.select(LogChange.id).limit(_TELL_UP_TO).subquery()
    return int(session.scalar(sa.select(sa.func.count()).select_from(some)) or 0)


def facet_counts(
    session: orm.Session, wanted: LogFilter, column: str, *, now: datetime, most: int = 50
) -> list[tuple[Any, int]]:
    """How many calls have which value of a column, the most frequent first; calls without a value are left out."""
    value = getattr(LoggedCall, column)
    number = sa.func.count()
    query = (
        sa.select(value, number)
        .where(*conditions(wanted, now=now), value.is_not(None))
        .group_by(value)
        .order_by(number.desc(), value)
        .limit(most)
    )
    return [(each, int(calls)) for each, calls in session.execute(query)]
