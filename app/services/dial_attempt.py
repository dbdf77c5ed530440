"""The network between two transactions: an intent is dialled, then what came of it is written down.

Whoever dies in between leaves an attempt without a network id. `reconcile_attempts` asks the network about it before
anybody is rung again, because dialling cannot be repeated safely: the network does not recognize a repetition.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy import orm

from app.domain.clock import Clock
from app.domain.errors import NetworkRefused, NetworkUnknown
from app.domain.promise import AttemptResult
from app.domain.telephone import is_softphone
from app.models.journal import order_hang_up
from app.models.staff import Staff
from app.services.bridge_call import advance, find_attempt
from app.services.end_contact import end_contact
from app.services.end_leg import end_with, hotline_of
from app.services.softphone import give_up_softphone
from app.services.start_attempts import Intent
from app.services.take_turn import Switchboard
from app.telephony.port import Phone

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Graces:
    """How long the clock waits before it doubts something; the machine's time."""

    lease: timedelta = timedelta(seconds=30)  # a claim, between the intent and its attempt's first sign of life
    ask: timedelta = timedelta(seconds=15)  # an intent without an id is looked for at the network
    give_up: timedelta = timedelta(seconds=60)  # not found by then: it was never dialled
    silent: timedelta = timedelta(seconds=90)  # an attempt without news is asked about


def dial(board: Switchboard, phone: Phone, intent: Intent, graces: Graces, *, clock: Clock, wall: Clock) -> None:
    """Ring whom an intent names and write down what the network said.

    A process that has slept past its lease does not dial: others may have taken over. If it falls asleep later than
    that check, its leg is ended as soon as anybody learns of it, and until then hears that there is nothing for it.
    """
    if wall.now() - intent.wall_at > graces.lease:
        _log.warning("an intent is too old to be dialled", attempt=intent.attempt_key)
        return
    base, key = board.public_url, intent.attempt_key
    is_agent = intent.leg == "agent"
    try:
        network_id = phone.dial(
            intent.phone,
            from_number=intent.hotline_number,
            answer_url=f"{base}/voice/{intent.leg}/{key}",
            status_url=f"{base}/voice/leg/{key}" if is_agent else f"{base}/voice/{intent.leg}/{key}/status",
            ring_seconds=intent.ring_seconds,
            detects_machine=not is_agent,
        )
    except NetworkUnknown:
        _log.warning("no answer about a dial; the network will be asked", attempt=intent.attempt_key)
        return
    except NetworkRefused as refusal:
        _log.warning("dial refused", attempt=intent.attempt_key, code=refusal.code, permanent=refusal.permanent)
        _refused(board, intent, refusal, clock, wall)
        return
    with board.database.sessions.begin() as session:
        _write_placed(board, session, intent.attempt_key, network_id, clock.now(), wall.now())


def _write_placed(
    board: Switchboard, session: orm.Session, key: str, network_id: str, now: datetime, wall_now: datetime
) -> None:
    if advance(session, key, "placed", network_id=network_id, wall_at=wall_now):
        return
    # A webhook was faster, which is fine; or the attempt was given up meanwhile, or has another leg.
    attempt = find_attempt(session, key)
    if attempt is None or attempt.network_id == network_id:
        return
    _log.warning("a leg that came too late is ended", attempt=key)
    order_hang_up(session, board.vault, network_id, now)


def _refused(board: Switchboard, intent: Intent, refusal: NetworkRefused, clock: Clock, wall: Clock) -> None:
    with board.database.sessions.begin() as session:
        attempt = find_attempt(session, intent.attempt_key)
        if attempt is None:
            return
        if attempt.contact_id is not None:
            hotline, hopeless = hotline_of(board, session, attempt), refusal.permanent
            now, wall_now = clock.now(), wall.now()
            end_contact(session, attempt, hotline, None, now=now, wall_now=wall_now, is_hopeless=hopeless)
            return
        end_with(board, session, attempt, AttemptResult.NETWORK_REFUSED, clock.now(), wall.now())
        if refusal.permanent:
            # Ringing this telephone can never succeed; another one or others must do until somebody mends it.
            if is_softphone(intent.phone):
                give_up_softphone(session, attempt.staff_id)
            else:
                session.execute(sa.update(Staff).where(Staff.id == attempt.staff_id).values(available=False))
