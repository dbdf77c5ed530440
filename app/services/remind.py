"""Reminders: planned with a promise, said to our own people while it can still be kept, each exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.business_hours import opening_spans
from app.domain.errors import Conflict, NotFound
from app.domain.hotline import Hotline
from app.domain.role import Role
from app.models.journal import note, queue_out
from app.models.outbox import LETTER
from app.models.promise import Promise
from app.models.ready import look_all
from app.models.reminder import Reminder, is_unsaid
from app.models.staff import Staff
from app.models.upsert import insert_absent
from app.promising.reminders import Level, moments
from app.services.carry_effects import text_slots
from app.services.one_by_one import one_by_one
from app.services.rescue import rescue
from app.services.set_desk import ways_of
from app.services.take_turn import Switchboard

_AT_ONCE = 50
_KIND = {Level.OWNER: "reminded", Level.SUPERVISOR: "escalated"}
_TEXT = {Level.OWNER: "text.staff.reminder", Level.SUPERVISOR: "text.staff.escalation"}


def plan_reminders(session: orm.Session, promise: Promise, hotline: Hotline) -> None:
    """Write down when each level is to be reminded of a promise; once per promise and level."""
    days = (promise.latest_start_at - promise.made_at).days + 2
    opening = tuple(opening_spans(hotline, promise.made_at, days))
    planned = moments(promise.made_at, promise.latest_start_at, opening, at_risk=promise.at_risk)
    for level, due_at in planned.items():
        values: dict[str, Any] = {"promise_id": promise.id, "level": level.value, "due_at": due_at, "told": []}
        insert_absent(session, Reminder, values, ("promise_id", "level"))


_DUE: Final = (
    sa.select(Reminder.id)
    .where(
        Reminder.promise_id.in_(sa.select(Promise.id).where(Promise.status == "open")),
        is_unsaid(),
        Reminder.due_at <= sa.bindparam("now"),
    )
    .order_by(Reminder.due_at, Reminder.id)
    .limit(_AT_ONCE)
)


def say_reminders(board: Switchboard, *, now: datetime, by_mail: bool = False) -> int:
    """Say what is due, of promises that are still open; gives how many were said, by this process.

    Args:
        by_mail: whether the office has a mail server.
    """
    due = look_all(board.database, _DUE, now=now)
    return one_by_one(due, lambda reminder_id: _say(board, reminder_id, now, by_mail=by_mail))


def _say(board: Switchboard, reminder_id: int, now: datetime, *, by_mail: bool) -> bool:
    with board.database.sessions.begin() as session:
        taken = session.scalar(
            sa.update(Reminder)
            .where(Reminder.id == reminder_id, Reminder.said_at.is_(None))
            .values(said_at=now)
            .returning(Reminder.id)
        )
        if taken is None:
            return False
        reminder = session.get_one(Reminder, reminder_id)
        promise, level = reminder.promise, Level(reminder.level)
        hotline = board.hotline_named(promise.hotline)
        people = _whom(session, promise, level)
        reminder.told = [person.id for person in people]
        found = rescue(session, board.vault, promise, hotline, now=now)
        who = [agent.name for agent in found.agents] if found.is_possible(now, promise.due_at) else []
        note(
            session, board.vault, promise.case, _KIND[level], "clock", now,
            promise=promise.id, to=[person.name for person in people], rescuers=who,
        )  # fmt: skip
        for person in people:
            if level is Level.SUPERVISOR or not person.available:
                _tell(board, session, promise, hotline, level, person, who, now, by_mail=by_mail)
    return True


def _whom(session: orm.Session, promise: Promise, level: Level) -> Sequence[Staff]:
    """Whom this level reaches: never nobody, as long as anybody leads the office."""
    owner = promise.owner_id or promise.case.owner_id
    employed = session.scalars(sa.select(Staff).where(Staff.disabled_at.is_(None)).order_by(Staff.id)).all()
    people: Sequence[Staff] = ()
    if level is Level.OWNER:
        people = [person for person in employed if person.id == owner] or [
            person for person in employed if person.available and promise.language in person.languages
        ]
    for role in (Role.SUPERVISOR, Role.ADMIN):
        people = people or [person for person in employed if person.role == role]
    return people


def _tell(
    board: Switchboard,
    session: orm.Session,
    promise: Promise,
    hotline: Hotline,
    level: Level,
    person: Staff,
    who: Sequence[str],
    now: datetime,
    *,
    by_mail: bool,
) -> None:
    """To who is not sitting at the desk, by the ways they chose: a case number and a time, nothing of the customer.

    Whoever chose a way that does not lead to them is told by the other.
    """
    words = board.present.words
    language = next((code for code in person.languages if code in words.languages), hotline.main_language)
    case = promise.case
    slots = {**text_slots(hotline, case), "due": promise.due_at.isoformat(), "who": ", ".join(who)}
    slots["page"] = f"{board.public_url}/desk/cases/{case.protocol}"

    def say(prompt: str) -> str:
        return words.text(language, prompt, slots, now=now, zone=hotline.zone)

    key, ways, body = f"{promise.key}:{_TEXT[level]}:{person.id}", ways_of(person), say(_TEXT[level])
    if person.phone and ("text" in ways or not by_mail):
        text = {"to": person.phone, "from": hotline.numbers[0], "body": body}
        queue_out(session, board.vault, key=key, kind="text", at=now, payload=text)
    if by_mail and ("email" in ways or not person.phone):
        letter = {
            "to": person.email,
            "from": hotline.company.email,
            "from_name": hotline.company.name,
            "subject": say("letter.staff.subject"),
            "body": f"{body}\n\n{say('letter.staff.page')}\n",
            "language": language,
        }
        queue_out(session, board.vault, key=f"{key}:letter", kind=LETTER, at=now, payload=letter)


def see_reminder(session: orm.Session, reminder_id: int, staff: Staff, *, now: datetime) -> None:
    """Somebody says that they saw a reminder; it is then shown to nobody any more.

    Raises:
        NotFound: if there is no such reminder, or it was not said to them.
        Conflict: if it was seen already.
    """
    reminder = session.get(Reminder, reminder_id)
    if reminder is None or staff.id not in reminder.told:
        raise NotFound("reminder")
    seen = session.scalar(
        sa.update(Reminder)
        .where(Reminder.id == reminder_id, Reminder.seen_at.is_(None))
        .values(seen_at=now, seen_by=staff.id)
        .returning(Reminder.id)
    )
    if seen is None:
        raise Conflict("somebody has seen this reminder already; nothing was changed")
