"""Until when a recording, a case or a call is kept: the law of its hotline and of its caller, applied to its dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from app.compliance.retention import Keep, keep_case, keep_recording
from app.compliance.whereabouts import whereabouts
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.models.call import Call
from app.models.case import Case
from app.models.records import phone_of
from app.models.vault import Vault

HotlineNamed = Callable[[str], Hotline]


def keep_recordings_of(vault: Vault, hotline_named: HotlineNamed, call: Call) -> Keep:
    """How long the recordings of a call are kept.

    Raises:
        LawUnknown: if a jurisdiction has no rule in force.
    """
    hotline = hotline_named(call.hotline)
    return keep_recording(_laws(hotline, _caller(vault, call)), call.started_at, hotline.zone)


def keep_call(vault: Vault, hotline_named: HotlineNamed, call: Call) -> Keep | None:
    """How long a call is kept: as long as a case that was solved when it ended; None while it lasts."""
    hotline = hotline_named(call.hotline)
    return keep_case(_laws(hotline, _caller(vault, call)), call.ended_at, hotline.zone)


def keep_matter(vault: Vault, hotline_named: HotlineNamed, case: Case) -> Keep | None:
    """How long a case is kept; None while it is not closed."""
    hotline = hotline_named(case.hotline)
    return keep_case(_laws(hotline, phone_of(vault, case)), case.closed_at, hotline.zone)


def day_of_deletion(keep: Keep) -> date:
    """The local day on which something goes: in time where a law names a last day, else as soon as it may."""
    if keep.not_after is None:
        return keep.not_before
    return max(keep.not_before, keep.not_after - timedelta(days=1))


def is_due(day: date | None, hotline: Hotline, now: datetime) -> bool:
    """Whether a day of deletion has come, where the hotline is."""
    return day is not None and day <= now.astimezone(hotline.zone).date()


def _caller(vault: Vault, call: Call) -> str:
    return str(vault.open(call.caller, f"calls:caller:{call.key}"))


def _laws(hotline: Hotline, phone: str) -> tuple[str, ...]:
    return whereabouts(PhoneNumber(phone) if phone else None, hotline).jurisdictions
