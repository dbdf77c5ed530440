"""Whether a caller must be asked before a recording, or told of it."""

from __future__ import annotations

from datetime import date

from app.compliance.law import ConsentMode
from app.compliance.statute_book import statute_book


def consent_mode(*jurisdictions: str, on: date) -> ConsentMode:
    """How a call is recorded lawfully under all these jurisdictions.

    Fails closed: one that wants to be asked, one that we do not know, one without a rule in force, or none at all
    means asking.

    Args:
        on: the day of the call.
    """
    modes = {_mode(jurisdiction, on) for jurisdiction in jurisdictions}
    return ConsentMode.ANNOUNCE if modes == {ConsentMode.ANNOUNCE} else ConsentMode.ASK


def _mode(jurisdiction: str, on: date) -> ConsentMode:
    law = statute_book().get(jurisdiction)
    found = law.recording_consent.on(on) if law is not None else None
    return found.value if found is not None else ConsentMode.ASK
