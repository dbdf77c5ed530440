"""What of one person may be erased now, and what a law, a legal hold or a call under way still keeps."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from app.compliance.retention import Keep
from app.models.call import Call, Recording
from app.models.case import Case
from app.models.keeping import held_cases
from app.models.vault import Vault
from app.services.terms_of_keeping import HotlineNamed, day_of_deletion, is_due, keep_matter, keep_recordings_of


@dataclass(frozen=True, slots=True)
class Stays:
    """Something that may not be erased yet."""

    what: str  # case <protocol>, recording <network id>, call <network id>
    why: str
    until: str | None  # a day; None: until a hold is lifted, a matter closed, a call over
    for_good: bool = False  # it stays, and the request is done all the same


@dataclass(slots=True)
class Erasure:
    """What one round erased, and what stays."""

    counts: Counter[str] = field(default_factory=Counter)
    protocols: list[str] = field(default_factory=list)
    stays: list[Stays] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left to be erased later."""
        return all(each.for_good for each in self.stays)


def matters_to_erase(
    session: orm.Session, vault: Vault, hotline_named: HotlineNamed, index: str, erasure: Erasure, now: datetime
) -> tuple[list[Case], list[Call]]:
    """The cases and calls that may be emptied now; what stays is noted."""
    own = session.scalars(sa.select(Call).where(Call.caller_index == index)).all()
    theirs = sa.or_(Case.phone_index == index, Case.call_key.in_([call.key for call in own]))
    held, cases, needed = held_cases(session), [], set()
    for case in session.scalars(sa.select(Case).where(theirs).order_by(Case.id)):
        stays = _why_case_stays(vault, hotline_named, case, held, now)
        if stays is None:
            cases.append(case)
        else:
            erasure.stays.append(stays)
            needed.add(case.call_key)
    calls = []
    for call in own:
        if call.settled_at is None:
            erasure.stays.append(Stays(f"call {call.network_id}", "the call still lasts", None))
        elif call.key not in needed:
            calls.append(call)
    return cases, calls


def _why_case_stays(
    vault: Vault, hotline_named: HotlineNamed, case: Case, held: set[int], now: datetime
) -> Stays | None:
    if case.id in held:
        return Stays(f"case {case.protocol}", "a legal hold stands on it", None)
    hotline = hotline_named(case.hotline)
    if case.closed_at is None:
        # Not closed: what the law would say if it were closed today tells whether a law obliges us at all.
        case_closed = Case(hotline=case.hotline, key=case.key, phone=case.phone, closed_at=now)
        keep = keep_matter(vault, hotline_named, case_closed)
        return _by_law(f"case {case.protocol}", keep, None) if keep else None
    keep = keep_matter(vault, hotline_named, case)
    if keep is None or is_due(keep.not_before, hotline, now):
        return None
    return _by_law(f"case {case.protocol}", keep, keep.not_before.isoformat())


def _by_law(what: str, keep: Keep, until: str | None) -> Stays | None:
    """A duty of the law goes before a request to erase; a rule of the house does not."""
    return None if keep.citation.is_house_rule else Stays(what, keep.citation.text, until)


def recordings_to_erase(
    session: orm.Session,
    vault: Vault,
    hotline_named: HotlineNamed,
    calls: list[Call],
    erasure: Erasure,
    now: datetime,
) -> list[str]:
    """The network's ids of the recordings of these calls that may go now; what stays is noted."""
    found = []
    for call in calls:
        keep = keep_recordings_of(vault, hotline_named, call)
        rows = sa.select(Recording.network_id).where(Recording.call_key == call.key, Recording.status == "completed")
        for network_id in session.scalars(rows):
            due = is_due(keep.not_before, hotline_named(call.hotline), now)
            stays = None if due else _by_law(f"recording {network_id}", keep, day_of_deletion(keep).isoformat())
            if stays is None:
                found.append(network_id)
            else:
                erasure.stays.append(stays)
    return found
