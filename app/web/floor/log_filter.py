"""The filter of the call log as it stands in an address; figures and exports take the same words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import url_for
from werkzeug.datastructures import MultiDict

from app.analytics.call_log import WAITS, LogFilter
from app.domain.errors import Invalid
from app.domain.periods import NAMED, Period
from app.domain.protocol import read_protocol
from app.models.call_log import word_index, words_in
from app.runtime import Runtime
from app.web.asked import number_indexes

FIELDS: Final = (
    "range", "since", "until", "phone", "outcome", "node", "agent", "language", "hotline", "recording", "overdue", "q",
    "kind", "promise", "cause", "repeat", "channel", "hung_up",
    "wait", "number", "satisfaction", "rings",
)  # fmt: skip
_COLUMNS: Final = {
    "outcome": "outcome", "language": "language", "hotline": "hotline", "kind": "kind", "promise": "promise",
    "cause": "promise_cause", "channel": "channel", "rings": "promise_rings",
}  # fmt: skip
_FLAGS: Final = {"recording": "is_recorded", "repeat": "is_repeat", "hung_up": "hung_up"}
_NETWORK_ID: Final = re.compile(r"CA[0-9a-f]{32}", re.ASCII)
_WORD: Final = re.compile(r"[\w .\-]{1,80}")


@dataclass(frozen=True, slots=True)
class Typed:
    """A filter as somebody typed it, and what it means."""

    words: Mapping[str, str]  # by field, nothing empty; as they go back into an address
    filter: LogFilter
    period: Period | None = None  # of the calendar, if that is what the time means

    def address(self, endpoint: str, **more: Any) -> str:
        """A page with this filter; `more` replaces parts of it, None takes one away."""
        chosen = {name: value for name, value in {**self.words, **more}.items() if value is not None}
        return url_for(endpoint, **chosen)


def typed_words(args: MultiDict[str, str]) -> dict[str, str]:
    """The fields of the filter that say anything."""
    found = {name: args.get(name, "").strip(" \t\r\n") for name in FIELDS}
    raw = args.get("phone", "")
    if raw.startswith(" ") and found["phone"]:  # in an address a bare + means a blank
        found["phone"] = "+" + found["phone"]
    return {name: value[:200].replace("\x00", "") for name, value in found.items() if value}


def read_filter(rt: Runtime, args: MultiDict[str, str], zone: ZoneInfo) -> Typed:
    """The filter that an address asks for.

    Args:
        zone: in which days begin, and in which instants without a zone are meant.

    Raises:
        Invalid: if a field cannot be read.
    """
    words = typed_words(args)
    since, until = _time(words, zone, rt.clock.now())
    exact: dict[str, str | int | bool] = {}
    for name, column in _COLUMNS.items():
        if name in words:
            exact[column] = _plain(words, name)
    for name, column in _FLAGS.items():
        if name in words:
            exact[column] = _yes_no(words, name)
    if "satisfaction" in words:
        exact["satisfaction"] = _number(words, "satisfaction")
    if "agent" in words:
        exact["staff_id"] = _number(words, "agent")
    node = _plain(words, "node") if "node" in words else ""
    if "." in node:
        exact["node"] = node
    protocol, network_id, fingerprints = _text(rt, words.get("q", ""))
    return Typed(
        words,
        LogFilter(
            since=since,
            until=until,
            numbers=tuple(number_indexes(rt, words["phone"])) if "phone" in words else None,
            words=fingerprints,
            protocol=protocol,
            network_id=network_id,
            flow="" if "." in node else node,
            wait=_wait(words) if "wait" in words else "",
            shows_number=_yes_no(words, "number") if "number" in words else None,
            is_overdue="overdue" in words and _yes_no(words, "overdue"),
            exact=exact,
        ),
        _period(words, zone, rt.clock.now()),
    )


def _period(words: Mapping[str, str], zone: ZoneInfo, now: datetime) -> Period | None:
    is_named = words.get("range") in NAMED and not {"since", "until"} & set(words)
    return NAMED[words["range"]](now.astimezone(zone).date()) if is_named else None


def _time(words: Mapping[str, str], zone: ZoneInfo, now: datetime) -> tuple[datetime | None, datetime | None]:
    """The exact times, and where one is missing that of the named range."""
    since = until = None
    if "range" in words:
        if words["range"] not in NAMED:
            raise Invalid("range", f"is none of: {', '.join(NAMED)}")
        since, until = NAMED[words["range"]](now.astimezone(zone).date()).instants(zone)
    return (
        read_moment(words["since"], "since", zone) if "since" in words else since,
        read_moment(words["until"], "until", zone) if "until" in words else until,
    )


def read_moment(text: str, name: str, zone: ZoneInfo) -> datetime:
    """An instant of ``2026-03-02``, ``2026-03-02T09:00`` (both local) or ``2026-03-02T09:00:00Z``, in UTC.

    Raises:
        Invalid: if it is none.
    """
    try:
        # In an address a bare + means a blank, also the one before the offset.
        read = datetime.fromisoformat(re.sub(r" (\d\d:\d\d)$", r"+\1", text))
        return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(name, "is no time; write it as 2026-03-02T09:00") from error


def _text(rt: Runtime, text: str) -> tuple[str, str, tuple[str, ...]]:
    """What a free text asks for: a protocol number, the network's id of a call, or words."""
    if not text:
        return "", "", ()
    protocol = read_protocol(text)
    if protocol is not None:
        return protocol, "", ()
    if _NETWORK_ID.fullmatch(text):
        return "", text, ()
    words = words_in(text)
    if not words:
        raise Invalid("q", "has no word that can be looked for")
    return "", "", tuple(word_index(rt.vault, word) for word in words)


def _plain(words: Mapping[str, str], name: str) -> str:
    if not _WORD.fullmatch(words[name]):
        raise Invalid(name, "is no word that can be looked for")
    return words[name]


def _wait(words: Mapping[str, str]) -> str:
    if words["wait"] not in WAITS:
        raise Invalid("wait", f"is none of: {', '.join(WAITS)}")
    return words["wait"]


def _yes_no(words: Mapping[str, str], name: str) -> bool:
    if words[name] not in ("yes", "no"):
        raise Invalid(name, "is neither yes nor no")
    return words[name] == "yes"


def _number(words: Mapping[str, str], name: str) -> int:
    text = words[name]
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise Invalid(name, "is no number")
    return int(text)
