"""A matter that came by another door than the telephone: a form of the web site, a letter, a chat (T4)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import orm

from app.compliance.whereabouts import whereabouts
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.models.case import Case
from app.models.journal import note
from app.models.new_case import add_case
from app.models.vault import Vault
from app.services.suspend_charge import suspend_charge

KINDS: Final = ("complaint", "recall", "information")
"""What can be filed so; a cancellation takes effect at an instant that only the flows and agents put down."""


def file_case(
    session: orm.Session,
    vault: Vault,
    hotline: Hotline,
    *,
    kind: str,
    channel: str,
    language: str,
    number: PhoneNumber | None,
    facts: Mapping[str, object],
    actor: str,
    now: datetime,
) -> Case:
    """Put it on record, with what follows from it as in a call: danger goes first, an undue charge is suspended (S6).

    Args:
        number: where the customer can be called; None if they gave none.
        facts: of complainant and matter, by dotted name.
        actor: who files it.

    Raises:
        LawUnknown: if no rule is in force where the customer may be.
    """
    is_grave = facts.get("matter.injury") is True
    case = add_case(
        session,
        vault,
        hotline,
        kind=kind,
        channel=channel,
        language=language,
        source="api",
        source_id=secrets.token_urlsafe(12),
        received_by=channel,
        severity="safety" if is_grave else "normal",
        facts={
            "matter.company": hotline.company.name,
            "matter.demand_type": kind,
            "assessment.jurisdiction": whereabouts(number, hotline).jurisdictions[0],
            "complainant.phone": number.e164 if number else None,
            **facts,
        },
        now=now,
    )
    note(session, vault, case, "received", actor, now, kind=kind, channel=channel)
    if is_grave:
        note(session, vault, case, "severity", actor, now, level="safety")
    if facts.get("matter.undue_charge") is True:
        suspend_charge(session, vault, case, hotline, "", actor=actor, now=now)
    return case
