"""A caller wants a human: is there one to wait for, and the place in the queue while they wait."""

from __future__ import annotations

import sqlalchemy as sa

from app.domain.business_hours import is_open
from app.ivr.turn import Known, Queue, Turn
from app.models.call import Wait
from app.models.staff import people
from app.services.office import CallAtHand, Details


def find_human(call: CallAtHand, details: Details) -> Known:
    """Whether somebody can be waited for: within opening hours, or at any hour when somebody is in danger.

    Returns:
        `human`: open or closed. Closed leads to a promise, so a caller never waits for nobody.
    """
    urgent = details.get("urgent") == "yes"
    if not urgent and not is_open(call.hotline, call.now):
        return {"human": "closed"}
    waiting = sa.select(sa.func.count()).where(Wait.hotline == call.hotline.name, Wait.status == "waiting")
    if not urgent and int(call.session.scalar(waiting) or 0) >= call.hotline.queue.max_waiting:
        return {"human": "closed"}
    kind = str(call.position.known.get("case_kind", ""))
    return {"human": "open" if people(call.session, call.position.language, kind, on_duty=True) else "closed"}


def join_queue(call: CallAtHand, turn: Turn) -> None:
    """Write down that the caller waits, if this turn sends them into the queue."""
    if not isinstance(turn.wait, Queue):
        return
    wait = call.session.get(Wait, call.call_key)
    suffix = "-urgent" if turn.wait.urgent else ""
    queue = f"{call.hotline.name}-{call.position.language}{suffix}"
    if wait is None:
        call.session.add(
            Wait(
                call_key=call.call_key,
                hotline=call.hotline.name,
                language=call.position.language,
                urgent=turn.wait.urgent,
                joined_at=call.now,
                status="waiting",
                queue=queue,
            )
        )
        return
    # Back in the queue: it is a new wait, which nobody has answered or ended yet.
    wait.status, wait.queue, wait.urgent, wait.language = "waiting", queue, turn.wait.urgent, call.position.language
    wait.joined_at, wait.heard, wait.answered_at, wait.ended_at = call.now, 0, None, None
