"""What a caller is told about the hours of a hotline beyond those of every week (S2, T3)."""

from __future__ import annotations

from typing import Any, Final

from app.domain.business_hours import is_open, next_opening
from app.domain.closed_days import SpecialDay, special_day, special_days
from app.ivr.nodes.hours import lines_of_week
from app.ivr.turn import Known
from app.services.office import CallAtHand, Details, told_in

_MOST: Final = 3  # days told of, so that the answer stays short


def tell_hours(call: CallAtHand, _details: Details) -> Known:
    """The days of the next week with hours of their own.

    Returns:
        `special_days`: for each its day, why, and when it opens and closes, "" if it does not.
    """
    days = list(special_days(call.hotline, call.now, call.position.language))
    return {"special_days": [_told(each) for each in days[:_MOST]]}


def why_nobody_is_there(call: CallAtHand) -> Known:
    """Why a hotline is closed now, and from when on somebody is there again; nothing of it while it is open.

    Returns:
        `closed_because` and `opens_at`, "" where there is nothing to tell.
    """
    if is_open(call.hotline, call.now):
        return {"closed_because": "", "opens_at": ""}
    today = call.now.astimezone(call.hotline.zone).date()
    special = special_day(call.hotline, today, call.position.language)
    opens_at = next_opening(call.hotline, call.now)
    return {
        "closed_because": special.why if special is not None and not special.hours else "",
        "opens_at": opens_at.isoformat() if opens_at is not None else "",
    }


def hours_in_writing(call: CallAtHand) -> str:
    """The hours of every week for a text message."""
    weekly: Any = call.position.known.get("opening", [])
    said = lines_of_week(weekly, day="hours_day", days="hours_days")
    zone, language = told_in(call.position.known, call.hotline), call.position.language
    return " ".join(
        call.words.text(language, each.prompt, each.slots, now=call.now, zone=zone, style="texted") for each in said
    )


def _told(special: SpecialDay) -> str:
    opens, closes = special.hours[0] if special.hours else ("", "")
    times = (f"{opens:%H:%M}", f"{closes:%H:%M}") if opens and closes else ("", "")
    return "|".join((special.day.isoformat(), special.why, *times))
