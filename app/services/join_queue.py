"""A caller wants a human: is there one to wait for, and the place in the queue while they wait."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from app.domain.business_hours import is_open
from app.ivr.turn import Known, Queue, Turn
from app.models.call import Wait
from app.models.found import find_by_id
from app.models.holds import hold, let_go
from app.models.ready import ask, ask_one
from app.models.staff import people
from app.services.name_queue import own_queue_of, queue_name
from app.services.office import CallAtHand, Details
from app.services.open_case import case_at_hand, open_case
from app.services.recall_in_call import due_notice
from app.services.tell_hours import why_nobody_is_there

_WAITING: Final = (
    sa.select(sa.func.count())
    .select_from(Wait)
    .where(
        Wait.hotline == sa.bindparam("hotline"),
        Wait.status == "waiting",
        sa.func.coalesce(Wait.own_queue, "") == sa.bindparam("own_queue"),
    )
)


def find_human(call: CallAtHand, details: Details) -> Known:
    """Whether somebody can be waited for: within opening hours, or at any hour when somebody is in danger.

    Returns:
        `human`: open or closed. Closed leads to a promise, so a caller never waits for nobody; so does whoever writes,
        who cannot be put through. With it, outside the hours, `closed_because` and `opens_at`. It is notice instead of
        open if the caller must first hear of a recall, with what is said about it.
    """
    if call.is_by_text:
        return {"human": "closed", "closed_because": "", "opens_at": ""}
    urgent = details.get("urgent") == "yes"
    closed = {"human": "closed", **why_nobody_is_there(call)}
    if not urgent and not is_open(call.hotline, call.now):
        return closed
    kind = str(call.position.known.get("case_kind", ""))
    own = own_queue_of(call.hotline, call.position.known, urgent=urgent)
    waiting = ask_one(call.session, _WAITING, hotline=call.hotline.name, own_queue=own or "")
    if not urgent and waiting >= call.hotline.queue.max_waiting:
        return closed
    if not people(call.session, call.position.language, own or kind, on_duty=True):
        return closed
    notice = due_notice(call, {"to": "ask"})
    return {**notice, "human": "notice" if notice.get("safety") == "due" else "open"}


_WAIT_OF: Final = sa.select(Wait.call_key).where(Wait.call_key == sa.bindparam("call_key"))


def join_queue(call: CallAtHand, turn: Turn) -> None:
    """Write down that the caller waits, if this turn sends them into the queue, and about which case.

    What they were promised is held while they wait, so that nobody rings them; it stands again if they leave unserved.
    """
    if not isinstance(turn.wait, Queue):
        if ask(call.session, _WAIT_OF, call_key=call.call_key):
            let_go(call.session, call.call_key)
        return
    wait = find_by_id(call.session, Wait, call.call_key)
    if call.position.known.get("outreach"):  # so that whoever picks up knows what it is about
        open_case(call, {"kind": "recall"})
    case = case_at_hand(call)
    case_id = case.id if case else None
    own_queue = own_queue_of(call.hotline, turn.position.known, urgent=turn.wait.urgent)
    queue = queue_name(call.hotline, turn.position, urgent=turn.wait.urgent)
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
                own_queue=own_queue,
                case_id=case_id,
            )
        )
    else:  # back in the queue: it is a new wait, which nobody has answered or ended yet
        wait.status, wait.queue, wait.urgent, wait.language = "waiting", queue, turn.wait.urgent, call.position.language
        wait.joined_at, wait.heard, wait.answered_at, wait.ended_at = call.now, 0, None, None
        wait.own_queue, wait.case_id = own_queue, case_id
    phone_index = call.vault.index(call.caller) if call.caller else None
    hold(call.session, call.call_key, case_id=case_id, phone_index=phone_index, wall_now=call.wall_now)
