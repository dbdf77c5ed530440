"""What other systems are told of: which entry of a history is which event, and what of it they may know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from app.domain.errors import Invalid

EVENT_OF: Final[Mapping[str, str]] = {
    "received": "case.opened",
    "severity": "case.changed",
    "corrected": "case.changed",
    "point_listed": "case.changed",
    "owned": "case.changed",
    "handed_over": "case.changed",
    "effective": "case.changed",
    "end_chosen": "case.changed",
    "withdrawn_from": "case.changed",
    "note": "case.changed",
    "outcome": "case.decided",
    "closed": "case.closed",
    "erased": "case.erased",
    "promised": "promise.made",
    "foreseen": "promise.endangered",
    "late": "promise.late",
    "moved": "promise.moved",
    "kept": "promise.kept",
    "kept_late": "promise.kept_late",
    "broken": "promise.broken",
    "withdrawn": "promise.withdrawn",
    "unreachable": "promise.unreachable",
    "discharged": "promise.discharged",
    "recall_corrected": "recall.remedied",
    "charge_suspended": "charge.suspended",
    "charge_reversed": "charge.decided",
    "charge_stands": "charge.decided",
}
"""By the kind of an entry; entries of other kinds are told to nobody."""

EVENTS: Final = tuple(dict.fromkeys(EVENT_OF.values()))
"""Every event there is."""

TEST: Final = "webhook.test"
"""What an administrator sends to see whether it comes."""

_TOLD: Final = (
    "promise", "due_at", "at_risk", "level", "field", "disposition", "outcome", "recall", "correction", "decide_by",
    "through",
)  # fmt: skip
"""What of an entry's details is told; none of it says anything about a person."""


def read_events(words: Iterable[str]) -> list[str]:
    """The events of these names, each once, in their own order.

    Raises:
        Invalid: if there is none, or one is unknown.
    """
    named = set(words)
    unknown = sorted(named - set(EVENTS))
    if unknown:
        raise Invalid("events", f"has {unknown[0]!r}; there are {', '.join(EVENTS)}")
    if not named:
        raise Invalid("events", "is empty; choose at least one")
    return [event for event in EVENTS if event in named]


def told_event(
    kind: str, at: datetime, case: Mapping[str, Any], details: Mapping[str, Any], phone: str | None = None
) -> dict[str, Any]:
    """The event as other systems get it; the same entry always gives the same.

    Args:
        kind: of the entry.
        case: what names the case.
        details: of the entry; empty once it was erased.
        phone: the customer's number, for who is to get it.
    """
    data: dict[str, Any] = {"case": dict(case), "entry": kind}
    data |= {name: details[name] for name in _TOLD if details.get(name) is not None}
    if phone is not None:
        data["customer"] = {"phone": phone or None}
    instant = at.isoformat(timespec="microseconds").replace("+00:00", "Z")
    return {"type": EVENT_OF[kind], "timestamp": instant, "data": data}
