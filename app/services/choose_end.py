"""A contract ends later than at once, only because the caller chose that (Decreto 11.034/2022 art. 14)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from babel import Locale

from app.ivr.flow import phrase_of
from app.ivr.turn import Known
from app.models.cancellation import terms_at
from app.models.journal import note
from app.services.cancel_contract import at_hand
from app.services.office import CallAtHand, Details

ENDS: Final = ("at_once", "period", "day")
_LONGEST: Final = timedelta(days=366)


def read_day(said: str, language: str, today: date) -> date | None:
    """The next such day, keyed as day and month (and year), or said with the name of the month; None if it is none.

    Args:
        today: the local day; the day must come after it and within a year.

    Example:
        >>> read_day("0112", "en", date(2026, 3, 2))
        datetime.date(2026, 12, 1)
        >>> read_day("1 de dezembro", "pt-BR", date(2026, 3, 2))
        datetime.date(2026, 12, 1)
    """
    months = Locale.parse(language, sep="-").months["format"]["wide"]
    named = {" ".join(phrase_of(name)): number for number, name in months.items()}
    month = next((named[word] for word in phrase_of(said) if word in named), None)
    numbers = re.findall(r"\d+", said)
    if month is not None and numbers:
        day = int(numbers[0])
    else:
        digits = "".join(numbers)
        if len(numbers) >= 2 and len(numbers[0]) <= 2 and len(numbers[1]) <= 2:
            day, month = int(numbers[0]), int(numbers[1])
        elif len(digits) in (4, 6, 8):
            day, month = int(digits[:2]), int(digits[2:4])
        else:
            return None
    for year in (today.year, today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if today < found <= today + _LONGEST:
            return found
    return None


def understand_day(call: CallAtHand, details: Details) -> Known:
    """Read the day a caller wants the contract to end on.

    Returns:
        `cancel_answer` (understood, no) and `end_on`, to be confirmed.
    """
    today = call.now.astimezone(call.hotline.zone).date()
    found = read_day(str(details.get("given") or ""), call.position.language, today)
    if found is None:
        return {"cancel_answer": "no", "end_on": ""}
    return {"cancel_answer": "understood", "end_on": found.isoformat()}


def choose_end(call: CallAtHand, details: Details) -> Known:
    """Set when the contract ends, with the caller's consent, which is the key that was pressed for it.

    Args:
        details: `given` is at_once, period (what is paid for) or day (the one that was confirmed).

    Returns:
        `cancel_answer`, and `ends` and `ends_on` as they stand now.
    """
    found = at_hand(call)
    if found is None:
        return {"cancel_answer": "no"}
    case, cancellation = found
    given = str(details.get("given"))
    ends = given if given in ENDS else "at_once"
    chosen = {"period": terms_at(call.vault, cancellation).get("paid_until"), "day": call.position.known.get("end_on")}
    on = date.fromisoformat(str(chosen[ends])) if chosen.get(ends) else None
    if ends == "day" and on is None:
        ends = "at_once"
    cancellation.ends, cancellation.ends_on = ends, on
    cancellation.ends_chosen_at = call.now if ends != "at_once" else None
    cancellation.is_changed = True
    told = on.isoformat() if on else ""
    note(call.session, call.vault, case, "end_chosen", "customer", call.now, ends=ends, on=told)
    return {"cancel_answer": "done", "ends": ends, "ends_on": told}
