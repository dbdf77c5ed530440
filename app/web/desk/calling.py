"""One click rings; the page of the call tells how it stands, and ends it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa
from flask import Blueprint, render_template, request, url_for
from sqlalchemy import orm
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.analytics.case_file import case_files
from app.analytics.promise_queue import case_of_attempt
from app.domain.call import LegStatus
from app.domain.errors import Conflict, NetworkFailure, NetworkRefused, NotAllowed, NotFound
from app.domain.role import Permission
from app.domain.telephone import address_of
from app.models.promise import Attempt, Promise
from app.models.staff import Staff, can_be_rung
from app.services.call_now import call_now
from app.services.dial_attempt import Graces, dial
from app.services.end_leg import hotline_of
from app.services.hold_call import ask_no_more, ask_to_take_over, begin_hold, end_hold
from app.services.reconcile_attempts import look_at
from app.telephony.port import FoundLeg
from app.web.access import needs
from app.web.auth import own_path, staff
from app.web.desk.cases import matter
from app.web.desk.queue import listed
from app.web.webhooks.gate import runtime

_LEASE: Final = Graces().lease


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/promises/<int:promise_id>/call", view_func=call, methods=["POST"])
    bp.add_url_rule("/calls/<key>", view_func=live)
    bp.add_url_rule("/calls/<key>/hold", view_func=hold, methods=["POST"])
    bp.add_url_rule("/calls/<key>/resume", view_func=resume, methods=["POST"])
    bp.add_url_rule("/calls/<key>/transfer", view_func=transfer, methods=["POST"])
    bp.add_url_rule("/calls/<key>/hang-up", view_func=hang_up, methods=["POST"])


@needs(Permission.WORK)
def call(promise_id: int) -> Response:
    """Ring the agent who clicked, then the customer; the page of the call is where both clicks of two lead."""
    rt = runtime()
    begun = call_now(
        rt.board,
        promise_id,
        staff().id,
        now=rt.clock.now(),
        wall_now=rt.wall.now(),
        lease=_LEASE,
        per_second=rt.settings.calls_per_second,
    )
    if begun.intent is not None:
        dial(rt.board, rt.phone(), begun.intent, Graces(), clock=rt.clock, wall=rt.wall)
    if begun.attempt_key is None:
        with rt.database.reads() as session:
            protocol = session.get_one(Promise, promise_id).case.protocol
        return redirect(url_for("desk.case", protocol=protocol), 303)
    return redirect(url_for("desk.live", key=begun.attempt_key), 303)


@needs(Permission.WORK)
def live(key: str) -> str:
    rt = runtime()
    with rt.database.reads() as session:
        attempt = _own(session, key)
        case = case_of_attempt(session, attempt)
        values: dict[str, Any] = {
            **listed(session),
            "attempt": attempt,
            "file": None,
            "lasts": _lasts(attempt),
            "others": _others(session),
        }
        if case is not None:
            file = case_files(session, rt.vault, rt.board.turns, [case], now=rt.clock.now())[0]
            values |= matter(session, file)
        return render_template("desk/call.html", **values)


@needs(Permission.WORK)
def hang_up(key: str) -> Response:
    """End the agent's leg, and with it the call.

    That it has ended the network tells; but of a leg that waits for its turn to ring it reports nothing.
    """
    rt = runtime()
    with rt.database.reads() as session:
        attempt = _own(session, key)
        network_id, stage = attempt.network_id, attempt.stage
    if stage == "ended":
        raise Conflict("this call has ended already")
    if network_id is None:
        raise Conflict("your telephone is not ringing yet; try again in a moment")
    rt.phone().hang_up(network_id)
    if stage in ("intended", "placed"):
        look_at(rt.board, key, FoundLeg(network_id, LegStatus.CANCELED, None, None), rt.clock, rt.wall)
    return _back(key)


@needs(Permission.WORK)
def hold(key: str) -> Response:
    """Let the customer wait; written down first, then ordered. If the network refuses, they stay together."""
    rt = runtime()
    with rt.database.sessions.begin() as session:
        leg = begin_hold(session, _own(session, key), now=rt.clock.now())
    try:
        rt.phone().redirect(leg, f"{rt.board.public_url}/voice/hold/{key}")
    except NetworkRefused:
        with rt.database.sessions.begin() as session:
            end_hold(session, _own(session, key))
        raise
    return _back(key)


@needs(Permission.WORK)
def resume(key: str) -> Response:
    """Take the customer back."""
    rt = runtime()
    with rt.database.sessions.begin() as session:
        attempt = _own(session, key)
        waits, leg = end_hold(session, attempt), attempt.network_id
    if waits and leg is not None:
        rt.phone().redirect(leg, f"{rt.board.public_url}/voice/hold/{key}/agent")
    return _back(key)


@needs(Permission.WORK)
def transfer(key: str) -> Response:
    """Ask a colleague to take over the customer on hold; nothing changes until they say yes."""
    rt = runtime()
    number = request.form.get("to", "")
    with rt.database.sessions.begin() as session:
        attempt = _own(session, key)
        named = (
            session.get(Staff, int(number)) if number.isascii() and number.isdecimal() and len(number) < 10 else None
        )
        to = ask_to_take_over(session, attempt, named)
        hotline = hotline_of(rt.board, session, attempt)
        staff_id, address = to.id, address_of(to, rt.wall.now())
        if not address:
            raise Conflict(f"the telephone of {to.name} is closed at this moment; nothing was changed")
    base = f"{rt.board.public_url}/voice/hold/{key}/colleague"
    try:
        rt.phone().dial(
            address,
            from_number=hotline.numbers[0],
            answer_url=base,
            status_url=f"{base}/{staff_id}/status",
            ring_seconds=hotline.callback.ring_seconds,
        )
    except NetworkFailure:
        with rt.database.sessions.begin() as session:
            ask_no_more(session, _own(session, key), staff_id)
        raise
    return _back(key)


def _own(session: orm.Session, key: str) -> Attempt:
    """An attempt of who asks; supervisors do not press the keys of others either.

    Raises:
        NotFound: if there is none.
        NotAllowed: if it is somebody else's.
    """
    attempt = session.scalar(sa.select(Attempt).where(Attempt.key == key))
    if attempt is None:
        raise NotFound("call")
    if attempt.staff_id != staff().id:
        raise NotAllowed("see somebody else's call here")
    return attempt


def _others(session: orm.Session) -> list[Staff]:
    """Who could take a call over at this moment."""
    at_work = (can_be_rung(), Staff.engaged_with.is_(None))
    return list(session.scalars(sa.select(Staff).where(*at_work, Staff.id != staff().id).order_by(Staff.name)))


def _lasts(attempt: Attempt) -> timedelta | None:
    """How long the customer and the agent have been together; None if they are not, or not any more."""
    if attempt.bridged_at is None or attempt.ended_at is not None:
        return None
    return runtime().clock.now() - attempt.bridged_at


def _back(key: str) -> Response:
    return redirect(own_path(request.form.get("next")) or url_for("desk.live", key=key), 303)
